export type { ApiKeys, Permission } from "./api-keys.ts";
export type { ReceivedCalls } from "./call-log.ts";
export type { ChaosOptions, ChaosRates } from "./chaos.ts";
export { type Connection, ConnectionDroppedError } from "./connection.ts";
export type { Controls } from "./controls.ts";
export {
  createElevenLabsLocal,
  type ElevenLabsLocal,
  type ElevenLabsLocalOptions,
} from "./elevenlabs-local.ts";
export type { Fault, FaultTarget, Method, StoreWhen } from "./fault.ts";
export type { StoredSecretRecord } from "./secret-store.ts";
export {
  type ElevenLabsLocalServer,
  type ServeOptions,
  serveElevenLabsLocal,
} from "./serve-elevenlabs-local.ts";
export type { Settings } from "./settings.ts";
export type { Dependent, DependentPhoneNumber, UsedBy } from "./used-by.ts";
