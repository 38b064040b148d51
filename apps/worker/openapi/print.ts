import { document } from "./document.ts";

// `npm run generate -w @convai-secrets/worker` writes this to src/openapi.json.
// biome-ignore lint/suspicious/noConsole: the output of the program
console.log(JSON.stringify(document, null, 2));
