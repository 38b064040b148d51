export { type RunningWorkerd, type StartWorkerdOptions, startWorkerd } from "./start-workerd.ts";
export { startTestStack, type TestStack } from "./test-stack.ts";
