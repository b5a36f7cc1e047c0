import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { pipeline as pipe } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Revision } from "@everdraft/core";
import { isPlain } from "@everdraft/core/adapter";
import type { Codec } from "../ejson.ts";
import { FailedError, UsageError } from "../failure.ts";
import { dateOf } from "../moment.ts";
import type { OpenStore } from "../open-store.ts";
import type { Session } from "../session.ts";
import { counted } from "../text/text.ts";
import type { ImportSource } from "./source.ts";

const faultsShown = 10;

/**
 * Revisions as JSON Lines, as export writes them: { id, at, by, state, reason?, meta? }, state null for a deletion;
 * gzipped where the name ends so. The whole file is looked at first: a line that is left out would shift the
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
  const { idKinds } = storage.capabilities;
  const faults: string[] = [];
  let total = 0;
  for await (const line of linesOf(path, file, session.signal)) {
    if (line.text.trim() === "") continue;
    total++;
    try {
      const { id, at, by } = revisionOf(codec, line.text);
      for (const [what, value] of Object.entries({ id, by }))
        if (!idKinds.some((kind) => kind.is(value))) throw new Error(`${what} is none of ${names(idKinds)}.`);
      const key = codec.line(id);
      if (at.getTime() < (newest.get(key) ?? Number.NEGATIVE_INFINITY))
        throw new Error("at is before that of the revision before it of the same document.");
      if (at.getTime() > session.now()) throw new Error("at is in the future.");
      newest.set(key, at.getTime());
    } catch (error) {
      faults.push(`  line ${line.number}: ${(error as Error).message}`);
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
    for await (const { text } of linesOf(path, file, session.signal))
      if (text.trim() !== "") yield revisionOf(codec, text);
  }
  const name = `jsonl:${file === "-" ? "stdin" : basename(file)}`;
  return { name, title, documents: newest.size, total, revisions, leftOut: [], close };
}

function names(kinds: readonly { readonly name: string }[]): string {
  return kinds.map(({ name }) => name).join(", ");
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
): AsyncGenerator<{ number: number; text: string }> {
  const file = createReadStream(path);
  const input: Readable = name.endsWith(".gz") ? pipeline(file, createGunzip(), () => {}) : file;
  let number = 0;
  // of a long line there are many pieces
  let pieces: string[] = [];
  try {
    for await (const chunk of input.setEncoding("utf8")) {
      signal.throwIfAborted();
      const parts = String(chunk).split("\n");
      for (const part of parts.slice(0, -1)) {
        yield { number: ++number, text: pieces.join("") + part };
        pieces = [];
      }
      pieces.push(parts.at(-1) ?? "");
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new UsageError(`The file ${JSON.stringify(name)} cannot be read: ${(cause as Error).message}.`);
  }
  yield { number: ++number, text: pieces.join("") };
}

function revisionOf(codec: Codec, text: string): Revision<object, unknown> {
  const value = codec.parse(text);
  if (!isPlain(value)) throw new Error("it is no object.");
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
    ...{ id, at: time, by: by as string, state },
    ...(reason !== undefined && { reason }),
    ...(meta !== undefined && { meta }),
  };
}
