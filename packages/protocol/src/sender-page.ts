import * as v from "valibot";
import { EXISTING_POLICIES } from "./existing.ts";

/** The ways to authenticate a request. */
export const AUTHENTICATION_METHODS = ["signature", "oidc", "token"] as const;

/** One of {@link AUTHENTICATION_METHODS}. */
export type AuthenticationMethod = (typeof AUTHENTICATION_METHODS)[number];

/** The body of `GET /v1/sender`: who the caller is and what it may do. */
export const SenderPageSchema = v.object({
  id: v.string(),
  names: v.pipe(v.array(v.string()), v.readonly()),
  existing: v.picklist(EXISTING_POLICIES),
  authenticated_by: v.picklist(AUTHENTICATION_METHODS),
});

/** The output of {@link SenderPageSchema}. */
export type SenderPage = v.InferOutput<typeof SenderPageSchema>;
