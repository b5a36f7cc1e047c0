import { type DocumentId, idKey, type Refusal } from "@everdraft/core/adapter";
import type { CommandsDeadline } from "../connection/deadline.ts";
import type { Document, IndexedCollection } from "../connection/driver.ts";
import { indexesOf } from "../indexes/index-guard.ts";
import { namesIn } from "../indexes/index-names.ts";

/** An error of one operation, as the server answers it. Its text may quote the document. */
export interface WriteError {
  readonly code: number;
  readonly errmsg: string;
}

/** So many are kept of a collection: the others are refused without the reason. */
const keptAtMost = 10_000;

/** The part of an error that is kept: its text may be as long as the document that it quotes. */
interface Remembered {
  readonly code: number;
  /** The indexes that the text seems to name. */
  readonly named: readonly string[];
}

const kept = new WeakMap<IndexedCollection, Map<string, Remembered>>();

/** Remembers why the last write of a document's view or rows was refused, to be told when somebody asks. */
export function rememberRefusal(
  collection: IndexedCollection,
  id: DocumentId,
  { code, errmsg }: WriteError,
): void {
  const ofCollection = kept.get(collection) ?? new Map<string, Remembered>();
  kept.set(collection, ofCollection);
  const key = idKey(id);
  if (ofCollection.size < keptAtMost || ofCollection.has(key)) {
    ofCollection.set(key, { code, named: namesIn(errmsg) });
  }
}

/** Forgets it once a write was taken. */
export function forgetRefusal(collection: IndexedCollection, id: DocumentId): void {
  const ofCollection = kept.get(collection);
  if (ofCollection !== undefined && ofCollection.size > 0) ofCollection.delete(idKey(id));
}

/** Why the last write of a document's view or rows was refused, where this process did it. */
export async function refusalOf(
  collection: IndexedCollection,
  id: DocumentId,
  deadline: CommandsDeadline,
): Promise<Refusal | undefined> {
  const found = kept.get(collection)?.get(idKey(id));
  return found && explainRefusal(found, await indexesOf(collection, deadline));
}

interface Explanation {
  readonly codes: ReadonlySet<number>;
  /** Whether an index can be the one that refused. */
  readonly isIt: (kinds: readonly unknown[]) => boolean;
  /** The values that it takes, in words that follow the name of the index. */
  readonly takes: string;
}

// the codes of MongoDB's source (error_codes.yml, and numbers of places in the code that throw)
const explanations: readonly Explanation[] = [
  {
    codes: new Set([16755, 16572, 16804, 13026, 13027, 13068, 13654]),
    isIt: (kinds) => kinds.includes("2dsphere") || kinds.includes("2d"),
    takes: "takes only GeoJSON or a pair of coordinates",
  },
  {
    codes: new Set([16766]),
    isIt: (kinds) => kinds.includes("hashed"),
    takes: "takes no list (it is hashed)",
  },
  {
    codes: new Set([17261, 17262]),
    isIt: (kinds) => kinds.includes("text"),
    takes: "takes only languages that it knows, which a field `language` names in each document",
  },
  {
    codes: new Set([171, 10088]),
    isIt: (kinds) => kinds.length > 1,
    takes: "takes one list at most among its fields",
  },
  { codes: new Set([17280]), isIt: () => false, takes: "takes no value as long" },
  { codes: new Set([11000]), isIt: () => false, takes: "is unique, and another document has those values" },
];

const edit =
  "An edit that makes the document fit writes it; or drop the index, then repair, sweep or rebuild.";

/** Whether a field is one that the library fills, with values that any index takes. */
function isOurs(field: string): boolean {
  return field === "_id" || field.startsWith("_everdraft.");
}

/** The indexes of the user's own. */
function ownOf(indexes: readonly Readonly<Document>[]): readonly Readonly<Document>[] {
  return indexes.filter(({ key }) => !Object.keys(key ?? {}).every(isOurs));
}

/** Which of the user's own indexes may refuse a document, where this process knows of no answer; undefined where none does. */
export async function suspectedRefusal(
  collection: IndexedCollection,
  deadline: CommandsDeadline,
): Promise<Refusal | undefined> {
  const own = ownOf(await indexesOf(collection, deadline));
  const suspects = explanations.flatMap(({ isIt, takes }) =>
    own
      .filter(({ key }) => isIt(Object.values(key ?? {})))
      .map(({ name }) => `its index ${JSON.stringify(name)} ${takes}`),
  );
  if (suspects.length === 0) return undefined;
  return { reason: suspects.join("; "), remedy: edit, isSuspected: true };
}

/** An answer of the server in words of our own. `indexes` are those of the collection: only they are named. */
export function explainRefusal({ code, named }: Remembered, indexes: readonly Readonly<Document>[]): Refusal {
  const said = `code ${code}`;
  if (code === 121) {
    const reason = `its validator does not let the document pass (${said})`;
    return {
      reason,
      remedy:
        "An edit that makes it pass writes it; or take the validator away, then repair, sweep or rebuild.",
    };
  }
  if (code === 52) {
    const reason = `the server takes no name at the top of a document that begins with $ (${said})`;
    return {
      reason,
      remedy:
        "An edit that gives it another name writes it; or use a server that takes such names (MongoDB since 5.0), then repair, sweep or rebuild.",
    };
  }
  const explanation = explanations.find(({ codes }) => codes.has(code));
  const own = ownOf(indexes);
  const told = own.filter(({ name }) => named.some((one) => one === name));
  const suspects =
    told.length > 0 ? told : own.filter(({ key }) => explanation?.isIt(Object.values(key ?? {})));
  const names = suspects.map(({ name }) => JSON.stringify(name));
  if (names.length === 0) {
    const reason =
      explanation === undefined ? "the server will not take it" : `an index ${explanation.takes}`;
    return { reason: `${reason} (${said})`, remedy: edit };
  }
  const which = names.length === 1 ? `its index ${names[0]}` : `one of its indexes ${names.join(", ")}`;
  return { reason: `${which} ${explanation?.takes ?? "will not take it"} (${said})`, remedy: edit };
}
