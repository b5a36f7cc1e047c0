import { ProjectionError } from "../errors/projection-error.ts";
import type { Deadline } from "../port/deadline.ts";
import type { RowSet, RowStore } from "../port/row-store.ts";
import type { AnyProjection } from "../projection/define-projection.ts";
import { whyRefused } from "./view-refused.ts";

/** The error for rows that their collection refuses, with the reason as far as its storage tells. */
export async function rowsRefused(
  rows: RowStore,
  { name }: AnyProjection,
  { doc, version }: RowSet,
  deadline: Deadline,
): Promise<ProjectionError> {
  const { reason, remedy } = await whyRefused(rows, doc, deadline);
  return new ProjectionError({
    projection: name,
    id: doc,
    version,
    reason: `the collection of its rows refuses them: ${reason}`,
    remedy,
  });
}
