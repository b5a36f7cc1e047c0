import type { Session } from "../session.ts";
import type { OpenStore, State } from "../store/open-store.ts";

/** An event as export writes it. */
interface Exported {
  readonly id: unknown;
  readonly at: Date;
  readonly by: unknown;
  readonly reason?: string;
  readonly meta?: object;
}

/** A revision as export writes it and import reads it. */
export interface ExportedRevision extends Exported {
  /** Null where the document was deleted. */
  readonly state: State | null;
}

/** An event that changed nothing, as export writes it. Import passes it by. */
export interface ExportedBlank extends Exported {
  readonly type: "blank";
}

/** The revisions of a document, oldest first, without the events that changed nothing. */
export async function* revisionsOf(
  session: Session,
  open: OpenStore,
  id: unknown,
): AsyncGenerator<ExportedRevision> {
  for await (const event of eventsOf(session, open, id)) if ("state" in event) yield event;
}

/**
 * The events of a document, one line of an export each, oldest first. Versions and types are left out: import makes its own, so
 * an export that is imported and exported again is the same to the byte, but for the lines of events that changed nothing.
 */
export async function* eventsOf(
  { call }: Session,
  { store }: OpenStore,
  id: unknown,
): AsyncGenerator<ExportedRevision | ExportedBlank> {
  for await (const event of store.history(id, { order: "oldest", blanks: true, ...call })) {
    const { version, at, by, reason, type } = event;
    const meta = ownMeta(event.meta);
    const said = { ...(reason !== undefined && { reason }), ...(meta !== undefined && { meta }) };
    if (type === "blank") yield { id, at, by, type, ...said };
    else {
      const state = await store.stateAt(id, { version }, call);
      yield { id, at, by, state: state ?? null, ...said };
    }
  }
}

/** The user's meta of an event, without the origin of an import: the next import writes that anew. */
function ownMeta(meta: Readonly<Record<string, unknown>> | undefined): object | undefined {
  if (meta === undefined) return undefined;
  const { import: _origin, ...own } = meta;
  return Object.keys(own).length === 0 ? undefined : own;
}
