#!/usr/bin/env node
// Here before anything is built, so that npm links it in this repository too.
import { main } from "../dist/main.js";

await main();
