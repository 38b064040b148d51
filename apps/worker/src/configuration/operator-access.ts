import { parseJson } from "@convai-secrets/protocol";
import * as v from "valibot";

const INVALID_TEAM = "must be the https address of the Access team, without a path";

/**
 * The binding `OPERATOR_ACCESS`: who may open `/operator`. A JSON text, or the object itself, as
 * wrangler's `vars` can hold it.
 *
 * @see https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/
 */
export const OperatorAccessSchema = v.pipe(
  v.unknown(),
  v.transform((binding) => (typeof binding === "string" ? parseJson(binding).json : binding)),
  v.strictObject(
    {
      /** `https://NAME.cloudflareaccess.com` */
      team: v.pipe(v.string(INVALID_TEAM), v.check(isOrigin, INVALID_TEAM)),
      /** The tag of the Access application. */
      aud: v.pipe(v.string("must be a string"), v.nonEmpty("must not be empty")),
    },
    ({ path, expected }) => {
      if (path?.at(-1)?.key === "OPERATOR_ACCESS") return "must be JSON without duplicate keys";
      return expected === "never" ? "is not a known field" : "is required";
    },
  ),
);

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  const isLoopback = url?.hostname === "localhost" || url?.hostname === "127.0.0.1";
  return url?.origin === text && (url.protocol === "https:" || isLoopback);
}
