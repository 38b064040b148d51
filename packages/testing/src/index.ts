export {
  type Issuer,
  type IssuerAlgorithm,
  type IssuerFault,
  type SignOptions,
  type StartIssuerOptions,
  startIssuer,
} from "./start-issuer.ts";
export { type RunningWorkerd, type StartWorkerdOptions, startWorkerd } from "./start-workerd.ts";
export { startTestStack, type TestStack } from "./test-stack.ts";
