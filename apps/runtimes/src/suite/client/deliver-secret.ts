import { deliverSecret, deriveDeliveryId } from "@convai-secrets/client";
import QUnit from "qunit";
import { AUTHENTICATIONS, signed, withToken } from "../support/credentials.ts";
import { getSetting } from "../support/setting.ts";
import { generateName, injectFault, readUpstream } from "../support/upstream.ts";

/** Characters of two, three and four bytes in UTF-8, and characters that JSON escapes. */
const VALUE = 'hünter2 € \u{1f511} "\\\n\u2028';

QUnit.module("client deliverSecret");

for (const [way, options] of AUTHENTICATIONS) {
  QUnit.test(`stores the value unchanged, ${way}`, async (assert) => {
    const name = generateName();
    const delivered = await deliverSecret({ ...options(), name, value: VALUE });
    assert.propContains(delivered, { type: "stored", name, result: "created", attempts: 1 });
    const { secrets } = await readUpstream(name);
    assert.equal(secrets.length, 1);
    assert.propContains(secrets[0], { secret_id: delivered.secret_id, value: VALUE });
  });

  QUnit.test(`sends equal content as the same delivery, ${way}`, async (assert) => {
    const secret = { ...options(), name: generateName(), value: VALUE };
    const all = await Promise.all([1, 2, 3].map(() => deliverSecret(secret)));
    const again = await deliverSecret(secret);
    assert.equal(new Set([...all, again].map(({ secret_id }) => secret_id)).size, 1);
    assert.equal(again.result, "replayed");
    assert.equal((await readUpstream(secret.name)).posts, 1);
  });

  QUnit.test(`sends another id as another delivery, ${way}`, async (assert) => {
    const secret = { ...options(), name: generateName(), value: VALUE };
    for (const id of [`"${generateName()}"`, `\\${generateName()}`]) {
      assert.propContains(await deliverSecret({ ...secret, id }), { id, result: "created" });
      assert.propContains(await deliverSecret({ ...secret, id }), { id, result: "replayed" });
    }
    assert.equal((await readUpstream(secret.name)).secrets.length, 2);
  });

  QUnit.test(
    `stores one secret if ElevenLabs stores it and answers 502, ${way}`,
    async (assert) => {
      const name = generateName();
      await injectFault({ kind: "answer", status: 502, store: true, name });
      const { secret_id } = await deliverSecret({ ...options(), name, value: VALUE });
      const { secrets } = await readUpstream(name);
      assert.deepEqual(
        secrets.map((secret) => secret.secret_id),
        [secret_id],
      );
    },
  );
}

QUnit.test("a signed delivery has a derived id, one with a token does not", async (assert) => {
  const secret = { name: generateName(), value: VALUE };
  const id = await deriveDeliveryId(getSetting().signingSecret, secret);
  assert.propContains(await deliverSecret({ ...signed(), ...secret }), { id });
  assert.equal((await deliverSecret({ ...withToken(), ...secret })).id, undefined);
});

QUnit.test("the derived id of a delivery is the same on every runtime", async (assert) => {
  const signingSecret = `whsec_${btoa("\u0001".repeat(32))}`;
  const id = await deriveDeliveryId(signingSecret, { name: "CRM_TOKEN", value: VALUE });
  assert.equal(id, "derived_1JDetza5P0iOjtgsO0SJ9B7JyIuaioUvwikGfNCLi28");
});
