//! Every screen on real data, in both languages and both colour schemes, to look at: `npm run screens -- [NAME…]` puts them
//! into `target/screens/`, and says what axe finds and what the browser complains of. With `SONDE_LOOKS=turns` each screen has
//! one look, in turn.

import { mkdir } from "node:fs/promises";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import type { Screen } from "./screen.ts";
import { ADMINISTRATION } from "./screens-admin.ts";
import { DESK } from "./screens-desk.ts";
import { MACHINES } from "./screens-devices.ts";
import { THINGS } from "./screens-things.ts";
import { SCREENS as OUT, World, type Look } from "./world.ts";

const SCREENS: Screen[] = [...DESK, ...MACHINES, ...ADMINISTRATION, ...THINGS];
const settled = (page: Page) => page.waitForLoadState("domcontentloaded");

const LOOKS: Look[] = [
  { lang: "en", scheme: "light" },
  { lang: "fr", scheme: "light" },
  { lang: "en", scheme: "dark" },
  { lang: "fr", scheme: "dark" },
];

async function show(screen: Screen, look: Look): Promise<void> {
  const page = await world.page({ ...look, ...(screen.width && { width: screen.width }) }, !screen.isOutside);
  try {
    await page.goto(screen.path);
    await screen.prepare(page);
    await settled(page);
    for (const violation of await violations(page)) troubles.add(`${screen.name} ${look.scheme}: ${violation}`);
  } finally {
    await page.screenshot({ path: `${OUT}${screen.name}-${look.lang}-${look.scheme}.png` });
    await page.context().close();
  }
}

const wanted = process.argv.slice(2);
const chosen = SCREENS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const troubles = new Set<string>();
await mkdir(OUT, { recursive: true });
const world = await World.begin();
const inTurn = process.env["SONDE_LOOKS"] === "turns";
try {
  for (const [at, screen] of chosen.entries()) {
    const looks = inTurn ? LOOKS.filter((_, number) => number === at % LOOKS.length) : LOOKS;
    for (const look of looks) await show(screen, look).catch((failure) => troubles.add(`${screen.name} ${look.lang} ${look.scheme}: ${String(failure)}`));
  }
} finally {
  await world.end();
}
for (const trouble of [...world.troubles, ...troubles]) console.error(trouble);
process.exitCode = world.troubles.length + troubles.size > 0 ? 1 : 0;
