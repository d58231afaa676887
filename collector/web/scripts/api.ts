//! Makes `src/api/schema.d.ts` from the collector's OpenAPI document:
//! `npm run api -- openapi.json` writes it, with `--check` it says whether it is stale.

import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const KEPT = new URL("../src/api/schema.d.ts", import.meta.url);

const [document, flag] = process.argv.slice(2);
if (!document) {
  console.error("usage: npm run api -- openapi.json [--check]");
  process.exit(2);
}
const types = astToString(await openapiTS(pathToFileURL(document)));
if (flag !== "--check") await writeFile(KEPT, types);
else if ((await readFile(KEPT, "utf8")) !== types) {
  console.error(`src/api/schema.d.ts is stale: run npm run api -- ${document}`);
  process.exit(1);
}
