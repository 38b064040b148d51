import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { askProgram, readExample, runExample } from "./run-example.ts";
import { AUDIENCE, CLAIMS, useIssuer } from "./use-issuer.ts";
import { expectNoSecret, expectStored, useStack, VALUE } from "./use-stack.ts";

const issuer = useIssuer();
const stack = useStack(() => issuer().rule);

/** The interpreter itself: on the PATH can be a script that needs more programs. */
const PYTHON = askProgram("python3", ["-c", "import sys; print(sys.executable)"]);

test("the CronJob sends the mounted value with its projected token, and each run is the same delivery", async () => {
  const [cronJob, account] = parseAllDocuments(await readExample("kubernetes.yml")).map(
    (document) => document.toJS(),
  );
  const pod = cronJob.spec.jobTemplate.spec.template.spec;
  const [container] = pod.containers;
  const projection = pod.volumes[0].projected.sources[0].serviceAccountToken;
  expect(projection.audience).toBe(AUDIENCE);
  const { namespace, name } = account.metadata;
  expect(CLAIMS.sub).toBe(`system:serviceaccount:${namespace}:${name}`);
  expect(pod.serviceAccountName).toBe(name);

  const token = await issuer().sign({ aud: projection.audience, ...CLAIMS });
  const variables = container.env.map((entry: { name: string; value: string }) => [
    entry.name,
    entry.value.replace(/^\/var\/run\/secrets\/(.*)\/token$/, "$1"),
  ]);
  const env = { ...Object.fromEntries(variables), CONVAI_SECRETS_URL: `${stack().url}/` };
  for (let run = 0; run < 2; run += 1) {
    const result = await runExample(["python3", "-c", container.command[2]], {
      files: { "convai-secrets": `${token}\n`, crm: `${VALUE}\n` },
      programs: ["python3"],
      paths: PYTHON === undefined ? {} : { python3: PYTHON },
      env,
    });
    expect(result.exitCode, result.stderr).toBe(0);
    expectStored(stack(), "CRM_TOKEN", VALUE, result.stdout.trim());
    expectNoSecret(result.stdout + result.stderr, stack());
    expect(result.commandLines + result.stdout + result.stderr).not.toContain(token);
  }
});
