import type { BlamedValue } from "@everdraft/core";
import { formatPath } from "@everdraft/core/changes";
import { findId, idText } from "../../documents/document-id.ts";
import { newestEvent } from "../../documents/documents.ts";
import { momentForms, parseMoment } from "../../documents/moment.ts";
import { pathIn } from "../../documents/path-in.ts";
import { exitCodes, FailedError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { type OpenStore, withStore } from "../../store/open-store.ts";
import { cut, plain, table } from "../../text/text.ts";
import { argument, type CommandSpec, text } from "../command.ts";
import { when } from "./history.ts";

/** Shows who set each value of a document. */
export const blame: CommandSpec = {
  usage: "blame <id> [path]",
  does: "Show who set each value of a document, when and why; an element of a list keeps its author when it moves",
  options: [
    ["--at <moment>", `of the document as it was then: ${momentForms}`],
    ["--ignore-imports", "say of values that an import changed who set them before"],
  ],
  examples: [
    ["everdraft blame o-1", "every value of o-1 with the event that last set it"],
    ["everdraft blame o-1 lines.0.qty", "that value alone (a path with dots, or a JSON list of steps)"],
    ["everdraft blame o-1 --json", "one value a line: { path, value, version, at, by, type, reason }"],
  ],
  run: async (session, args, options) =>
    withStore(session, async (open) => {
      const { store } = open;
      const id = await findId(session, open, argument(args, 0));
      const at = text(options, "at");
      const moment = at === undefined ? undefined : parseMoment(at, session.now());
      await newestEvent(session, open, id);
      const ignore = ({ type }: { type: string }): boolean => type === "imported";
      const found = await store.blame(id, moment, {
        ...session.call,
        ...(options.ignoreImports === true && { ignore }),
      });
      const name = JSON.stringify(idText(id));
      if (found === undefined)
        throw new FailedError(
          `The document ${name} ${at === undefined ? "is deleted" : `did not live at ${at}`}.`,
        );
      const given = argument(args, 1);
      const path = given === "" ? [] : pathIn(found.state, given);
      if (found.at(path) === undefined)
        throw new FailedError(
          `The document ${name} has nothing at ${plain(given)}${at === undefined ? "" : ` at ${at}`}.`,
        );
      await showValues(
        session,
        open,
        [...found].filter((value) => path.every((step, i) => value.path[i] === step)),
      );
      return exitCodes.done;
    }),
};

const valueLength = 60;

async function showValues(
  session: Session,
  { codec }: OpenStore,
  values: readonly BlamedValue<unknown>[],
): Promise<void> {
  const { bold, dim, cyan } = session.colours;
  if (session.flags.json === true) {
    for (const { path, named, value, event } of values) {
      const { at, eventId: _, ...rest } = event;
      const record = { path, ...(named && { named }), value, at: at.toISOString(), ...rest };
      await session.line(codec.record(record));
    }
    return;
  }
  const rows = values.map(({ path, named, value, event }) => [
    { text: `v${event.version}`, paint: bold },
    { text: when(session, event.at), paint: dim },
    { text: plain(idText(event.by)), paint: cyan },
    formatPath(named ?? path),
    cut(plain(codec.line(value)), valueLength),
    plain(event.reason ?? ""),
  ]);
  for (const line of table(rows)) await session.line(line);
}
