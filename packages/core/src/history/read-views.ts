import { DriftError } from "../errors/drift-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { Deadline } from "../port/deadline.ts";
import type { View } from "../port/view.ts";
import type { ViewStore } from "../port/view-store.ts";

/** A view as it is found: none, or one that its storage cannot even read. */
export type FoundView = View | "unreadable" | undefined;

/** The views of these documents, in their order. One that cannot be read keeps nothing from the others. */
export async function readViews(
  views: ViewStore,
  ids: readonly DocumentId[],
  deadline: Deadline,
): Promise<readonly FoundView[]> {
  try {
    return await views.get(ids, deadline.call());
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    if (ids.length === 1) return ["unreadable"];
    const found = await Promise.all(ids.map((id) => readViews(views, [id], deadline)));
    return found.flat();
  }
}
