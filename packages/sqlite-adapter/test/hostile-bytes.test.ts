// Whoever has the file can write anything into the log. What is read then is what was stored, or an error that says
// which document and version cannot be trusted; never something else.
import { createStore, type Store } from "@everdraft/core";
import { expect, test, vi } from "vitest";
import type { Bound } from "../src/engine/engine.ts";
import { eventColumns } from "../src/log/event-row.ts";
import { newPath, rawAt, storageAt } from "./support/fixtures.ts";
import { answers, verdictOf } from "./support/hostile.ts";

vi.setConfig({ testTimeout: 240_000 });

type Note = Record<string, unknown>;
type Cell = string | number | bigint | Uint8Array | null;

const columns = eventColumns.split(", ").map((column) => column.replaceAll('"', ""));
const versions = [1, 2, 3, 4, 5];
// what the engine itself cannot read is told of the file
const ofTheFile = ["storage_corrupt"];

/** A document in five versions, with every kind of value and of event that damage could hide in. */
async function written(store: Store<Note>): Promise<void> {
  const first = {
    text: "é",
    n: 1.5,
    when: new Date(5),
    bytes: Uint8Array.of(7, 8),
    list: [{ id: "a" }, null],
  };
  await store.create("n-1", "alice", first, { reason: "begins", meta: { desk: 1 } });
  await store.edit("n-1", "bob", (draft) => void Object.assign(draft, { n: 2, more: [true] }), { key: "k" });
  await store.delete("n-1", "carol");
  await store.restore("n-1", "dave");
  await store.revert("n-1", "erin", { version: 1 });
}

/** Every cell with each of its bytes changed by one bit, then by all, with one byte less, and with nothing left. */
function* damagesOf(cell: Cell): Generator<Cell> {
  if (typeof cell === "number" || typeof cell === "bigint") {
    const number = Number(cell);
    yield* [number + 1, number - 1, -number - 1, number + 0.5, 2 ** 53, null, "x"];
    return;
  }
  const bytes = cell === null ? new Uint8Array() : typeof cell === "string" ? Buffer.from(cell) : cell;
  for (const [i, byte] of bytes.entries()) {
    for (const mask of [1, 0x20, 0xff]) yield withByte(bytes, i, byte ^ mask);
  }
  yield* [bytes.slice(1), bytes.slice(0, -1), new Uint8Array(), 5];
  if (cell !== null) yield null;
}

function withByte(bytes: Uint8Array, i: number, byte: number): Uint8Array {
  const damaged = Uint8Array.from(bytes);
  damaged[i] = byte;
  return damaged;
}

test("no byte of a stored event can be changed so that something wrong is read", async () => {
  const path = newPath();
  const storage = storageAt(path);
  const open = () => createStore<Note>({ collection: "notes", storage, cache: { maxBytes: 0 } });
  await written(open());
  const store = open();
  const truth = await answers(store, versions, ofTheFile);
  expect(truth).not.toContain("refused");

  const raw = rawAt(path);
  let [changed, refused] = [0, 0];
  for (const version of versions) {
    const [row] = raw.prepare(`SELECT rowid AS place, * FROM "notes.events" WHERE version = ?`).all(version);
    const { place, ...cells } = row as Record<string, Cell> & { place: number };
    for (const column of columns) {
      const before = cells[column] as Cell;
      const isText = column !== "record";
      for (const damage of damagesOf(before)) {
        // a text stays one whatever its bytes
        const cast = isText && damage instanceof Uint8Array ? "CAST(? AS TEXT)" : "?";
        const set = `UPDATE "notes.events" SET "${column}" = ${cast} WHERE rowid = ?`;
        try {
          raw.prepare(set).run(damage as Bound, place);
        } catch {
          // the table's own rules refuse it
          continue;
        }
        changed++;
        for (const [i, answer] of (await answers(store, versions, ofTheFile)).entries()) {
          if (answer === "refused") refused++;
          else
            expect({ version, column, damage, i, answer }).toEqual({
              version,
              column,
              damage,
              i,
              answer: truth[i],
            });
        }
        const verified = await verdictOf(store, ofTheFile);
        expect({ version, column, damage, verified }).not.toMatchObject({ verified: "whole" });
        raw.prepare(`UPDATE "notes.events" SET "${column}" = ? WHERE rowid = ?`).run(before as Bound, place);
      }
    }
  }
  expect(await answers(store, versions, ofTheFile)).toEqual(truth);
  expect(changed).toBeGreaterThan(1_000);
  expect(refused).toBeGreaterThan(changed);
});
