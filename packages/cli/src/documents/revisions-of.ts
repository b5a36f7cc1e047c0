import type { Session } from "../session.ts";
import type { OpenStore, State } from "../store/open-store.ts";

/** A revision as export writes it and import reads it. */
export interface ExportedRevision {
  readonly id: unknown;
  readonly at: Date;
  readonly by: unknown;
  /** Null where the document was deleted. */
  readonly state: State | null;
  readonly reason?: string;
  readonly meta?: object;
}

/**
 * The revisions of a document, one for each event, oldest first. Versions and types are left out: import makes its own, so an
 * export that is imported and exported again is the same to the byte.
 */
export async function* revisionsOf(
  { call }: Session,
  { store }: OpenStore,
  id: unknown,
): AsyncGenerator<ExportedRevision> {
  for await (const { version, at, by, reason, meta } of store.history(id, {
    order: "oldest",
    ...call,
  })) {
    const state = await store.stateAt(id, { version }, call);
    const kept = ownMeta(meta);
    yield {
      id,
      at,
      by,
      state: state ?? null,
      ...(reason !== undefined && { reason }),
      ...(kept !== undefined && { meta: kept }),
    };
  }
}

/** The user's meta of an event, without the origin of an import: the next import writes that anew. */
function ownMeta(meta: Readonly<Record<string, unknown>> | undefined): object | undefined {
  if (meta === undefined) return undefined;
  const { import: _origin, ...own } = meta;
  return Object.keys(own).length === 0 ? undefined : own;
}
