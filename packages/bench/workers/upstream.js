/** The cheapest upstream there is: it reads what it is sent and answers the same. */
export default {
  async fetch(request) {
    await request.arrayBuffer();
    return Response.json({ type: "stored", secret_id: "abcdefghij0123456789", name: "BENCH" });
  },
};
