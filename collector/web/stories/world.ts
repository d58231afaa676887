//! A browser in front of the built console and a real collector; what must never happen on any page is an error here.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import type { PreviewServer } from "vite";
import { totp } from "./totp.ts";

export interface Look {
  lang: "en" | "fr";
  scheme: "light" | "dark";
  width?: number;
  height?: number;
}

/** As `sonde-collector user add --json` prints it. */
interface Account {
  name: string;
  password: string;
  totp_secret: string;
}

export const SCREENS = new URL("../../../target/screens/", import.meta.url).pathname;
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const ASKED_EVERY_MS = 500;
const SAID_LENGTH = 1_500;
/** For the slowest machine: what does not come at all is waited for so long. */
const PATIENCE_MS = 120_000;
const ARGUMENTS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync",
];

async function previewed(): Promise<PreviewServer> {
  const { preview } = await import("vite");
  return preview({ preview: { port: 0, host: "127.0.0.1" }, logLevel: "error" });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const at = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof at === "object" && at ? at.port : 0;
}

export class World {
  readonly troubles: string[] = [];
  readonly account: Account;
  private readonly server: PreviewServer | undefined;
  private readonly browser: Browser;
  readonly address: string;
  /** How far the collector's clock is before this machine's. */
  private aheadMs = 0;
  private session: Awaited<ReturnType<BrowserContext["storageState"]>> | undefined;

  private constructor(account: Account, server: PreviewServer | undefined, browser: Browser) {
    this.account = account;
    this.server = server;
    this.browser = browser;
    this.address = process.env["SONDE_CONSOLE"] ?? server?.resolvedUrls?.local[0]?.replace(/\/$/, "") ?? "";
  }

  /** `SONDE_ACCOUNT` names the file of an account, `SONDE_COLLECTOR` the collector, `SONDE_CONSOLE` the console if it serves that. */
  static async begin(): Promise<World> {
    const file = process.env["SONDE_ACCOUNT"];
    if (!file) throw new Error("SONDE_ACCOUNT names no file: give what `sonde-collector user add --json` printed");
    const account = JSON.parse(await readFile(file, "utf8")) as Account;
    const server = process.env["SONDE_CONSOLE"] ? undefined : await previewed();
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    return new World(account, server, browser);
  }

  async end(): Promise<void> {
    await this.browser.close();
    await this.server?.close();
  }

  /** What each open page shows, to look at and in short; then they are closed. */
  async shoot(name: string): Promise<void> {
    await mkdir(SCREENS, { recursive: true });
    const contexts = this.browser.contexts();
    for (const [at, page] of contexts.flatMap((context) => context.pages()).entries()) {
      await page.screenshot({ path: `${SCREENS}${name}-${at}.png` });
      const said = await page.locator("[role=dialog], [role=alert], [role=log] > :last-child").allInnerTexts();
      console.log(`shown   ${page.url()}: ${said.join(" | ").replace(/\s+/g, " ").slice(0, SAID_LENGTH)}`);
    }
    for (const context of contexts) await context.close();
  }

  /** As far as the collector knows so much time goes by, which ends all sessions; `SONDE_CLOCK` names the file that it is told by. */
  async later(seconds: number): Promise<void> {
    const file = process.env["SONDE_CLOCK"];
    if (!file) throw new Error("SONDE_CLOCK names no file that the collector has its clock from");
    await writeFile(file, `+${seconds}s`);
    this.aheadMs = seconds * 1_000;
    this.session = undefined;
    const page = await this.page({ lang: "en", scheme: "light" }, false);
    const clock = async () => Date.parse((await page.request.get("/healthz")).headers()["date"] ?? "");
    while ((await clock()) < Date.now() + this.aheadMs / 2) await page.waitForTimeout(ASKED_EVERY_MS);
    await page.context().close();
  }

  async page(look: Look, isSignedIn = true): Promise<Page> {
    const context = await this.browser.newContext({
      baseURL: this.address,
      ignoreHTTPSErrors: true,
      colorScheme: look.scheme,
      reducedMotion: "reduce",
      timezoneId: "Europe/Paris",
      viewport: { width: look.width ?? 1440, height: look.height ?? 900 },
      ...(isSignedIn && { storageState: await this.signedIn() }),
    });
    await context.addInitScript(`localStorage.setItem("sonde.language", ${JSON.stringify(look.lang)})`);
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    this.watch(page);
    return page;
  }

  /** A browser of its own, signed in, that others can steer at a port. */
  async signedInBrowser(): Promise<{ address: string; port: number; end: () => Promise<void> }> {
    const state = await this.signedIn();
    const folder = await mkdtemp(`${tmpdir()}/sonde-browser-`);
    const port = await freePort();
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: CHROMIUM,
      args: [...ARGUMENTS, `--remote-debugging-port=${port}`, "--ignore-certificate-errors"],
    });
    await context.addCookies(state.cookies);
    const end = async () => {
      await context.close();
      await rm(folder, { recursive: true });
    };
    return { address: this.address, port, end };
  }

  private watch(page: Page): void {
    const trouble = (what: string) => this.troubles.push(`${page.url()}: ${what}`);
    page.on("pageerror", (error) => trouble(error.stack ?? error.message));
    page.on("console", (message) => {
      const isAnswer = message.text().startsWith("Failed to load resource");
      if ((message.type() === "error" || message.type() === "warning") && !isAnswer) trouble(message.text());
    });
  }

  /** A code that was used just now is good no more: the next one is. */
  private async giveCode(page: Page): Promise<void> {
    const [inside, wrong] = [page.getByRole("navigation"), page.getByRole("alert")];
    for (let last = ""; !(await inside.isVisible()); ) {
      const code = totp(this.account.totp_secret, Date.now() + this.aheadMs);
      if (code === last) {
        await page.waitForTimeout(ASKED_EVERY_MS);
        continue;
      }
      last = code;
      await page.locator("input[autocomplete=one-time-code]").fill(code);
      await page.getByRole("button", { name: "Sign in" }).click();
      await inside.or(wrong).first().waitFor();
    }
  }

  /** Once for all pages: a code is good once. */
  private async signedIn(): Promise<NonNullable<typeof this.session>> {
    if (this.session) return this.session;
    const page = await this.page({ lang: "en", scheme: "light" }, false);
    await page.goto("/");
    await page.locator("input[autocomplete=username]").fill(this.account.name);
    await page.locator("input[autocomplete=current-password]").fill(this.account.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await this.giveCode(page);
    this.session = await page.context().storageState();
    await page.context().close();
    return this.session;
  }
}
