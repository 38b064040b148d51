/**
 * The error that a call fails with.
 *
 * @param type the class that the error must be an instance of
 * @throws {Error} if the call does not fail, or fails with another error, which is the cause
 * @example
 * ```ts
 * const error = await catchError(deliverSecret(options), DeliveryError);
 * ```
 */
export async function catchError<Type extends Error>(
  call: Promise<unknown>,
  type: abstract new (...args: never[]) => Type,
): Promise<Type> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof type) return error;
  throw new Error(`The call did not fail with a ${type.name}`, { cause: error });
}
