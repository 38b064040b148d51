/** The limit of any Worker: forwards the body with the API key and returns the answer. */
export default {
  async fetch(request, env) {
    return fetch(`${env.ELEVENLABS_BASE_URL}/v1/convai/secrets`, {
      method: "POST",
      headers: { "content-type": "application/json", "xi-api-key": env.ELEVENLABS_API_KEY },
      body: request.body,
    });
  },
};
