import { DeliveryError } from "../src/delivery-error.ts";

/** The error of a call that must fail with one of this package's. */
export async function failureOf(call: Promise<unknown>): Promise<DeliveryError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof DeliveryError) return error;
  throw new Error("The call did not fail with a DeliveryError", { cause: error });
}
