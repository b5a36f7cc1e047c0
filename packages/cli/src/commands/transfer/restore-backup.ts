import { relative, resolve } from "node:path";
import { restoreBackup } from "@everdraft/sqlite-adapter";
import { exitCodes } from "../../failure.ts";
import { findFile } from "../../store/file-of-store.ts";
import { agreed } from "../../terminal/plan.ts";
import { plain } from "../../text/text.ts";
import { argument, type CommandSpec } from "../command.ts";
import { inWords, watched } from "./backup.ts";

/** So long a file that somebody has open is waited for, in milliseconds: whoever has it open keeps it so. */
const openMs = 2_000;

/** Puts a backup back. */
export const restore: CommandSpec = {
  usage: "restore-backup <file>",
  does: "Put a backup into the place of the SQLite file of a store, with all its collections, where no process has it open",
  options: [["--dry-run", "only show the plan"]],
  examples: [
    ["everdraft restore-backup orders-2026-03-01.db", "the file of the config's stores"],
    ["everdraft restore-backup /backups/orders.db --uri sqlite:orders.db --yes", "a file by its path"],
  ],
  notes: `Stop every process that uses the file before, and start them after: stores remember documents. Where one has it
open nothing is changed (exit code 4). The old file is kept under another name.`,
  run: async (session, args) => {
    const to = await findFile(session);
    const { cwd } = session.terminal;
    const backup = resolve(cwd, argument(args, 0));
    const go = await agreed(session, {
      what: `Put ${plain(argument(args, 0))} into the place of ${to.shown}`,
      where: `${to.shown}, with all its collections`,
      lines: ["the present file is kept under another name; no process may have it open"],
    });
    if (!go) return exitCodes.done;
    const timeoutMs = session.flags.timeout === undefined ? openMs : session.call.timeoutMs;
    const restored = await watched(session, (options) =>
      restoreBackup(backup, to.path, { ...options, timeoutMs }),
    );
    if (session.flags.json === true) {
      await session.line(JSON.stringify(restored));
      return exitCodes.done;
    }
    await session.line(`Restored ${to.shown}: ${inWords(restored)}.`);
    if (restored.kept !== undefined)
      await session.line(
        `The old file is now ${plain(relative(cwd, restored.kept))}: delete it when you are sure.`,
      );
    return exitCodes.done;
  },
};
