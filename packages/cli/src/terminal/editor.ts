import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buffer as readAll } from "node:stream/consumers";
import { shellWord } from "@everdraft/git-history/text";
import { codeOf, FailedError, messageOf, UsageError } from "../failure.ts";
import type { Session } from "../session.ts";
import { utf8 } from "../text/utf8.ts";
import { ask } from "./plan.ts";

/**
 * Lets the user make something of a text, in the editor or by a file that is named (`-` is stdin), and hands the result to `use`.
 * A text that cannot be read may be edited again. Where the use fails, the file is kept and its name is told.
 */
export async function withEdited<V, R>(
  session: Session,
  { before, name, from }: { before: string; name: string; from: string | undefined },
  read: (text: string) => V,
  use: (made: V) => Promise<R>,
): Promise<R> {
  if (from !== undefined) return use(read(await readGiven(session, from)));
  const folder = await mkdtemp(join(tmpdir(), "everdraft-edit-"));
  const file = join(folder, `${name.replace(/[^\w.-]+/g, "_").slice(0, 60)}.json`);
  await writeFile(file, `${before}\n`, { mode: 0o600 });
  const made = await editAndRead(session, file, read);
  try {
    const result = await use(made);
    await rm(folder, { recursive: true, force: true });
    return result;
  } catch (error) {
    // the file is a whole state: stored as it is it would take back the changes of others
    const first = codeOf(error) === "conflict" ? "put in the changes of others, then " : "";
    if (!session.signal.aborted) session.terminal.err.write(`${keptIn(file, first)}\n`);
    throw error;
  }
}

async function editAndRead<V>(session: Session, file: string, read: (text: string) => V): Promise<V> {
  for (;;) {
    await runEditor(session, file);
    try {
      return read(utf8(await readFile(file)));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      session.terminal.err.write(`${message}\n`);
      const again = session.terminal.input.isTTY === true && (await ask(session, "Edit again? [y/N] "));
      if (!again) throw new FailedError(`Nothing was changed. ${keptIn(file)}`);
    }
  }
}

function keptIn(file: string, first = ""): string {
  return `Your text is in ${file}; ${first}go on with --from ${shellWord(file)}`;
}

async function readGiven({ terminal }: Session, from: string): Promise<string> {
  if (from === "-") return utf8(await readAll(terminal.input));
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolve(terminal.cwd, from));
  } catch (cause) {
    throw new UsageError(`The file ${JSON.stringify(from)} cannot be read: ${messageOf(cause)}.`);
  }
  return utf8(bytes);
}

async function runEditor({ terminal, interrupts, signal }: Session, file: string): Promise<void> {
  const editor = terminal.env.VISUAL || terminal.env.EDITOR;
  if (editor === undefined || editor === "")
    throw new UsageError("No editor is named: set EDITOR, or give the new state by --from FILE.");
  interrupts.hold();
  try {
    // an editor may come with arguments ("code --wait"), which a shell takes apart
    const child = spawn(`${editor} "$EVERDRAFT_FILE"`, {
      shell: true,
      stdio: "inherit",
      env: { ...terminal.env, EVERDRAFT_FILE: file },
    });
    const [code] = await once(child, "close");
    if (code !== 0) throw new FailedError(`The editor ended with code ${code}; nothing was changed.`);
  } finally {
    interrupts.release();
  }
  signal.throwIfAborted();
}
