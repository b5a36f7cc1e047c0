import { once } from "node:events";
import { createInterface } from "node:readline";
import {
  createStore,
  defineProjection,
  type EverdraftError,
  type State,
  type StateProjection,
  type Store,
} from "@everdraft/core";
import type { Storage } from "@everdraft/core/adapter";
import { rebuild } from "@everdraft/core/upkeep";

/** The documents of a test of rebuilds. */
export interface Sheet {
  lines: string[];
}

/** The collection of a test of rebuilds. */
export const sheets = "sheets";

/** How the documents are called. */
export const sheetId = (n: number): string => `sheet-${String(n).padStart(4, "0")}`;

interface LineRow {
  sheet: string;
  text: string;
}

/** A row for each line of a sheet. Each time it is run `seen` hears of the document first. */
export function linesOfSheets(
  seen: (id: string) => void = () => undefined,
): StateProjection<State<Sheet>, LineRow> {
  return defineProjection({
    name: "lines",
    version: 1,
    rows: (sheet: State<Sheet>, { id }) => {
      seen(id);
      return sheet.lines.map((text) => ({ sheet: id, text }));
    },
  });
}

/**
 * A process of a test of rebuilds, by its arguments: `write NAME COUNT` edits the sheets until its input ends; `rebuild TARGET
 * RANGE [MILLISECONDS]` waits for a line, rebuilds, and tells each document and range (with MILLISECONDS each document takes so
 * long; `stuck` never comes back from its first one).
 */
export async function runRebuildChild(storage: Storage, args: readonly string[]): Promise<void> {
  const [what, ...rest] = args;
  if (what === "write") await write(storage, rest[0] ?? "", Number(rest[1]));
  else await rebuildSheets(storage, rest);
  await storage.close();
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function write(storage: Storage, name: string, count: number): Promise<void> {
  const store = createStore<Sheet>({ collection: sheets, storage, projections: [linesOfSheets()] });
  let going = true;
  const input = createInterface({ input: process.stdin });
  input.once("close", () => {
    going = false;
  });
  for (let n = 0; going; n++) {
    try {
      await store.edit(sheetId((n * 7) % count), name, (draft) => {
        draft.lines.push(`${name}-${n}`);
        if (draft.lines.length > 5) draft.lines.splice(0, 3);
      });
      tell(`wrote ${n}`);
    } catch (error) {
      // beside other writers and killed processes: told, and so no loss
      const { code } = error as EverdraftError;
      if (code !== "conflict" && code !== "storage_busy" && code !== "indeterminate") throw error;
    }
  }
  await close(store);
}

async function rebuildSheets(
  storage: Storage,
  [target = "view", rangeSize, pace]: readonly string[],
): Promise<void> {
  const wait = new Int32Array(new SharedArrayBuffer(4));
  const projection = linesOfSheets((id) => {
    tell(`document ${id}`);
    if (pace !== undefined) Atomics.wait(wait, 0, 0, pace === "stuck" ? undefined : Number(pace));
  });
  const store = createStore<Sheet>({ collection: sheets, storage, projections: [projection] });
  await store.ready();
  tell("ready");
  await once(createInterface({ input: process.stdin }), "line");
  const result = await rebuild(store, {
    projection: target,
    rangeSize: Number(rangeSize),
    concurrency: 2,
    onProgress: ({ done }) => tell(`range ${done}`),
  });
  tell(`result ${JSON.stringify(result)}`);
  process.stdin.destroy();
  await close(store);
}

async function close(store: Store<Sheet>): Promise<void> {
  await store.close();
}
