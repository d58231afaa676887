//! Puts the console before a collector that serves on another port: the browser's session cookie becomes the bearer
//! token that the collector knows. For `vite dev` and `vite preview` only.

import { request, type IncomingMessage, type ServerResponse } from "node:http";
import type { Plugin } from "vite";

const COOKIE = "sonde_session";

export function session(collector: string): Plugin {
  const handle = (from: IncomingMessage, to: ServerResponse, next: () => void): void => {
    if (from.url?.startsWith("/api/")) forward(new URL(collector), from, to);
    else next();
  };
  return {
    name: "sonde-session",
    configureServer: (server) => void server.middlewares.use(handle),
    configurePreviewServer: (server) => void server.middlewares.use(handle),
  };
}

function forward(collector: URL, from: IncomingMessage, to: ServerResponse): void {
  const { cookie, ...headers } = from.headers;
  const secret = cookie?.match(new RegExp(`${COOKIE}=([^;]+)`))?.[1];
  const onward = request(
    {
      host: collector.hostname,
      port: collector.port,
      method: from.method,
      path: from.url,
      headers: { ...headers, host: collector.host, ...(secret && { authorization: `Bearer ${secret}` }) },
    },
    (answer) => {
      if (from.url?.startsWith("/api/v1/sign-in") && answer.statusCode === 200) keepSecret(answer, to);
      else {
        to.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(to);
      }
    },
  );
  onward.on("error", () => to.writeHead(502).end());
  to.on("close", () => onward.destroy());
  from.pipe(onward);
}

function keepSecret(answer: IncomingMessage, to: ServerResponse): void {
  const parts: Buffer[] = [];
  answer.on("data", (part: Buffer) => parts.push(part));
  answer.on("end", () => {
    const { secret, ...rest } = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
    const { "content-length": _, ...headers } = answer.headers;
    to.writeHead(200, { ...headers, "set-cookie": `${COOKIE}=${String(secret)}; HttpOnly; SameSite=Strict; Path=/` });
    to.end(JSON.stringify(rest));
  });
}
