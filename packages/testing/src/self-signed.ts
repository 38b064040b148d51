import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Creates a key and a self-signed certificate for `localhost`. */
export async function createCertificate(): Promise<{
  readonly key: string;
  readonly cert: string;
}> {
  const folder = await mkdtemp(join(tmpdir(), "convai-secrets-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-days", "1", "-nodes"];
  const algorithm = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const files = ["-keyout", key, "-out", cert];
  try {
    await promisify(execFile)("openssl", ["req", "-x509", ...algorithm, ...subject, ...files]);
    return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
  } finally {
    await rm(folder, { recursive: true });
  }
}
