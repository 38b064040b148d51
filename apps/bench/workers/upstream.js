/** The cheapest upstream there is: it reads what it is sent and answers the same, and lists nothing. */
export default {
  async fetch(request) {
    if (request.method === "GET") return Response.json({ secrets: [], has_more: false });
    await request.arrayBuffer();
    return Response.json({ type: "stored", secret_id: "abcdefghij0123456789", name: "BENCH" });
  },
};
