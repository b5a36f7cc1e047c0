import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { pipeline as pipe } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Revision } from "@everdraft/core";
import { isPlain, valueTypes } from "@everdraft/core/adapter";
import { checkId, checkUser, normalise, normaliseState } from "@everdraft/core/internals";
import type { Codec } from "../documents/ejson.ts";
import { dateOf } from "../documents/moment.ts";
import { FailedError, messageOf, UsageError } from "../failure.ts";
import type { Session } from "../session.ts";
import type { OpenStore } from "../store/open-store.ts";
import { counted } from "../text/text.ts";
import { utf8 } from "../text/utf8.ts";
import type { ImportSource } from "./source.ts";

const faultsShown = 10;

/**
 * Revisions as JSON Lines, as export writes them: { id, at, by, state, reason?, meta? }, state null for a deletion;
 * gzipped where the name ends so. Lines of events that changed nothing, { id, at, by, type: "blank" }, are passed by. The whole file is looked at first: a line that is left out would shift the
 * numbers by which a rerun knows what it has stored. Throws FailedError that names the lines that cannot be read.
 */
export async function jsonlSource(
  session: Session,
  { codec, connected: { storage } }: Pick<OpenStore, "codec" | "connected">,
  file: string,
): Promise<ImportSource> {
  const spooled = file === "-" ? await spool(session) : undefined;
  const path = spooled?.file ?? resolve(session.terminal.cwd, file);
  const title = file === "-" ? "standard input" : file;
  const close = async (): Promise<void> => {
    if (spooled !== undefined) await rm(spooled.folder, { recursive: true, force: true });
  };
  const newest = new Map<string, number>();
  const { idKinds, valueTypes: declared } = storage.capabilities;
  const types = valueTypes(declared);
  const faults: string[] = [];
  let [total, blanks] = [0, 0];
  for await (const line of linesOf(path, file, session.signal)) {
    if (isEmpty(line.bytes)) continue;
    try {
      const revision = revisionOf(codec, line.bytes);
      if (revision === undefined) {
        blanks++;
        continue;
      }
      total++;
      const { id: given, at, by, state, meta } = revision;
      // the store itself would refuse it too, but only after the lines before it are stored
      const id = checkId(given, idKinds);
      checkUser(by, idKinds);
      if (state !== null) normaliseState(state, id, types);
      if (meta !== undefined) normalise(meta, types);
      const key = codec.line(id);
      if (at.getTime() < (newest.get(key) ?? Number.NEGATIVE_INFINITY))
        throw new Error("at is before that of the revision before it of the same document.");
      if (at.getTime() > session.now()) throw new Error("at is in the future.");
      newest.set(key, at.getTime());
    } catch (error) {
      faults.push(`  line ${line.number}: ${messageOf(error)}`);
    }
  }
  if (faults.length > 0) {
    await close();
    const rest = faults.length - faultsShown;
    const shown = [...faults.slice(0, faultsShown), ...(rest > 0 ? [`  … and ${rest} more`] : [])];
    throw new FailedError(
      `${counted(faults.length, "line")} of ${title} cannot be read, so nothing was imported:\n${shown.join("\n")}`,
    );
  }
  async function* revisions(): AsyncGenerator<Revision<object, unknown>> {
    for await (const { bytes } of linesOf(path, file, session.signal))
      if (!isEmpty(bytes)) {
        const revision = revisionOf(codec, bytes);
        if (revision !== undefined) yield revision;
      }
  }
  const name = `jsonl:${file === "-" ? "stdin" : basename(file)}`;
  return { name, title, documents: newest.size, total, revisions, leftOut: [], blanks, close };
}

function isEmpty(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}

async function spool({ terminal, signal }: Session): Promise<{ folder: string; file: string }> {
  const folder = await mkdtemp(join(tmpdir(), "everdraft-import-"));
  const file = join(folder, "stdin");
  await pipe(terminal.input, createWriteStream(file, { mode: 0o600 }), { signal });
  return { folder, file };
}

async function* linesOf(
  path: string,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<{ number: number; bytes: Buffer }> {
  const file = createReadStream(path);
  const input: Readable = name.endsWith(".gz") ? pipeline(file, createGunzip(), () => {}) : file;
  let number = 0;
  // of a long line there are many pieces
  let pieces: Buffer[] = [];
  const line = (last: Buffer) => {
    const bytes = Buffer.concat([...pieces, last]);
    pieces = [];
    return { number: ++number, bytes };
  };
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        yield line(chunk.subarray(from, end));
        from = end + 1;
      }
      pieces.push(chunk.subarray(from));
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new UsageError(`The file ${JSON.stringify(name)} cannot be read: ${messageOf(cause)}.`);
  }
  yield line(Buffer.alloc(0));
}

const fields = ["id", "at", "by", "state", "reason", "meta"];

/** The revision of a line, or undefined where the line tells an event that changed nothing. */
function revisionOf(codec: Codec, line: Uint8Array): Revision<object, unknown> | undefined {
  const value = codec.parse(utf8(line));
  if (!isPlain(value)) throw new Error("it is no object.");
  if (value.type === "blank" && value.state === undefined) return undefined;
  const unknown = Object.keys(value).find((field) => !fields.includes(field));
  if (unknown !== undefined)
    throw new Error(`it has a field ${JSON.stringify(unknown)}; there are ${fields.join(", ")}.`);
  const { id, at, by, state, reason, meta } = value;
  if (id === undefined) throw new Error("id is missing.");
  const time = at instanceof Date ? at : typeof at === "string" ? dateOf(at) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) throw new Error("at is no date (ISO 8601).");
  if (typeof by !== "string" && typeof by !== "object" && typeof by !== "number")
    throw new Error("by is missing.");
  if (state !== null && !isPlain(state)) throw new Error("state is neither an object nor null.");
  if (reason !== undefined && typeof reason !== "string") throw new Error("reason is no text.");
  if (meta !== undefined && !isPlain(meta)) throw new Error("meta is no object.");
  return {
    // the two kinds of user that there are, by the check above
    id,
    at: time,
    by: by as string,
    state,
    ...(reason !== undefined && { reason }),
    ...(meta !== undefined && { meta }),
  };
}
