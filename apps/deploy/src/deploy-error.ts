/** Why a deployment stops, and what to do about it. The message contains no secret. */
export class DeployError extends Error {
  override readonly name = "DeployError";
}
