import * as v from "valibot";

const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/** The members that a key of this type must have (RFC 7518, section 6; RFC 8037). */
const REQUIRED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  RSA: ["n", "e"],
  EC: ["crv", "x", "y"],
  OKP: ["crv", "x"],
};

const PublicKeySchema = v.pipe(
  v.looseObject({ kty: v.string("must be a string") }, "must be a JSON Web Key"),
  v.check(
    (key) => !PRIVATE_MEMBERS.some((name) => Object.hasOwn(key, name)),
    "must be a public key",
  ),
  v.check(
    (key) =>
      REQUIRED_MEMBERS[key.kty]?.every(
        (name) => typeof key[name] === "string" && key[name] !== "",
      ) ?? false,
    "must be a complete RSA, EC or OKP key",
  ),
);

/** A JSON Web Key Set of public keys that is part of a policy (RFC 7517, section 5). */
export const JwksSchema = v.looseObject(
  {
    keys: v.pipe(
      v.array(PublicKeySchema, "must be an array of keys"),
      v.nonEmpty("must not be empty"),
    ),
  },
  "must be a JSON Web Key Set",
);
