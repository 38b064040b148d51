/** The answer to the official SDKs' `get`, `list` and `delete`, which this Worker does not forward. */
export const UNSUPPORTED_OPERATIONS =
  "This Worker supports create (POST) and update (PATCH); it cannot list, read or delete secrets";
