import { catchError } from "@convai-secrets/testing";
import { DeliveryError } from "../src/index.ts";

/** The error of a call that must fail with a {@link DeliveryError}. */
export const failureOf = (call: Promise<unknown>) => catchError(call, DeliveryError);
