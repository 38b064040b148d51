export {
  type DeliveredSecret,
  type DeliverSecretOptions,
  deliverSecret,
} from "./deliver-secret.js";
export {
  DeliveryError,
  type DeliveryErrorCode,
  type DeliveryErrorDetails,
  type DeliveryIssue,
} from "./delivery-error.js";
export { deriveDeliveryId } from "./derive-delivery-id.js";
export { type Delivery, type ListDeliveriesOptions, listDeliveries } from "./list-deliveries.js";
export type { ProblemCode } from "./problem-codes.js";
export type { Retry, SenderCredential, SenderOptions } from "./sender-options.js";
