//! What the first view loads, compressed: `npm run weigh` says it for each screen, and fails above the limit.

import { readFile } from "node:fs/promises";

const LIMIT_BYTES = 350 * 1024;
const DIST = new URL("../dist/", import.meta.url);
const FIRST_VIEWS = ["src/parts/shell/Shell.tsx", "src/screens/queue/Queue.tsx", "src/locales/fr.json"];

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
}

const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", DIST), "utf8")) as Record<string, Chunk>;

function needed(names: string[], known = new Set<string>()): Set<string> {
  for (const name of names) {
    if (known.has(name)) continue;
    known.add(name);
    needed(manifest[name]?.imports ?? [], known);
  }
  return known;
}

const chunks = [...needed(["index.html", ...FIRST_VIEWS])].map((name) => manifest[name]).filter((chunk) => chunk !== undefined);
const scripts = [...new Set(chunks.map(({ file }) => file))].filter((file) => file.endsWith(".js"));
const sheets = [...new Set(chunks.flatMap(({ css }) => css ?? []))];

async function weigh(files: string[], ending: string): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await packed(file, ending)).length));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What is too small to be packed goes as it is. */
async function packed(file: string, ending: string): Promise<Buffer> {
  return readFile(new URL(file + ending, DIST)).catch(() => readFile(new URL(file, DIST)));
}

const gzip = await weigh(scripts, ".gz");
const brotli = await weigh(scripts, ".br");
const css = await weigh(sheets, ".gz");
const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
console.log(`first view: script ${kib(gzip)} gzip, ${kib(brotli)} brotli in ${scripts.length} files; style ${kib(css)} gzip`);
process.exitCode = gzip > LIMIT_BYTES ? 1 : 0;
