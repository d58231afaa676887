//! The stories, against a real collector with real devices: `npm run stories -- [WORD…]` tells those whose names have a word.

import { directory, others, setup } from "./admin.ts";
import { alone } from "./alone.ts";
import { attention } from "./attention.ts";
import { consent } from "./consent.ts";
import { cure } from "./cure.ts";
import { charts, devices, facts, fleet, machine } from "./device.ts";
import { caseFile, files } from "./files.ts";
import { first } from "./first.ts";
import { handed } from "./handed.ts";
import { everything, keys, palette } from "./keys.ts";
import { list } from "./list.ts";
import { live, news } from "./live.ts";
import { lost, unopened } from "./lost.ts";
import { session } from "./session.ts";
import { escalation, forms } from "./rules.ts";
import { things } from "./assets.ts";
import { remote } from "./remote.ts";
import { silence } from "./maintenance.ts";
import { requester } from "./requester.ts";
import { views } from "./views.ts";
import { frozen, unheard, watching } from "./watching.ts";
import { World } from "./world.ts";

const words = process.argv.slice(2);
const world = await World.begin();
let failed = 0;
for (const story of [cure, consent, machine, charts, watching, frozen, unheard, facts, fleet, devices, files, caseFile, requester, directory, setup, others, views, things, remote, silence, escalation, forms, first, attention, keys, palette, everything, list, live, news, lost, unopened, alone, session, handed]) {
  if (words.length > 0 && !words.some((word) => story.name.includes(word))) continue;
  try {
    await story.run(world);
    console.log(`ok      ${story.name}`);
  } catch (failure) {
    failed += 1;
    console.log(`failed  ${story.name}\n${failure instanceof Error ? failure.stack : String(failure)}`);
    await world.shoot(`failed-${failed}`);
  }
}
await world.end();
for (const trouble of world.troubles) console.log(`trouble ${trouble}`);
process.exitCode = failed + world.troubles.length > 0 ? 1 : 0;
