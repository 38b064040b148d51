/** A Worker with hono and zod: a token, a schema, one fetch, no memory. */
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";
import * as z from "zod";

const Secret = z.strictObject({
  type: z.literal("new"),
  name: z.string().min(1),
  value: z.string().min(1),
});
const Stored = z.object({ type: z.literal("stored"), secret_id: z.string(), name: z.string() });

const app = new Hono();
app.use(bearerAuth({ verifyToken: (token, c) => token === c.env.TOKEN }));
app.post("/v1/convai/secrets", async (c) => {
  const secret = Secret.safeParse(await c.req.json());
  if (!secret.success) throw new HTTPException(422);
  const response = await fetch(`${c.env.ELEVENLABS_BASE_URL}/v1/convai/secrets`, {
    method: "POST",
    headers: { "content-type": "application/json", "xi-api-key": c.env.ELEVENLABS_API_KEY },
    body: JSON.stringify(secret.data),
  });
  if (!response.ok) throw new HTTPException(502);
  return c.json(Stored.parse(await response.json()));
});

export default app;
