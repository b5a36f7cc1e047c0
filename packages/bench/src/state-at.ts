import { join } from "node:path";
import { decode, type ValueTypes, valueTypes } from "@everdraft/core/adapter";
import { randomFrom } from "@everdraft/testkit/random";
import { openBare } from "./bare.ts";
import { interleave } from "./harness.ts";
import { events, writeHistory } from "./history.ts";
import { printHeading, printRatio } from "./report.ts";
import { collection, inFolder, onStore, sizeName } from "./scratch.ts";

const types: ValueTypes = valueTypes([]);

/** An earlier state against reading its parts: the snapshot before it and the events in between. */
export async function compareStateAt(): Promise<void> {
  printHeading(
    `store.stateAt (SQLite) against reading the same snapshot and events, random versions of ${events}`,
  );
  for (const bytes of [1_000, 20_000]) {
    await inFolder((folder) => compareAt(bytes, join(folder, "state-at.db")));
  }
}

/** The parts of an earlier state, as bytes. */
type ReadBytes = (version: number) => readonly Uint8Array[];

const compareAt = (bytes: number, file: string): Promise<void> =>
  onStore(file, async ({ store }) => {
    const id = await writeHistory(store, bytes);
    const engine = openBare(file);
    try {
      const read = rawReader(engine, id);
      const random = { ours: randomFrom(1), rows: randomFrom(1), decoded: randomFrom(1) };
      const next = (of: keyof typeof random): number => 1 + Math.floor(random[of]() * events);
      const { ours, rows, decoded } = await interleave({
        ours: () => store.stateAt(id, { version: next("ours") }),
        rows: () => read(next("rows")),
        decoded: () => read(next("decoded")).map((row) => decode(row, types)),
      });
      const aim = { at: "most", value: bytes === 1_000 ? 1.6 : 1.2 } as const;
      printRatio(`stateAt, ${sizeName(bytes)}, against the bytes`, ours, rows);
      printRatio(`stateAt, ${sizeName(bytes)}, against the bytes decoded`, ours, decoded, { aim });
    } finally {
      engine.close();
    }
  });

/** Reads the snapshot before a version of a document and the events in between, from the file of a store. */
export function rawReader(engine: ReturnType<typeof openBare>, doc: string): ReadBytes {
  const snapshot = engine.prepare(
    `SELECT version, state FROM "${collection}.snapshots" WHERE doc = ? AND version <= ?
    ORDER BY version DESC LIMIT 1`,
  );
  const between = engine.prepare(
    `SELECT record FROM "${collection}.events" WHERE doc = ? AND version > ? AND version <= ?
    ORDER BY version`,
  );
  return (version) => {
    const before = snapshot.get(doc, version) as { version: number; state: Uint8Array } | undefined;
    const rows = between.all(doc, before?.version ?? 0, version) as { record: Uint8Array }[];
    const payloads = rows.map(({ record }) => payloadOf(record));
    return before === undefined ? payloads : [before.state, ...payloads];
  };
}

/** The payload within a record, which begins behind its header, hash, state and salt. */
function payloadOf(record: Uint8Array): Uint8Array {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  return record.subarray(view.getUint32(4) + 32 + 1 + 16);
}
