import { isPlain } from "@everdraft/core/adapter";
import type { DBRef, Document } from "mongodb";
import type { BulkOperation } from "../connection/driver.ts";

/** A document that is to be stored: an object, or a Map where a name in it is one of the driver's own. */
type Stored = Document | ReadonlyMap<string, unknown>;

function entriesOf(document: Stored): readonly (readonly [string, unknown])[] {
  return document instanceof Map ? [...document] : Object.entries(document);
}

/**
 * An expression that gives a document as it is, whatever its names are: from names and values, since a literal document whose
 * first level has $ref and $id is taken for a reference by some servers.
 */
export function literalDocument(document: Stored): Document {
  return { $arrayToObject: { $literal: entriesOf(document) } };
}

/** The operation that writes the whole of a document over one that a filter describes, or where none is. */
export function documentReplaced(filter: Document, document: Document, upsert: boolean): BulkOperation {
  // a replacement whose first level has such a name is taken for operators: the driver, or the server, refuses it
  const hasDollar = entriesOf(document).some(([name]) => name.startsWith("$"));
  if (!hasDollar) return { replaceOne: { filter, replacement: document, upsert } };
  return { updateOne: { filter, update: [{ $replaceWith: literalDocument(document) }], upsert } };
}

/** The names and values of a document that was read, in the order in which they are stored. */
export function namesIn(document: Document): readonly (readonly [string, unknown])[] {
  if (isPlain(document)) return Object.entries(document);
  // with $ref and $id the driver takes the document for a reference; the server has the id of a document first, and the
  // library has these names behind it
  const { collection, oid, db, fields } = document as DBRef;
  const { _id, ...rest } = fields;
  const reference = { _id, $ref: collection, $id: oid, ...(db !== undefined && { $db: db }) };
  return Object.entries({ ...reference, ...rest });
}
