/**
 * The cheapest upstream there is: it reads what it is sent and answers with the same name. It lists
 * as many secrets as LISTED says, in pages of 100. With DELAY_MS it takes that long.
 */
const PAGE_SIZE = 100;

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const delay = Number(env.DELAY_MS ?? 0);
    if (delay > 0) await scheduler.wait(delay);
    if (request.method === "GET") return listPage(searchParams, Number(env.LISTED ?? 0));
    const { name } = await request.json();
    const secret_id = request.method === "PATCH" ? pathname.split("/").at(-1) : `id_${name}`;
    return Response.json({ type: "stored", secret_id, name });
  },
};

function listPage(searchParams, listed) {
  const start = Number(searchParams.get("cursor") ?? 0);
  const end = Math.min(start + PAGE_SIZE, listed);
  const prefix = searchParams.get("search") ?? "";
  const secrets = Array.from({ length: end - start }, (_, index) => ({
    type: "stored",
    secret_id: `listed-${start + index}`,
    name: `${prefix}_${start + index}`,
    used_by: { tools: [], agents: [], others: [], phone_numbers: [] },
  }));
  const has_more = end < listed;
  return Response.json({ secrets, has_more, next_cursor: has_more ? String(end) : null });
}
