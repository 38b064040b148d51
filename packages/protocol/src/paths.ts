/** The paths of the Worker. The first is the upstream's as well. */
export const PATHS = {
  secrets: "/v1/convai/secrets",
  /** An OpenAPI path template (one parameter). */
  secret: "/v1/convai/secrets/{secret_id}",
  deliveries: "/v1/deliveries",
  sender: "/v1/sender",
  healthz: "/healthz",
  openapi: "/openapi.json",
  operator: "/operator",
} as const;
