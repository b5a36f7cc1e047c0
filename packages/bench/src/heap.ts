import { fork } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { measureCacheHeap } from "./cache-heap.ts";
import { spread } from "./harness.ts";
import { printHeading, printRow } from "./report.ts";
import { inFolder } from "./scratch.ts";

/** The memory of the importing process after a number of events, in bytes. */
export interface Mark {
  readonly events: number;
  /** The heap after a garbage collection: the memory that is really held. */
  readonly live: number;
  /** The most heap in use so far, garbage included. */
  readonly heap: number;
  /** The most memory of the process so far: heap, engine, runtime. */
  readonly rss: number;
}

const heapLimit = 200;
const counts = [10_000, 50_000, 100_000];
const child = fileURLToPath(new URL("./heap-child.js", import.meta.url));

/** The memory that an import holds, in a process that may have 200 MB of heap. */
export async function measureHeap(): Promise<void> {
  await measureCacheHeap();
  printHeading(`Memory of an import into SQLite, in a process with --max-old-space-size=${heapLimit}`);
  const marks: Mark[] = [];
  await inFolder(async (folder) => {
    await runChild(join(folder, "heap.db"), (mark) => {
      marks.push(mark);
      printMark(mark);
    });
  });
  const [first, last] = [marks[0], marks[counts.length - 1]];
  if (first === undefined || last === undefined) {
    console.log("  the import did not get through within that heap: falls short");
    return;
  }
  const what = `live heap, ${last.events} events against ${first.events}`;
  printRow({ what, figure: spread([last.live / first.live]), unit: "x", aim: { at: "most", value: 1.25 } });
}

function printMark({ events, live, heap, rss }: Mark): void {
  const most = { at: "most", value: heapLimit } as const;
  const [liveMb, heapMb, rssMb] = [live, heap, rss].map((bytes) => bytes / 1e6) as [number, number, number];
  const note = `live after a collection ${liveMb.toFixed(1)} MB`;
  printRow({ what: `${events} events: peak heap`, figure: spread([heapMb]), unit: " MB", aim: most, note });
  printRow({ what: `${events} events: peak RSS`, figure: spread([rssMb]), unit: " MB", aim: most });
}

/** Runs the import to its end, or to where it runs out of heap. */
function runChild(file: string, onMark: (mark: Mark) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const importing = fork(child, [file, ...counts.map(String)], {
      execArgv: [`--max-old-space-size=${heapLimit}`, "--expose-gc"],
    });
    importing.on("message", (mark) => onMark(mark as Mark));
    importing.on("error", reject);
    importing.on("exit", () => resolve());
  });
}
