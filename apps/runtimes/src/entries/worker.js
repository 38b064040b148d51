// workerd: one request runs the suite, with no more than a Worker has.
import { runSuite } from "./suite.js";

export default {
  fetch: async (_request, env) => Response.json(await runSuite(JSON.parse(env.SETTING))),
};
