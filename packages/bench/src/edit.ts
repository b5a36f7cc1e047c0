import { join } from "node:path";
import { type BareWrite, bareWriter, openBare } from "./bare.ts";
import { changeLine, makeOrder, type Order } from "./documents.ts";
import { type Candidate, interleave } from "./harness.ts";
import { type Meant, printHeading, printRatio } from "./report.ts";
import { collection, inFolder, type Opened, onStore, sizeName } from "./scratch.ts";

const editors = 64;
/** A size of documents, with the aims of one editor and of many. */
interface Size {
  readonly bytes: number;
  readonly one: number;
  readonly many?: number;
}

const sizes: readonly Size[] = [
  { bytes: 1_000, one: 1.8, many: 0.4 },
  { bytes: 20_000, one: 2.5, many: 1.6 },
  { bytes: 500_000, one: 6 },
];

/** A durable edit against the two statements that it cannot do without. */
export async function compareEdit(): Promise<void> {
  printHeading("A durable edit (SQLite) against a bare INSERT + UPSERT of the same bytes in one transaction");
  for (const size of sizes) {
    await inFolder((folder) =>
      onStore(join(folder, "everdraft.db"), async (opened) => {
        const engine = openBare(join(folder, "bare.db"));
        try {
          const rows = await rowsOfEdits(size.bytes, opened.store, join(folder, "everdraft.db"));
          await compareAt(size, opened, nextWriter(bareWriter(engine), rows));
        } finally {
          engine.close();
        }
      }),
    );
  }
}

/** The bytes that an edit writes. */
type Rows = { readonly event: Uint8Array; readonly state: Uint8Array };

/** Edits a document, 48 times where no number is told, and reads the bytes of each edit from the file. */
export async function rowsOfEdits(
  bytes: number,
  store: Opened<Order>["store"],
  file: string,
  edits = 48,
): Promise<Rows[]> {
  const id = `written-before-${bytes}`;
  await store.create(id, "alice", makeOrder(bytes, 0));
  const engine = openBare(file);
  try {
    const newest = engine.prepare(
      `SELECT record AS event, state FROM "${collection}.events" JOIN "${collection}" ON id = doc
      WHERE doc = ? ORDER BY "${collection}.events".version DESC LIMIT 1`,
    );
    const rows: Rows[] = [];
    for (let turn = 1; turn <= edits; turn++) {
      await store.edit(id, "bob", (draft) => changeLine(draft, turn));
      rows.push(newest.get(id) as Rows);
    }
    return rows;
  } finally {
    engine.close();
  }
}

/** Writes the next event and state of a document: those of the edits forth and back, so that each differs by one line from the last. */
export function nextWriter(write: BareWrite, rows: readonly Rows[]): (id: string) => void {
  const versions = new Map<string, number>();
  return (id) => {
    const version = (versions.get(id) ?? 0) + 1;
    versions.set(id, version);
    const place = version % (2 * rows.length - 2);
    const { event, state } = rows[place < rows.length ? place : 2 * rows.length - 2 - place] as Rows;
    write(id, version, event, state);
  };
}

async function compareAt(
  { bytes, one, many }: Size,
  { store }: Opened<Order>,
  writeNext: (id: string) => void,
): Promise<void> {
  const ids = Array.from({ length: many === undefined ? 1 : editors }, (_, i) => `order-${i}`);
  for (const [i, id] of ids.entries()) await store.create(id, "alice", makeOrder(bytes, i));
  const edit = (id: string, turn: number): Promise<unknown> =>
    store.edit(id, "bob", (draft) => changeLine(draft, turn));

  const alone = ids[0] as string;
  const oneEditor = await interleave({ ours: (turn) => edit(alone, turn), bare: () => writeNext(alone) });
  printRatio(`edit, ${sizeName(bytes)}`, oneEditor.ours, oneEditor.bare, atMost(one));
  if (many === undefined) return;

  const together: Candidate = (turn) => Promise.all(ids.map((id) => edit(id, turn)));
  const each: Candidate = () => {
    for (const id of ids) writeNext(id);
  };
  const both = await interleave({ ours: together, bare: each });
  printRatio(`${editors} editors at once, ${sizeName(bytes)}`, both.ours, both.bare, atMost(many));
}

/** An edit waits for the disk, so its aim is meant by the wall clock. */
const atMost = (value: number): Meant => ({ aim: { at: "most", value }, clock: "wall" });
