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
    for (const name of ["memory", "SQLite"] as const) {
      const aim = { at: "most", value: 4 } as const;
      printRatio(`import into ${name}, against parsing the JSON`, timings[name], timings.json, { aim });
    }
    for (const name of ["memory", "SQLite"] as const) {
      const figure = spread(timings[name].map(({ wall }) => (stored * 1e9) / wall));
      printRow({ what: `import into ${name}, events stored`, figure, unit: " events/s" });
    }
  });
}
