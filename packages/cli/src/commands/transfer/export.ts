import { findId, idText } from "../../documents/document-id.ts";
import { listDocuments, noDocument } from "../../documents/documents.ts";
import { eventsOf } from "../../documents/revisions-of.ts";
import { codeOf, exitCodes, messageOf, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { type OpenStore, withStore } from "../../store/open-store.ts";
import { createProgress, createSpeed } from "../../terminal/progress.ts";
import { counted, plain } from "../../text/text.ts";
import type { CommandSpec } from "../command.ts";

/** Writes histories as NDJSON. */
export const exportCommand: CommandSpec = {
  usage: "export [ids...]",
  does: "Write whole histories as NDJSON, one event a line, which import --jsonl reads back exactly",
  options: [["--all", "all documents, the deleted ones too"]],
  examples: [
    ["everdraft export o-1 o-2 > orders.ndjson", "the histories of two documents"],
    ["everdraft export --all | gzip > orders.ndjson.gz", "everything"],
  ],
  run: async (session, args, options) => {
    const ids = Array.isArray(args[0]) ? args[0] : [];
    const all = options.all === true;
    if (all === ids.length > 0) throw new UsageError("Name documents by their ids, or give --all.");
    return withStore(session, async (open) => {
      const progress = createProgress(session, "revision");
      const speed = createSpeed();
      const damaged: string[] = [];
      let [documents, revisions, blanks] = [0, 0, 0];
      try {
        for await (const id of all ? listDocuments(session, open) : givenIds(session, open, ids)) {
          const [before, damagedBefore] = [revisions, damaged.length];
          try {
            for await (const event of eventsOf(session, open, id)) {
              await session.line(open.codec.record({ ...event, at: event.at.toISOString() }));
              session.signal.throwIfAborted();
              if ("state" in event) revisions++;
              else blanks++;
              progress.update({ ...speed(revisions), position: idText(id), failures: damaged.length });
            }
          } catch (error) {
            if (codeOf(error) !== "corrupt_event") throw error;
            damaged.push(`${plain(idText(id))} is whole only up to here: ${messageOf(error)}`);
          }
          if (revisions > before) documents++;
          else if (!all && damaged.length === damagedBefore) throw noDocument(open, id);
        }
      } finally {
        progress.stop();
      }
      for (const line of damaged) session.complain(line);
      session.note(
        `Exported ${counted(revisions, "revision")} of ${counted(documents, "document")} of ${plain(open.target.name)}${
          blanks > 0 ? `, and ${counted(blanks, "event")} that changed nothing` : ""
        }.`,
      );
      return damaged.length > 0 ? exitCodes.failed : exitCodes.done;
    });
  },
};

async function* givenIds(session: Session, open: OpenStore, ids: readonly string[]): AsyncGenerator<unknown> {
  for (const id of ids) yield await findId(session, open, id);
}
