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
  const raised = sets.filter((_, i) => !kept.has(i));
  const wanted = raised.flatMap((set) => placedRows(set).map((placed) => ({ set, placed })));
  const failed = await send(
    rows,
    wanted.map(({ set, placed }) => rowReplaced(set, placed, "lower")),
    deadline,
  );
  const met = new Set([...failed.keys()].map((i) => wanted[i]?.set));
  const written = raised.filter((set) => !met.has(set));
  if (written.length > 0) {
    const older = written.map((set): BulkOperation => {
      return { deleteMany: { filter: outdated(set, "lower") } };
    });
    await rows.bulkWrite(older, options());
    const whole = written.map((set) => ({ updateOne: markedWhole(set) }));
    const { matchedCount } = await documents.bulkWrite(whole, options());
    // whose mark was raised meanwhile only a look tells, and that is rare
    if (matchedCount < written.length)
      for (const { doc } of written) await takeBack(collections, doc, deadline);
  }
  const together = new Set(written);
  const outcomes: RowOutcome[] = [];
  for (const set of sets) {
    outcomes.push(together.has(set) ? "current" : await writeRows(collections, set, "lower", deadline));
    // a newer writer may have cleared up before those of its rows that nothing was in the way of were written
    if (met.has(set)) await takeBack(collections, set.doc, deadline);
  }
  return outcomes;
}
