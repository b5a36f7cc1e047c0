import type { RowOutcome, RowSet } from "@everdraft/core/adapter";
import { durably } from "../connection/concerns.ts";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { BulkOperation } from "../connection/driver.ts";
import {
  markedWhole,
  markRaised,
  outdated,
  placedRows,
  type RowCollections,
  rowReplaced,
  send,
  takeBack,
  writeRows,
} from "./row-writes.ts";

/**
 * Replaces the rows of several documents over lower versions, in the steps of `writeRows`, each of them one bulk for all.
 * Documents that anything is in the way of are done once more, each by itself.
 */
export async function writeRowsTogether(
  collections: RowCollections,
  sets: readonly RowSet[],
  deadline: CommandsDeadline,
): Promise<readonly RowOutcome[]> {
  const { rows, documents } = collections;
  const options = () => ({ ordered: false, ...durably(deadline) });
  const kept = await send(
    documents,
    sets.map((set) => ({ updateOne: markRaised(set, "lower") })),
    deadline,
  );
  const raised = sets.flatMap((set, place) => (kept.has(place) ? [] : [{ set, place }]));
  const wanted = raised.flatMap(({ set, place }) =>
    placedRows(set).map((placed) => ({ set, place, placed })),
  );
  const failed = await send(
    rows,
    wanted.map(({ set, placed }) => rowReplaced(set, placed, "lower")),
    deadline,
  );
  const met = new Set([...failed.keys()].map((i) => wanted[i]?.place));
  const written = raised.filter(({ place }) => !met.has(place));
  if (written.length > 0) {
    const older = written.map(({ set }): BulkOperation => {
      return { deleteMany: { filter: outdated(set, "lower") } };
    });
    await rows.bulkWrite(older, options());
    const whole = written.map(({ set }) => ({ updateOne: markedWhole(set) }));
    const { matchedCount } = await documents.bulkWrite(whole, options());
    // whose mark was raised meanwhile only a look tells, and that is rare
    if (matchedCount < written.length)
      for (const { set } of written) await takeBack(collections, set.doc, deadline);
  }
  const together = new Set(written.map(({ place }) => place));
  const outcomes: RowOutcome[] = [];
  for (const [place, set] of sets.entries()) {
    outcomes.push(together.has(place) ? "current" : await writeRows(collections, set, "lower", deadline));
    // a newer writer may have cleared up before those of its rows that nothing was in the way of were written
    if (met.has(place)) await takeBack(collections, set.doc, deadline);
  }
  return outcomes;
}
