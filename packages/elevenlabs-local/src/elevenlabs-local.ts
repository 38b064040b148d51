import { type ApiKeys, DEFAULT_API_KEYS } from "./api-keys.ts";
import { applyFault } from "./apply-fault.ts";
import { readCall, replay } from "./call.ts";
import { CallLog, type ReceivedCalls } from "./call-log.ts";
import { type Chaos, type ChaosOptions, ChaosOptionsSchema, createChaos } from "./chaos.ts";
import { type Connection, ConnectionDroppedError } from "./connection.ts";
import { CONTROL_PATH, createControlApi } from "./control-api.ts";
import { describeStatus, detailedError } from "./error-bodies.ts";
import type { Fault } from "./fault.ts";
import { FaultQueue } from "./fault-queue.ts";
import { FaultSchema } from "./fault-schema.ts";
import { parseSetting } from "./parse-setting.ts";
import { SecretStore, type StoredSecretRecord } from "./secret-store.ts";
import { createSecretsApi, type DuplicateNames, type Workspace } from "./secrets-api.ts";
import { NOT_USED, type UsedBy } from "./used-by.ts";

/** How the workspace is set up; `reset()` returns to it. */
export interface ElevenLabsLocalOptions {
  /** Default: `local-api-key`, with both permissions. */
  readonly apiKeys?: ApiKeys;
  /** Whether a second secret of one name is accepted (the default) or answered 409. */
  readonly duplicateNames?: DuplicateNames;
}

/** A stand-in of the ElevenLabs secrets API. */
export interface ElevenLabsLocal {
  /**
   * Answers a request as the API would, or as a fault says. It needs no server: give it to whatever
   * takes a fetch handler.
   *
   * @param env.connection what a `drop` closes; without one, the caller only sees the error
   * @throws {ConnectionDroppedError} for the faults that drop the connection, and for no other reason
   */
  fetch(request: Request, env?: { readonly connection?: Connection }): Promise<Response>;
  /** What is stored, oldest first, values included. */
  secrets(): StoredSecretRecord[];
  /** How many calls arrived. */
  received(): ReceivedCalls;
  /**
   * Adds a fault. Each call meets the first one that fits it, and at most one.
   *
   * @throws {TypeError} if it is not one.
   */
  inject(fault: Fault): void;
  clearFaults(): void;
  /**
   * Lets calls that no injected fault meets go wrong at random; `null` ends that.
   *
   * @throws {TypeError} if a rate is not between 0 and 1, or all together exceed 1.
   */
  setChaos(options: ChaosOptions | null): void;
  /** Replaces all API keys: the way to rotate one or to take a permission away. */
  setApiKeys(apiKeys: ApiKeys): void;
  setDuplicateNames(duplicateNames: DuplicateNames): void;
  /** Says what uses a secret; one in use cannot be deleted. An unknown id is ignored. */
  setUsedBy(secretId: string, usedBy: Partial<UsedBy>): void;
  /** Forgets secrets, counts, faults, chaos and what was still to be stored. */
  reset(): void;
}

/**
 * Makes a stand-in with a workspace of its own.
 *
 * @example
 * const upstream = createElevenLabsLocal();
 * upstream.inject({ kind: "answer", status: 502, store: true });
 * const response = await upstream.fetch(request); // 502, though the secret is stored
 */
export function createElevenLabsLocal(options: ElevenLabsLocalOptions = {}): ElevenLabsLocal {
  const { apiKeys = DEFAULT_API_KEYS, duplicateNames = "accept" } = options;
  const store = new SecretStore();
  const workspace: Workspace = { store, apiKeys, duplicateNames };
  const calls = new CallLog();
  const faults = new FaultQueue();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let chaos: Chaos | undefined;

  const controls: Omit<ElevenLabsLocal, "fetch"> = {
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
    setDuplicateNames: (replacement) => {
      workspace.duplicateNames = replacement;
    },
    setUsedBy: (secretId, usedBy) => {
      store.update(secretId, { usedBy: { ...NOT_USED, ...usedBy } });
    },
    reset: () => {
      Object.assign(workspace, { apiKeys, duplicateNames });
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
    calls.record(call);
    const handle = async () => api.fetch(replay(call));
    const handleLater = (ms: number) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        void handle();
      }, ms);
      timers.add(timer);
    };

    const fault = faults.take(call) ?? chaos?.(call);
    if (fault === undefined) return handle();
    return applyFault(fault, { call, connection, handle, handleLater });
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
