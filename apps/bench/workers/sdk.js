/** A Worker around the official SDK: a token, one call of the SDK, no memory. */
import "./require.js";
import { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";

let client;

export default {
  async fetch(request, env) {
    if (request.headers.get("authorization") !== `Bearer ${env.TOKEN}`) {
      return new Response(null, { status: 401 });
    }
    client ??= new ElevenLabsClient({
      apiKey: env.ELEVENLABS_API_KEY,
      baseUrl: env.ELEVENLABS_BASE_URL,
    });
    const { name, value } = await request.json();
    const { secretId } = await client.conversationalAi.secrets.create({ name, value });
    return Response.json({ type: "stored", secret_id: secretId, name });
  },
};
