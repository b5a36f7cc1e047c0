import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Backup, type BackupOptions, sqliteStorage } from "@everdraft/sqlite-adapter";
import { exitCodes } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { findFile } from "../../store/file-of-store.ts";
import { notThere } from "../../store/targets.ts";
import { createProgress, createSpeed } from "../../terminal/progress.ts";
import { bytes, counted, plain } from "../../text/text.ts";
import { argument, type CommandSpec } from "../command.ts";

/** Copies a SQLite file while it is in use. */
export const backup: CommandSpec = {
  usage: "backup <file>",
  does: "Copy the SQLite file of a store, with all its collections as they are at one moment, while others write to it",
  examples: [
    ["everdraft backup orders-2026-03-01.db", "the file of the config's stores"],
    ["everdraft backup /backups/orders.db --uri sqlite:orders.db", "a file by its path"],
  ],
  notes: "A file that is there is never touched. Put one back by: everdraft restore-backup FILE",
  run: async (session, args) => {
    const from = await findFile(session);
    const storage = sqliteStorage(from.path);
    try {
      if (!existsSync(from.path)) throw notThere(session, from.shown);
      const to = resolve(session.terminal.cwd, argument(args, 0));
      const made = await watched(session, (options) => storage.backup(to, options));
      if (session.flags.json === true) await session.line(JSON.stringify(made));
      else await session.line(`Copied ${from.shown} to ${plain(argument(args, 0))}: ${inWords(made)}.`);
      return exitCodes.done;
    } finally {
      await storage.close();
    }
  },
};

/** Runs a copy, and shows how far it is. */
export async function watched<R>(session: Session, copy: (options: BackupOptions) => Promise<R>): Promise<R> {
  const progress = createProgress(session, "page");
  const speed = createSpeed();
  try {
    return await copy({
      ...session.call,
      onProgress: ({ done, total }) => progress.update({ ...speed(done, total), failures: 0 }),
    });
  } finally {
    progress.stop();
  }
}

/** The contents of a copy, in words. */
export function inWords(made: Pick<Backup, "collections" | "bytes">): string {
  const names = made.collections.map(plain).join(", ");
  return `${counted(made.collections.length, "collection")} (${names}), ${bytes(made.bytes)}`;
}
