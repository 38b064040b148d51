import type { AuthenticationMethod } from "@convai-secrets/protocol";
import type { LogEntry } from "../log.ts";
import type { AuthenticSender } from "./authentic-sender.ts";
import type { OidcVerifier } from "./oidc-verifier.ts";

/** A way to authenticate a request. Each is one file in this folder and one entry in AUTHENTICATORS. */
export interface Authenticator {
  readonly method: AuthenticationMethod;

  /**
   * Whether this method decides about a request with these headers. The first authenticator that
   * says yes decides alone: if it rejects the request, no other one is tried.
   */
  applies(headers: Headers): boolean;

  /**
   * Finds the sender of a request.
   *
   * All senders are compared, so that the time does not depend on which one matches.
   *
   * @returns `undefined` if the credential is missing, malformed or wrong, or if it matches several
   * senders. All of these get the same answer.
   * @throws {Problem} only for what an unauthenticated caller may learn
   */
  authenticate(input: AuthenticationInput): Promise<Authenticated | undefined>;
}

/** What an authenticator decides from. */
export interface AuthenticationInput {
  readonly headers: Headers;
  readonly senders: readonly AuthenticSender[];
  readonly oidc: OidcVerifier;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /**
   * Reads the raw body, once. Only a method that covers the body calls it before the sender is
   * known: otherwise unauthenticated requests could make the Worker buffer bodies.
   */
  readonly readBody: () => Promise<Uint8Array>;
  /** Adds to the log line, also of a rejected request. Nothing that an unverified caller wrote. */
  readonly log: (fields: Partial<LogEntry>) => void;
}

/** A request whose sender is known. */
export interface Authenticated {
  readonly sender: AuthenticSender;
  /** The delivery id that the credential covers, if it covers one. */
  readonly deliveryId?: string;
  /** The credential as it was sent, if it could be reused: no id, name or value may contain it. */
  readonly credential?: string;
}
