import { join } from "node:path";
import { encode, type StoredEvent, type ValueTypes, valueTypes } from "@everdraft/core/adapter";
import { type BareWrite, bareWriter, openBare } from "./bare.ts";
import { changeLine, makeOrder, type Order } from "./documents.ts";
import { type Candidate, interleave } from "./harness.ts";
import { printHeading, printRatio } from "./report.ts";
import { collection, inFolder, type Opened, onStore } from "./scratch.ts";

const types: ValueTypes = valueTypes([]);
const editors = 64;
const aim = { at: "most", value: 1.5 } as const;

/** A durable edit against the two statements that it cannot do without. */
export async function compareEdit(): Promise<void> {
  printHeading("A durable edit (SQLite) against a bare INSERT + UPSERT of the same bytes in one transaction");
  for (const bytes of [1_000, 20_000]) {
    await inFolder((folder) =>
      onStore(join(folder, "everdraft.db"), async (opened) => {
        const engine = openBare(join(folder, "bare.db"));
        try {
          await compareAt(bytes, opened, bareWriter(engine));
        } finally {
          engine.close();
        }
      }),
    );
  }
}

async function compareAt(bytes: number, { store, storage }: Opened<Order>, write: BareWrite): Promise<void> {
  const ids = Array.from({ length: editors }, (_, i) => `order-${i}`);
  for (const [i, id] of ids.entries()) await store.create(id, "alice", makeOrder(bytes, i));
  const edit = (id: string, turn: number): Promise<unknown> =>
    store.edit(id, "bob", (draft) => changeLine(draft, turn));

  const alone = ids[0] as string;
  const { log, views } = await storage.open(collection, { timeoutMs: 1_000 });
  const { version } = await store.edit(alone, "bob", (draft) => changeLine(draft, 1));
  const event = (await log.head(alone, version, { timeoutMs: 1_000 })) as StoredEvent;
  const state = (await views.get([alone], { timeoutMs: 1_000 }))[0]?.state;
  const rows = { event: encode(event, types), state: encode(state, types) };
  const versions = new Map<string, number>();
  const writeNext = (id: string): void => {
    const next = (versions.get(id) ?? 0) + 1;
    versions.set(id, next);
    write(id, next, rows.event, rows.state);
  };

  const oneEditor = await interleave({ ours: (turn) => edit(alone, turn), bare: () => writeNext(alone) });
  const size = `${bytes / 1_000} KB (event ${rows.event.length} B, state ${rows.state.length} B)`;
  printRatio(`edit, ${size}`, oneEditor.ours, oneEditor.bare, aim);

  const together: Candidate = (turn) => Promise.all(ids.map((id) => edit(id, turn)));
  const each: Candidate = () => {
    for (const id of ids) writeNext(id);
  };
  const many = await interleave({ ours: together, bare: each });
  printRatio(`${editors} editors at once, ${bytes / 1_000} KB`, many.ours, many.bare, aim);
}
