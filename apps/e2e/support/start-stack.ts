import { startTestStack, type TestStack, type TestStackOptions } from "@convai-secrets/testing";
import { onTestFinished } from "vitest";
import { watchAnswers } from "./watch-answers.ts";

/** Starts a stack whose answers are checked against the OpenAPI document. */
export function startStack(options: TestStackOptions = {}): Promise<TestStack> {
  return startTestStack({ onStart: watchAnswers, ...options });
}

/** Starts a stack for one test, which stops it at its end. */
export async function startStackForTest(options: TestStackOptions = {}): Promise<TestStack> {
  const stack = await startStack(options);
  onTestFinished(stack.stop);
  return stack;
}
