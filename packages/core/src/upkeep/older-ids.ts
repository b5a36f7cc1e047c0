import type { Resources } from "../context/resources.ts";
import { DriftError } from "../errors/drift-error.ts";
import type { DocumentId } from "../model/document-id.ts";
import type { Deadline } from "../port/deadline.ts";
import { olderThan } from "../read/other-schemas.ts";

/** A page of the living documents of an older schema than the store's, in the order of ids. A short page is the last one. */
export async function olderIds(
  resources: Resources,
  after: DocumentId | undefined,
  size: number,
  deadline: Deadline,
): Promise<readonly DocumentId[]> {
  const { version } = resources.schema;
  if (version === 1) return [];
  const { views } = await resources.opened(deadline);
  const behind = after !== undefined && { after: { id: after, values: [] } };
  const query = { filter: {}, sort: [], select: [], limit: size, schema: olderThan(version), ...behind };
  try {
    return (await views.find(query, deadline.call())).map(({ id }) => id);
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    // one whose view cannot be read keeps nothing from the others: it is met when it is to be migrated
    if (size === 1) return [error.details.id as DocumentId];
    const ids: DocumentId[] = [];
    while (ids.length < size) {
      const [next] = await olderIds(resources, ids.at(-1) ?? after, 1, deadline);
      if (next === undefined) break;
      ids.push(next);
    }
    return ids;
  }
}
