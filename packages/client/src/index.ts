export type { ClientFailureCode } from "./client-failures.ts";
export { classifyFetchFailure } from "./connection-failure.ts";
export {
  type DeliveredSecret,
  type DeliverSecretOptions,
  deliverSecret,
  dryRunDelivery,
} from "./deliver-secret.ts";
export {
  DeliveryError,
  type DeliveryErrorCode,
  type DeliveryErrorDetails,
  type DeliveryIssue,
  describeCode,
} from "./delivery-error.ts";
export { type DeliveryContent, deriveDeliveryId } from "./derive-delivery-id.ts";
export { getSender } from "./get-sender.ts";
export { createGitHubIdTokenSource, type GitHubIdTokenOptions } from "./github-id-token.ts";
export { type ListDeliveriesOptions, listDeliveries } from "./list-deliveries.ts";
export type { Retry, SenderCredential, SenderOptions } from "./sender-options.ts";
export { type Delivery, validateDelivery } from "./validate-delivery.ts";
