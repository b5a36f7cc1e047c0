import { UsageError } from "../failure.ts";
import type { Session } from "../session.ts";
import type { OpenStore } from "../store/open-store.ts";

/**
 * The document's id that a text on the command line means. A text is a text; where no document has it, and the
 * storage has other kinds of id, one of those that looks like it is taken: 42, 24 hexadecimal digits, a UUID.
 * Extended JSON says it outright: {"$oid": "…"}.
 */
export async function findId(session: Session, open: OpenStore, text: string): Promise<unknown> {
  if (text.startsWith('{"$')) return open.codec.parse(text);
  if (text === "") throw new UsageError("An id cannot be empty.");
  const { idKinds } = open.connected.storage.capabilities;
  for (const id of [text, ...likely(text, open)]) {
    if (!idKinds.some((kind) => kind.is(id))) continue;
    const [first] = await open.store.history(id, { limit: 1, ...session.call }).toArray();
    if (first !== undefined || (await open.store.exists(id, session.call))) return id;
  }
  return text;
}

function* likely(text: string, { codec, connected }: OpenStore): Iterable<unknown> {
  if (/^-?\d{1,15}$/.test(text)) yield Number(text);
  const names = connected.storage.capabilities.valueTypes.map(({ name }) => name);
  if (names.includes("ObjectId") && /^[0-9a-f]{24}$/i.test(text)) yield codec.decode({ $oid: text });
  if (names.includes("UUID") && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    yield codec.decode({ $uuid: text });
}

/** An id as people read it, also one that no document can have. */
export function idText(id: unknown): string {
  if (typeof id === "string") return id;
  const isShown = typeof id !== "object" || id === null || Object.getPrototypeOf(id) !== Object.prototype;
  return isShown ? String(id) : JSON.stringify(id);
}

/** A document as progress shows it. */
export function positionOf(position: unknown): string | undefined {
  return position === undefined ? undefined : idText(position);
}
