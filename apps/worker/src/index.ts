import { handle } from "./handle.js";

export { Ledger } from "./ledger/ledger.js";

export default { fetch: handle } satisfies ExportedHandler<Env>;
