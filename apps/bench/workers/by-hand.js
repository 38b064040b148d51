/**
 * The duties of this project's Worker without any library and without a ledger: it authenticates a
 * token, limits and times the body, validates, forwards once with a time limit, checks the answer,
 * hashes the delivery id and writes a log line.
 */
import { answer, forward } from "./duties.js";

export default {
  fetch: (request, env) => answer(request, env, ({ secret }) => forward(secret, env)),
};
