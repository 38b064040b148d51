import { createConformanceCheck } from "@convai-secrets/testing/conformance";
import { readDocument } from "./read-document.ts";

/** Checks a response against the Worker's OpenAPI document. */
export const assertConforms = createConformanceCheck(await readDocument());
