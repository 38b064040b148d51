export { handleOperator, isOperatorPath, type OperatorContext } from "./handle-operator.ts";
