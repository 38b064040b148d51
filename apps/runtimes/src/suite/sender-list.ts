import {
  type Delivery,
  DeliveryError,
  deliverSecret,
  listDeliveries,
  type SenderOptions,
} from "@convai-secrets/client";
import { checkEqual, checkFields, failureOf } from "./check.ts";
import type { Setting } from "./report.ts";
import type { Tests } from "./run.ts";
import { script } from "./scripted.ts";
import { freshName } from "./upstream.ts";

const ways = ({ worker: url, senderKey, token }: Setting): SenderOptions[] => [
  { url, senderKey },
  { url, token },
];

const delivery = (id: string) => ({
  id,
  name: "A",
  state: "stored",
  secret_id: "sec_1",
  created_at: "2026-01-01T00:00:00.000Z",
  last_seen_at: "2026-01-01T00:00:00.000Z",
  attempts: 1,
});

export const senderList: Tests = {
  "gives what was delivered, newest first": async (setting) => {
    for (const options of ways(setting)) {
      const names = [1, 2, 3].map(freshName);
      for (const name of names) await deliverSecret({ ...options, name, value: "value" });
      const listed: Delivery[] = [];
      for await (const item of listDeliveries({ ...options, limit: 3 })) listed.push(item);
      checkEqual(
        listed.map(({ name }) => name),
        names.toReversed(),
      );
      checkFields(listed[0] ?? {}, { state: "stored", attempts: 1 });
    }
  },

  "goes on to the next page, and no further than asked": async (setting) => {
    const pages = [
      { body: { deliveries: [delivery("a"), delivery("b")], next: "9" } },
      { body: { deliveries: [delivery("c"), delivery("d")], next: "7" } },
    ];
    const { url, received } = await script(setting, pages);
    const ids: string[] = [];
    for await (const { id } of listDeliveries({ url, token: setting.token, limit: 3 }))
      ids.push(id);
    checkEqual(ids, ["a", "b", "c"]);
    checkEqual(
      (await received()).map(({ path }) => path),
      ["/v1/deliveries?limit=3", "/v1/deliveries?limit=1&before=9"],
    );
  },

  "fails rather than go in circles": async (setting) => {
    const page = { body: { deliveries: [delivery("a")], next: "9" } };
    const { url } = await script(setting, [page]);
    const all = (async () => {
      for await (const _ of listDeliveries({ url, token: setting.token }));
    })();
    checkFields(await failureOf(all, DeliveryError), { code: "unreadable_answer" });
  },
};
