// workerd: one request runs the suite.
import { runSuite } from "./suite.js";

export default {
  fetch: async (_request, env) => Response.json(await runSuite(JSON.parse(env.SETTING))),
};
