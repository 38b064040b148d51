import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  exportJWK,
  type GenerateKeyPairResult,
  generateKeyPair,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  SignJWT,
} from "jose";

/** The algorithms in which a local issuer signs. */
export type IssuerAlgorithm = "RS256" | "PS256" | "ES256" | "ES384" | "EdDSA" | "RS512" | "ES512";

/** How a local issuer misbehaves when it is asked for a document. */
export type IssuerFault =
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "redirect"; readonly to: string }
  /** Sends the start of the document and never its end. */
  | { readonly kind: "stall" }
  /** Answers correctly, but late. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  | { readonly kind: "body"; readonly body: string };

/** How to sign a token. */
export interface SignOptions {
  /** Default: the oldest published key. */
  readonly kid?: string;
  /** Members of the protected header besides `alg` and `kid`. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** An OIDC issuer on the loopback interface. */
export interface Issuer {
  /** Its address, which is also the `iss` of its tokens. */
  readonly url: string;
  readonly jwksUrl: string;
  /** The paths that it was asked for, oldest first. */
  readonly requests: readonly string[];
  /** Makes a key and publishes it. */
  addKey(algorithm: IssuerAlgorithm): Promise<string>;
  /** Publishes a key no longer. It can still sign. */
  withdrawKey(kid: string): void;
  jwks(): JSONWebKeySet;
  /** Signs claims. Defaults: `iss` the issuer, `iat` now, `exp` in 5 minutes. `undefined` omits one. */
  sign(claims: Readonly<Record<string, unknown>>, options?: SignOptions): Promise<string>;
  /** Answers every further request with a fault; `undefined` ends it. */
  setFault(fault: IssuerFault | undefined): void;
  stop(): Promise<void>;
}

/** Where a local issuer publishes its keys, and under which name. */
export interface StartIssuerOptions {
  /** The algorithm of the first key. Default RS256. */
  readonly algorithm?: IssuerAlgorithm;
  /** Default `/keys`. Cloudflare Access has `/cdn-cgi/access/certs`. */
  readonly jwksPath?: string;
  /** The `issuer` of the discovery document. Default: its address. */
  readonly discoveredIssuer?: string;
  /** The `jwks_uri` of the discovery document. Default: its own. */
  readonly discoveredJwksUrl?: string;
}

interface SigningKey extends GenerateKeyPairResult {
  readonly algorithm: IssuerAlgorithm;
}

/**
 * Starts an OIDC issuer on a free port, with keys made at run time: discovery document, key set and
 * tokens as the platforms have them.
 *
 * @example
 * ```ts
 * const issuer = await startIssuer();
 * const token = await issuer.sign({ aud: "https://secrets.example.com", sub: "deployer" });
 * await issuer.stop();
 * ```
 */
export async function startIssuer(options: StartIssuerOptions = {}): Promise<Issuer> {
  const { jwksPath = "/keys", algorithm: firstAlgorithm = "RS256" } = options;
  const signingKeys = new Map<string, SigningKey>();
  const published: JWK[] = [];
  const requests: string[] = [];
  let fault: IssuerFault | undefined;

  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    if (fault?.kind === "delay") setTimeout(() => answer(path, response), fault.milliseconds);
    else if (fault !== undefined) answerWithFault(fault, response);
    else answer(path, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const jwksUrl = url + jwksPath;
  const discovery = () => ({
    issuer: options.discoveredIssuer ?? url,
    jwks_uri: options.discoveredJwksUrl ?? jwksUrl,
  });

  const answer = (path: string, response: ServerResponse) => {
    if (path === "/.well-known/openid-configuration") answerWithJson(response, discovery());
    else if (path === jwksPath) answerWithJson(response, { keys: published });
    else response.writeHead(404).end();
  };

  const issuer: Issuer = {
    url,
    jwksUrl,
    requests,
    async addKey(algorithm) {
      const pair = await generateKeyPair(algorithm, { extractable: true });
      const kid = `${algorithm}-${signingKeys.size + 1}`;
      signingKeys.set(kid, { ...pair, algorithm });
      published.push({ ...(await exportJWK(pair.publicKey)), kid, alg: algorithm, use: "sig" });
      return kid;
    },
    withdrawKey(kid) {
      const index = published.findIndex((key) => key.kid === kid);
      if (index >= 0) published.splice(index, 1);
    },
    jwks: () => ({ keys: structuredClone(published) }),
    async sign(claims, { kid = published[0]?.kid ?? "", header } = {}) {
      const key = signingKeys.get(kid);
      if (key === undefined) throw new RangeError("The issuer has no key with this kid");
      const iat = Math.floor(Date.now() / 1000);
      const payload: JWTPayload = { iss: url, iat, exp: iat + 300, ...claims };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: key.algorithm, kid, typ: "JWT", ...header })
        .sign(key.privateKey);
    },
    setFault(next) {
      fault = next;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  await issuer.addKey(firstAlgorithm);
  return issuer;
}

function answerWithJson(response: ServerResponse, document: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document));
}

function answerWithFault(
  fault: Exclude<IssuerFault, { kind: "delay" }>,
  response: ServerResponse,
): void {
  switch (fault.kind) {
    case "status":
      response.writeHead(fault.status).end();
      return;
    case "redirect":
      response.writeHead(302, { location: fault.to }).end();
      return;
    case "stall":
      response.writeHead(200, { "content-type": "application/json" }).write('{"keys":[');
      return;
    case "body":
      response.writeHead(200, { "content-type": "application/json" }).end(fault.body);
  }
}
