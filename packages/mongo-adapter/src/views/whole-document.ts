import type { BulkOperation, Document } from "../connection/driver.ts";

function entriesOf(document: object): readonly (readonly [unknown, unknown])[] {
  return document instanceof Map ? [...document] : Object.entries(document);
}

/**
 * An expression that gives a document as it is, whatever its names are: from names and values, since a literal document whose
 * first level has $ref and $id is taken for a reference by some servers.
 */
export function literalDocument(document: object): Document {
  return { $arrayToObject: { $literal: entriesOf(document) } };
}

/** The operation that writes the whole of a document over one that a filter describes, or where none is. */
export function documentReplaced(filter: Document, document: object, upsert: boolean): BulkOperation {
  // a replacement whose first level has such a name is taken for operators: the driver, or the server, refuses it
  const hasDollar = entriesOf(document).some(([name]) => String(name).startsWith("$"));
  if (!hasDollar) return { replaceOne: { filter, replacement: document, upsert } };
  return { updateOne: { filter, update: [{ $replaceWith: literalDocument(document) }], upsert } };
}
