import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { pack } from "./dev/pack.ts";
import { visualLanguage } from "./dev/visual-language.ts";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** The origin stays the browser's: a session is good for one origin only. */
const proxy = { "/api": { target: process.env["SONDE_COLLECTOR"] ?? "https://127.0.0.1:8443", secure: false } };

export default defineConfig({
  plugins: [react(), visualLanguage(), pack()],
  build: {
    manifest: true,
    target: "es2023",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "kit", test: /node_modules\/(?!qrcode|uplot)/ },
            { name: "parts", test: /src\/(parts|api)\/|src\/locales\/.*\.ts$|src\/theme/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: { proxy },
  preview: { proxy, headers: { "Content-Security-Policy": POLICY } },
  test: { environment: "node", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
