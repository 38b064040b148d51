import { type Answer, type Rig, readAnswer } from "../../node/rig.ts";

/** Asks for a sender's deliveries with its token. */
export async function listDeliveries(
  rig: Rig,
  { token }: { readonly token: string },
  query = "",
): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` };
  return readAnswer(await fetch(`${rig.worker().url}/v1/deliveries${query}`, { headers }));
}
