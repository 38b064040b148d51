import { handle } from "./handle.ts";

export { Ledger } from "./ledger/ledger.ts";

export default { fetch: handle } satisfies ExportedHandler<Env>;
