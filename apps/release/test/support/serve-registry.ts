import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import type { PackedPackage } from "./pack.ts";

/** Serves a registry of these packages on a free port of the loopback interface. */
export async function serveRegistry(packages: readonly PackedPackage[]) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "").slice(1);
    const found = packages.find(({ tarball }) => path === `-/${basename(tarball)}`);
    if (found !== undefined) {
      createReadStream(found.tarball).pipe(response);
      return;
    }
    const document = describe(path, packages, `http://${request.headers.host}`);
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(document ?? { error: "not found" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** @see https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
function describe(name: string, packages: readonly PackedPackage[], origin: string) {
  const named = packages.filter(({ manifest }) => manifest.name === name);
  if (named.length === 0) return undefined;
  const versions = named.map(({ manifest, tarball, integrity }) => {
    const dist = { tarball: `${origin}/-/${basename(tarball)}`, integrity };
    return [manifest.version, { ...manifest, dist }];
  });
  const latest = named.at(-1)?.manifest.version;
  return { name, "dist-tags": { latest }, versions: Object.fromEntries(versions) };
}
