import { join } from "node:path";
import { decode, type ValueTypes, valueTypes } from "@everdraft/core/adapter";
import { randomFrom } from "@everdraft/testkit/random";
import { openBare } from "./bare.ts";
import { makeOrder } from "./documents.ts";
import { interleave } from "./harness.ts";
import { printHeading, printRatio } from "./report.ts";
import { collection, inFolder, onStore } from "./scratch.ts";

const types: ValueTypes = valueTypes([]);
const documents = 500;

/** Reading the state now against the bare SELECT of its bytes, from the same file. */
export async function compareGet(): Promise<void> {
  printHeading("store.get (SQLite) against the bare SELECT of the same bytes, random documents of 500");
  for (const bytes of [1_000, 20_000]) await inFolder((folder) => compareAt(bytes, join(folder, "get.db")));
}

const compareAt = (bytes: number, file: string): Promise<void> =>
  onStore(file, async ({ store }) => {
    const idOf = (i: number): string => `order-${i}`;
    const revisions = Array.from({ length: documents }, (_, i) => ({
      id: idOf(i),
      at: new Date(0),
      by: "alice",
      state: makeOrder(bytes, i),
    }));
    await store.import(revisions);
    const engine = openBare(file);
    try {
      const select = engine.prepare(`SELECT state FROM "${collection}" WHERE id = ?`);
      const random = { ours: randomFrom(1), row: randomFrom(1), decoded: randomFrom(1) };
      const next = (of: keyof typeof random): string => idOf(Math.floor(random[of]() * documents));
      const stateOf = (id: string): Uint8Array => (select.get(id) as { state: Uint8Array }).state;
      const { ours, row, decoded } = await interleave({
        ours: () => store.get(next("ours")),
        row: () => stateOf(next("row")),
        decoded: () => decode(stateOf(next("decoded")), types),
      });
      printRatio(`get, ${bytes / 1_000} KB, against the bytes`, ours, row);
      printRatio(`get, ${bytes / 1_000} KB, against the bytes decoded`, ours, decoded);
    } finally {
      engine.close();
    }
  });
