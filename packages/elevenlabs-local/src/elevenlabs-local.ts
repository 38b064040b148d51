import { type ApiKeys, DEFAULT_API_KEYS } from "./api-keys.ts";
import { applyFault } from "./apply-fault.ts";
import { readCall, replay } from "./call.ts";
import { CallLog } from "./call-log.ts";
import { type Chaos, ChaosOptionsSchema, createChaos } from "./chaos.ts";
import { type Connection, ConnectionDroppedError } from "./connection.ts";
import { CONTROL_PATH, createControlApi } from "./control-api.ts";
import type { Controls } from "./controls.ts";
import { describeStatus, detailedError } from "./error-bodies.ts";
import { FaultQueue } from "./fault-queue.ts";
import { FaultSchema } from "./fault-schema.ts";
import { parseSetting } from "./parse-setting.ts";
import { SecretStore } from "./secret-store.ts";
import { createSecretsApi, type Workspace } from "./secrets-api.ts";
import { DEFAULT_SETTINGS, type Settings, SettingsSchema } from "./settings.ts";
import { NOT_USED } from "./used-by.ts";

/** The state of a new workspace; `reset()` returns to it. */
export interface ElevenLabsLocalOptions extends Partial<Settings> {
  /** Default: `local-api-key`, with both permissions. */
  readonly apiKeys?: ApiKeys;
}

/** The local upstream: a stand-in for the ElevenLabs secrets API. */
export interface ElevenLabsLocal extends Controls {
  /**
   * Responds to a request as the API does, or as a fault says. It needs no server.
   *
   * @param env.connection what a `drop` closes; without it, the caller only gets the error
   * @throws {ConnectionDroppedError} for faults that close the connection, and for no other reason
   */
  fetch(request: Request, env?: { readonly connection?: Connection }): Promise<Response>;
}

/**
 * Creates a local upstream with its own workspace.
 *
 * @example
 * const upstream = createElevenLabsLocal();
 * upstream.inject({ kind: "answer", status: 502, store: true });
 * const response = await upstream.fetch(request); // 502, but the secret is stored
 */
export function createElevenLabsLocal(options: ElevenLabsLocalOptions = {}): ElevenLabsLocal {
  const { apiKeys = DEFAULT_API_KEYS, ...settings } = options;
  const initial = { apiKeys, settings: { ...DEFAULT_SETTINGS, ...settings } };
  const store = new SecretStore();
  const workspace: Workspace = { store, ...initial };
  const calls = new CallLog();
  const faults = new FaultQueue();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let chaos: Chaos | undefined;

  const controls: Controls = {
    secrets: () => store.records(),
    received: () => calls.read(),
    inject: (fault) => faults.add(parseSetting(FaultSchema, fault)),
    clearFaults: () => faults.clear(),
    setChaos: (chaosOptions) => {
      chaos =
        chaosOptions === null
          ? undefined
          : createChaos(parseSetting(ChaosOptionsSchema, chaosOptions));
    },
    setApiKeys: (replacement) => {
      workspace.apiKeys = replacement;
    },
    configure: (changes) => {
      const parsed = parseSetting(SettingsSchema, changes);
      workspace.settings = { ...workspace.settings, ...parsed };
    },
    setUsedBy: (secretId, usedBy) => {
      store.update(secretId, { usedBy: { ...NOT_USED, ...usedBy } });
    },
    reset: () => {
      Object.assign(workspace, initial);
      store.clear();
      calls.clear();
      faults.clear();
      chaos = undefined;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
  const api = createSecretsApi(workspace);
  const control = createControlApi(controls);

  async function handleCall(
    request: Request,
    connection: Connection | undefined,
  ): Promise<Response> {
    const call = await readCall(request, (secretId) => store.get(secretId)?.name);
    const end = calls.record(call);
    const handle = async () => {
      try {
        return await api.fetch(replay(call));
      } finally {
        end();
      }
    };
    const handleLater = (ms: number) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        void handle();
      }, ms);
      timers.add(timer);
    };

    const fault = faults.take(call) ?? chaos?.(call);
    if (fault === undefined) return handle();
    return applyFault(fault, { call, connection, handle, handleLater, discard: end });
  }

  return {
    ...controls,
    fetch: async (request, env) => {
      try {
        if (new URL(request.url).pathname.startsWith(`${CONTROL_PATH}/`)) {
          return await control.fetch(request);
        }
        return await handleCall(request, env?.connection);
      } catch (error) {
        if (error instanceof ConnectionDroppedError) throw error;
        return Response.json(detailedError(describeStatus(500), crypto.randomUUID()), {
          status: 500,
        });
      }
    },
  };
}
