import type { Snapshot, StoredCollection } from "@everdraft/core/adapter";
import { patient, portCall, type StoreBench } from "./store-bench.ts";

/** A document of many rows, of which an edit changes a few bytes. */
export interface Sheet {
  n: number;
  rows: Record<string, string>;
}

/** A sheet of about 100 bytes a row. */
export function sheet(rows: number): Sheet {
  const all = Array.from({ length: rows }, (_, i) => [`r${i}`, String(i % 10).repeat(90)] as const);
  return { n: 1, rows: Object.fromEntries(all) };
}

/** The bytes that an edit adds to a sheet, at the least: so many that a few dozen edits make a snapshot due. */
export const turnBytes = 1000;

/** Counts the sheet on and fills one row with text of its own. */
export function turn(draft: Sheet): void {
  draft.n++;
  draft.rows.turned = `${draft.n}`.padEnd(turnBytes, ".");
}

/**
 * "s" in so many versions, in which n is the version; ten at a time are written together, and have one time.
 * Gives their times.
 */
export async function sheetHistory(
  { open, clock }: StoreBench,
  size: { readonly length: number; readonly rows: number },
): Promise<number[]> {
  const store = open<Sheet>();
  await store.create("s", "alice", sheet(size.rows));
  for (let done = 1; done < size.length; ) {
    const chunk = Array.from({ length: Math.min(10, size.length - done) }, () => {
      done++;
      return store.edit("s", `user-${done % 7}`, turn, patient);
    });
    await Promise.all(chunk);
    clock.forward(1);
  }
  await store.close();
  return (await open<Sheet>().history("s").toArray()).map(({ at }) => at.getTime());
}

/** The snapshots of "s" up to a version, newest first. */
export async function snapshotsOf({ snapshots }: StoredCollection, head: number): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  for (let version = head; version > 0; ) {
    const { before } = await snapshots.around("s", { version }, portCall);
    if (before === undefined) break;
    found.push(before);
    version = before.version - 1;
  }
  return found;
}
