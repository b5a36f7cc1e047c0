import { hash } from "node:crypto";
import type { DocumentId } from "../model/document-id.ts";
import { eventFormat, numberOfType } from "../model/event.ts";
import { digestLength, headerLength, isHeader, linkOf, namesIn, place } from "../model/header.ts";
import { isPatches, type Patch } from "../model/patch.ts";
import { payloadState, saltLength } from "../model/record.ts";
import type { RecordPage } from "../model/record-page.ts";
import { applyPatches, isPath } from "../patch/apply-patches.ts";
import { encode } from "../value/canonical.ts";
import { decode } from "../value/canonical-decode.ts";
import { seal } from "../value/seal.ts";
import { isPlain, type PlainObject } from "../value/value.ts";
import type { ValueTypes } from "../value/value-type.ts";
import { fold } from "./fold.ts";
import type { Folded } from "./folded.ts";
import type { Stamp } from "./stamp.ts";

/*
 * The fold of records, which decodes no more than patches. It says yes only: where anything is not as it should be, the fold of
 * events is asked, which has the words of a fault.
 */

/** How far a fold of records is. Hashes are texts in latin1: comparing them costs no object. */
interface Progress {
  version: number;
  at: number;
  hash: string;
  schema: number;
  since: number;
  state: PlainObject | undefined;
  /** The record of the newest event that is no blank; -1 where it is that of before. */
  changed: number;
  readonly owned: Set<object>;
}

/** The parts of a fold that stay the same from record to record. */
interface Fixed {
  readonly page: RecordPage;
  /** The bytes of the page. */
  readonly bytes: Buffer;
  /** The canonical bytes of the document's id. */
  readonly doc: Uint8Array;
  readonly types: ValueTypes;
}

/** The document after the records, as `fold` gives it for their events. Throws as it does. */
export function foldRecords(start: Folded, page: RecordPage, doc: DocumentId, types: ValueTypes): Folded {
  const { buffer, byteOffset, length } = page.bytes;
  const fixed = { page, bytes: Buffer.from(buffer, byteOffset, length), doc: encode(doc, types), types };
  const progress: Progress = {
    version: start.version,
    at: start.lastAt,
    hash: latin1Of(start.hash),
    schema: start.schema,
    since: start.since,
    state: start.state,
    changed: -1,
    owned: new Set(),
  };
  for (let i = 0; i < page.length; i++) {
    if (goOn(progress, i, fixed)) continue;
    // from the start: a part of the patches may have been applied
    const events = Array.from({ length: i + 1 }, (_, at) =>
      page.event(at, doc, start.version + at + 1, types),
    );
    return foldRecords(fold(start, events, doc, types), page.part(i + 1), doc, types);
  }
  return page.length === 0 ? start : foldedAt(start, progress, fixed);
}

/** Takes one more record in; false where it is not surely the next one. */
function goOn(progress: Progress, i: number, fixed: Fixed): boolean {
  const { bytes } = fixed;
  const [start, end] = [fixed.page.start(i), fixed.page.end(i)];
  const header = isNext(progress, { start, end }, fixed);
  if (header === 0) return false;
  const salted = start + header + digestLength + 1;
  const digest = hash("sha256", bytes.subarray(salted, end), "binary");
  if (digest !== bytes.toString("latin1", start + place.digest, start + place.list)) return false;
  const link = linkOf(bytes.subarray(start, start + header), progress.hash, "binary");
  if (link !== bytes.toString("latin1", start + header, start + header + digestLength)) return false;
  const patches = patchesOf(bytes.subarray(salted + saltLength, end), fixed.types);
  if (patches === undefined || !applyTo(progress, patches)) return false;
  progress.version++;
  progress.at = bytes.readDoubleBE(start + place.at);
  progress.schema = bytes.readUInt32BE(start + place.schema);
  progress.hash = link;
  progress.since += end - start;
  if (bytes[start + place.type] !== blank) progress.changed = i;
  return true;
}

const blank = numberOfType("blank");

/** The length of the header of a record whose fixed fields make it the next one; else 0. */
function isNext(
  { version, at }: Progress,
  { start, end }: { readonly start: number; readonly end: number },
  { bytes, doc, types }: Fixed,
): number {
  if (end - start < place.list + digestLength + 1 + saltLength || bytes[start] !== eventFormat) return 0;
  const header = headerLength(bytes, start);
  if (end - start < header + digestLength + 1 + saltLength) return 0;
  if (bytes[start + header + digestLength] !== payloadState.whole) return 0;
  if (!isHeader(bytes.subarray(start, start + header), types)) return 0;
  if (bytes.readDoubleBE(start + place.version) !== version + 1) return 0;
  if (!(bytes.readDoubleBE(start + place.at) >= at)) return 0;
  // behind the tag and the count of the list
  const docAt = start + place.list + 2;
  return bytes.compare(doc, 0, doc.length, docAt, docAt + doc.length) === 0 ? header : 0;
}

function patchesOf(payload: Buffer, types: ValueTypes): readonly Patch[] | undefined {
  let content: unknown;
  try {
    content = decode(payload, types);
  } catch {
    return undefined;
  }
  if (!isPlain(content)) return undefined;
  const { patches, reason, meta, given, list } = content;
  if (list !== undefined || !isPatches(patches)) return undefined;
  if (!isTextOrNothing(reason) || !isTextOrNothing(given)) return undefined;
  if (meta !== undefined && !isPlain(meta)) return undefined;
  return patches.every(({ path }) => isPath(path)) ? patches : undefined;
}

function isTextOrNothing(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function applyTo(progress: Progress, patches: readonly Patch[]): boolean {
  try {
    const after = applyPatches(progress.state, patches, progress.owned);
    if (after !== undefined && !isPlain(after)) return false;
    progress.state = after;
    return true;
  } catch {
    return false;
  }
}

function foldedAt(start: Folded, progress: Progress, fixed: Fixed): Folded {
  const { version, at: lastAt, since, state, schema, changed: told } = progress;
  const hash = Buffer.from(progress.hash, "latin1").toString("base64url");
  const { changed, at, by, eventId } = told < 0 ? start : toldBy(fixed, told);
  return { version, hash, schema, changed, at, by, eventId, state: seal(state), lastAt, since };
}

/** The facts of a record that readers are told. Its hash was checked. */
function toldBy({ page, bytes, types }: Fixed, i: number): Omit<Stamp, "version" | "hash" | "schema"> {
  const start = page.start(i);
  const length = headerLength(bytes, start);
  const { by, id: eventId } = namesIn(bytes.subarray(start, start + length), types);
  return { changed: page.version(i), at: page.at(i), by, eventId };
}

function latin1Of(hash: string): string {
  return Buffer.from(hash, "base64url").toString("latin1");
}
