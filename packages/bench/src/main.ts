import { compareEdit } from "./edit.ts";
import { compareGet } from "./get.ts";
import { compareHandWritten } from "./hand-written.ts";
import { measureHeap } from "./heap.ts";
import { measureImport } from "./import.ts";
import { compareMongo } from "./mongodb.ts";
import { loadNow, writePages, writePart } from "./pages/write-pages.ts";
import { comparePeers } from "./peers/compare-peers.ts";
import { measureProcesses } from "./processes.ts";
import { comparePure } from "./pure.ts";
import { compareRebuild } from "./rebuild.ts";
import { compareRebuildOnMongo } from "./rebuild-mongodb.ts";
import { compareReplay } from "./replay.ts";
import { takeSections } from "./report.ts";
import { measureScale } from "./scale.ts";
import { settings } from "./settings.ts";
import { measureSizes } from "./sizes.ts";
import { compareStateAt } from "./state-at.ts";

const parts: Readonly<Record<string, () => Promise<void>>> = {
  edit: compareEdit,
  get: compareGet,
  "state-at": compareStateAt,
  replay: compareReplay,
  "hand-written": compareHandWritten,
  pure: comparePure,
  import: measureImport,
  scale: measureScale,
  heap: measureHeap,
  rebuild: compareRebuild,
  mongodb: compareMongo,
  "rebuild-mongodb": compareRebuildOnMongo,
  processes: measureProcesses,
  sizes: measureSizes,
  peers: comparePeers,
};

// ended as a program ends, so that a server of its own does not stay behind
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const chosen = settings.parts.length === 0 ? Object.keys(parts) : settings.parts;
if (chosen.join() === "pages") {
  await writePages();
} else if (chosen.some((name) => !Object.hasOwn(parts, name))) {
  console.error(`Name parts, or none for all of them: ${Object.keys(parts).join(", ")}.`);
  process.exitCode = 1;
} else {
  console.log(
    "Each figure: the median of the rounds, then the lowest and the highest round. See docs/benchmarks.md.",
  );
  for (const name of chosen) {
    const load = loadNow();
    await parts[name]?.();
    const sections = takeSections();
    if (settings.write) await writePart(name, sections, load);
  }
}
