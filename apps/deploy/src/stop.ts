/** Why a deployment cannot go on, and what to do about it, as one reads it. */
export class Stop extends Error {
  override readonly name = "Stop";
}
