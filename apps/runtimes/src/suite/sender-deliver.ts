import { deliverSecret, deriveDeliveryId, type SenderOptions } from "@convai-secrets/client";
import { check, checkEqual, checkFields } from "./check.ts";
import type { Setting } from "./report.ts";
import type { Tests } from "./run.ts";
import { freshName, injectFault, readUpstream } from "./upstream.ts";

/** Letters of two, three and four bytes in UTF-8, and what JSON escapes. */
const VALUE = 'hünter2 € \u{1f511} "\\\n\u2028';

const signed = ({ worker, senderKey }: Setting): SenderOptions => ({ url: worker, senderKey });
const withToken = ({ worker, token }: Setting): SenderOptions => ({ url: worker, token });

/** What holds of a delivery through the real Worker, whoever sends it. */
function describeDeliveries(options: (setting: Setting) => SenderOptions): Tests {
  return {
    "stores the value as it is": async (setting) => {
      const name = freshName();
      const delivered = await deliverSecret({ ...options(setting), name, value: VALUE });
      checkFields(delivered, { type: "stored", name, replayed: false, attempts: 1 });
      const { secrets } = await readUpstream(setting, name);
      checkEqual(
        secrets.map(({ secret_id, value }) => ({ secret_id, value })),
        [{ secret_id: delivered.secret_id, value: VALUE }],
      );
    },

    "is the same delivery when it is sent again, also at once": async (setting) => {
      const secret = { ...options(setting), name: freshName(), value: VALUE };
      const all = await Promise.all([1, 2, 3].map(() => deliverSecret(secret)));
      all.push(await deliverSecret(secret));
      checkEqual(new Set(all.map(({ secret_id }) => secret_id)).size, 1);
      checkEqual(all.at(-1)?.replayed, true);
      checkEqual((await readUpstream(setting, secret.name)).posts, 1);
    },

    "is another delivery under another id": async (setting) => {
      const secret = { ...options(setting), name: freshName(), value: VALUE };
      for (const id of [`"${freshName()}"`, `\\${freshName()}`]) {
        checkFields(await deliverSecret({ ...secret, id }), { id, replayed: false });
        checkFields(await deliverSecret({ ...secret, id }), { id, replayed: true });
      }
      checkEqual((await readUpstream(setting, secret.name)).secrets.length, 2);
    },

    "stores one secret where ElevenLabs stores it and answers 502": async (setting) => {
      const name = freshName();
      await injectFault(setting, { kind: "answer", status: 502, store: true, name });
      const delivered = await deliverSecret({ ...options(setting), name, value: VALUE });
      const { secrets } = await readUpstream(setting, name);
      checkEqual(
        secrets.map(({ secret_id }) => secret_id),
        [delivered.secret_id],
      );
    },
  };
}

const named = (tests: Tests, way: string): Tests =>
  Object.fromEntries(Object.entries(tests).map(([title, test]) => [`${way}, ${title}`, test]));

export const senderDeliver: Tests = {
  ...named(describeDeliveries(signed), "signed"),
  ...named(describeDeliveries(withToken), "with a token"),

  "derives the same id on every runtime": async () => {
    const senderKey = `whsec_${btoa("\u0001".repeat(32))}`;
    const id = await deriveDeliveryId(senderKey, { name: "CRM_TOKEN", value: VALUE });
    checkEqual(id, "msg_rJEuIbrncTDJtafxcGNPpvYY59LjoZvkZkNJqe8hX_4");
  },

  "gives the id that it derived, and none where the Worker derives it": async (setting) => {
    const secret = { name: freshName(), value: VALUE };
    const id = await deriveDeliveryId(setting.senderKey, secret);
    checkFields(await deliverSecret({ ...signed(setting), ...secret }), { id });
    const delivered = await deliverSecret({ ...withToken(setting), ...secret });
    check(delivered.id === undefined, "there is no id");
  },
};
