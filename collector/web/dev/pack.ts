//! Leaves beside each text of the build its packed forms, of which the collector serves the one that a browser takes.

import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXTS = /\.(js|css|html|svg)$/;
/** Below this a packed form saves nothing, bytes. */
const SMALLEST = 1024;

export function pack(): Plugin {
  let folder = "";
  return {
    name: "sonde-pack",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      for (const entry of await readdir(folder, { recursive: true })) {
        if (!TEXTS.test(entry)) continue;
        const path = join(folder, entry);
        const text = await readFile(path);
        if (text.length < SMALLEST) continue;
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
        await writeFile(`${path}.br`, brotliCompressSync(text, quality));
        await writeFile(`${path}.gz`, gzipSync(text, { level: constants.Z_BEST_COMPRESSION }));
      }
    },
  };
}
