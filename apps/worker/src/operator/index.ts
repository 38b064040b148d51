export { handleOperator, isOperatorPath } from "./handle-operator.ts";
