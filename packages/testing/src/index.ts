export { type Answer, readAnswer } from "./answer.ts";
export { catchError } from "./catch-error.ts";
export { findClosedPort } from "./find-closed-port.ts";
export { type LeakSearch, searchFiles, searchFor } from "./leak-search.ts";
export {
  type LoopbackServer,
  type ReceivedRequest,
  type ServerAnswer,
  serveLoopback,
} from "./loopback-server.ts";
export { printError } from "./print-error.ts";
export { createCertificate } from "./self-signed.ts";
export {
  listDeliveries,
  type RedeliveryOptions,
  sendDelivery,
  sendUntilAnswered,
  type TestDelivery,
} from "./send-delivery.ts";
export { answerEndlessly, answerJson, answerSlowly } from "./server-answers.ts";
export { type SignedContent, signRequest } from "./sign-request.ts";
export {
  type Issuer,
  type IssuerAlgorithm,
  type IssuerFault,
  type SignOptions,
  type StartIssuerOptions,
  startIssuer,
} from "./start-issuer.ts";
export { type RunningWorkerd, type StartWorkerdOptions, startWorkerd } from "./start-workerd.ts";
export { createTestSender, type TestSender } from "./test-sender.ts";
export {
  BUILT_WORKER,
  DISK,
  formatSenders,
  startTestStack,
  type TestStack,
  type TestStackOptions,
} from "./test-stack.ts";
