export {
  type DeliveredSecret,
  type DeliverSecretOptions,
  deliverSecret,
} from "./deliver-secret.ts";
export {
  DeliveryError,
  type DeliveryErrorCode,
  type DeliveryErrorDetails,
  type DeliveryIssue,
} from "./delivery-error.ts";
export { deriveDeliveryId } from "./derive-delivery-id.ts";
export { type Delivery, type ListDeliveriesOptions, listDeliveries } from "./list-deliveries.ts";
export type { ProblemCode } from "./problem-codes.ts";
export type { Retry, SenderCredential, SenderOptions } from "./sender-options.ts";
export { checkId, writeBody } from "./write-request.ts";
