import { join } from "node:path";
import { createStore, type Storage } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { interleave, spread } from "./harness.ts";
import { realLines, revisionsOf } from "./real-histories.ts";
import { printHeading, printRatio, printRow } from "./report.ts";
import { inFolder } from "./scratch.ts";

/** How fast real histories are taken in, the reading of their JSON included. */
export async function measureImport(): Promise<void> {
  const lines = await realLines();
  printHeading(`Import of ${lines.length} real revisions, from lines of JSON`);
  await inFolder(async (folder) => {
    let stored = 0;
    const take = async (storage: Storage<string>): Promise<void> => {
      const store = createStore({ collection: "files", storage });
      const { revisions, unchanged } = await store.import(revisionsOf(lines));
      stored = revisions - unchanged;
      await store.close();
      await storage.close();
    };
    const timings = await interleave(
      {
        memory: () => take(memoryStorage()),
        SQLite: (turn) => take(sqliteStorage(join(folder, `${turn}.db`))),
        json: () => [...revisionsOf(lines)].length,
      },
      { rounds: 5, ms: 1 },
    );
    const perSecond = (ns: number): number => (stored * 1e9) / ns;
    for (const [name, timing] of Object.entries(timings)) {
      const what = name === "json" ? "the JSON read, nothing stored" : `import into ${name}`;
      printRow({ what, figure: spread(timing.map(perSecond)), unit: " events/s" });
    }
    printRatio("import, SQLite against memory", timings.SQLite, timings.memory);
  });
}
