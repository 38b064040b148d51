import { type ClientFailureCode, describeCode } from "@convai-secrets/client";
import { describeProxy } from "../output/describe-proxy.ts";
import type { Check } from "./check.ts";

const ACTIONS: Readonly<Partial<Record<ClientFailureCode, string>>> = {
  host_not_found: "Correct the host of the address, or the DNS of this machine.",
  connection_refused: "Correct the port of the address, or start the Worker.",
  network_unreachable: "Look at the network, the firewall and the proxy of this machine.",
  tls_failed:
    "Correct the address. If a company's proxy inspects TLS, set NODE_EXTRA_CA_CERTS to its certificate.",
};

const OTHER_ACTION =
  "Try again. If it persists, look at the network, the firewall and the proxy of this machine.";

/** Describes a connection that failed. */
export function describeFailedConnection(failure: ClientFailureCode, url: string): Check {
  const proxy = describeProxy(failure, process.env);
  return {
    check: "connection",
    status: "failed",
    code: failure,
    message: `${new URL(url).host}: ${describeCode(failure)}`,
    action: [ACTIONS[failure] ?? OTHER_ACTION, ...proxy].join(" "),
  };
}

/** Describes a connection that was made. */
export function describeConnection(url: string): Check {
  const { protocol, host } = new URL(url);
  const how =
    protocol === "https:" ? "resolves and has a trusted certificate" : "accepts connections";
  return { check: "connection", status: "ok", code: "ok", message: `${host} ${how}` };
}
