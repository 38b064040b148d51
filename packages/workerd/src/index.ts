export { type RunningWorkerd, type StartWorkerdOptions, startWorkerd } from "./start-workerd.js";
