/** A machine-readable reason of the API that may be shown and logged. */
export const UPSTREAM_CODE_PATTERN = /^[a-z_]{1,64}$/;
