export type { ApiKeys, Permission } from "./api-keys.js";
export type { ReceivedCalls } from "./call-log.js";
export type { ChaosOptions, ChaosRates } from "./chaos.js";
export { type Connection, ConnectionDroppedError } from "./connection.js";
export {
  createElevenLabsLocal,
  type ElevenLabsLocal,
  type ElevenLabsLocalOptions,
} from "./elevenlabs-local.js";
export type { RateLimitCode } from "./error-bodies.js";
export type { Fault, FaultTarget, Method, StoreWhen } from "./fault.js";
export type { StoredSecretRecord } from "./secret-store.js";
export type { DuplicateNames } from "./secrets-api.js";
export {
  type ElevenLabsLocalServer,
  type ServeOptions,
  serveElevenLabsLocal,
} from "./serve-elevenlabs-local.js";
export type { Dependent, UsedBy } from "./used-by.js";
