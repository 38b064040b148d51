import type { Operation } from "@convai-secrets/protocol";
import { createOperation } from "./create.ts";
import type { OperationRules } from "./operation.ts";
import { updateOperation } from "./update.ts";

/** Every operation of the upstream that the ledger performs. */
export const OPERATION_RULES: Readonly<Record<Operation, OperationRules>> = {
  create: createOperation,
  update: updateOperation,
};
