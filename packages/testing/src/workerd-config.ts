/** A Worker as workerd is to run it. */
export interface WorkerdConfigOptions {
  /** The modules' file names within the folder of the config, the main one first. */
  readonly modules: readonly string[];
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  /** Names of text bindings; their values come from the process's environment. */
  readonly environment: readonly string[];
  /** Class names of SQLite Durable Objects by the name of their binding. */
  readonly durableObjects: Readonly<Record<string, string>>;
  /** An absolute folder for the Durable Objects' storage: SQLite lives on disk only. */
  readonly storage: string;
}

/**
 * Writes workerd's configuration. Values of bindings stay out of it: a secret belongs neither in a
 * file nor on a command line.
 *
 * @see https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp
 */
export function formatWorkerdConfig(options: WorkerdConfigOptions): string {
  const classes = Object.entries(options.durableObjects);
  const bindings = [
    ...options.environment.map(
      (name) => `(name = ${quote(name)}, fromEnvironment = ${quote(name)})`,
    ),
    ...classes.map(
      ([name, className]) =>
        `(name = ${quote(name)}, durableObjectNamespace = ${quote(className)})`,
    ),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "network", network = .network),
    (name = "storage", disk = .storage)
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")]
);

const worker :Workerd.Worker = (
  modules = [${options.modules.map((file) => `(name = ${quote(file)}, esModule = embed ${quote(file)})`).join(", ")}],
  compatibilityDate = ${quote(options.compatibilityDate)},
  compatibilityFlags = [${options.compatibilityFlags.map(quote).join(", ")}],
  bindings = [${bindings.join(", ")}],
  globalOutbound = "network",
  durableObjectNamespaces = [${classes
    .map(([, name]) => `(className = ${quote(name)}, uniqueKey = ${quote(name)}, enableSql = true)`)
    .join(", ")}],
  durableObjectStorage = (localDisk = "storage")
);

const network :Workerd.Network = (allow = ["public", "private", "local"]);
const storage :Workerd.DiskDirectory = (path = ${quote(options.storage)}, writable = true);
`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
