import { findId } from "../../documents/document-id.ts";
import { newestEvent } from "../../documents/documents.ts";
import { parseMoment } from "../../documents/moment.ts";
import { exitCodes } from "../../failure.ts";
import { withStore } from "../../store/open-store.ts";
import { changeLine, changesSummary } from "../../text/changes.ts";
import { argument, type CommandSpec } from "../command.ts";

/** Shows the differences between two moments of a document. */
export const diff: CommandSpec = {
  usage: "diff <id> <a> [b]",
  does: "Show the differences between two moments of a document, field by field (without the second: until now)",
  examples: [
    ["everdraft diff o-1 1 3", "the differences between versions 1 and 3"],
    ["everdraft diff o-1 2026-03-01 now --json", "one difference a line: { kind, path, before, after }"],
  ],
  run: async (session, args) =>
    withStore(session, async (open) => {
      const id = await findId(session, open, argument(args, 0));
      const [a, b] = [argument(args, 1), argument(args, 2) || "now"];
      const moments = [parseMoment(a, session.now()), parseMoment(b, session.now())] as const;
      await newestEvent(session, open, id);
      const changes = await open.store.diff(id, ...moments, session.call);
      if (session.flags.json === true) {
        for (const change of changes) await session.line(open.codec.record(change));
        return exitCodes.done;
      }
      session.note(session.errColours.dim(`from ${a} to ${b}: ${changesSummary(changes)}`));
      for (const change of changes)
        await session.line(changeLine(change, open.codec, session.colours, 1_000));
      return exitCodes.done;
    }),
};
