import type { Moment } from "@everdraft/core";
import { shellWord } from "@everdraft/git-history/text";
import { findId, idText } from "../../documents/document-id.ts";
import { newestEvent } from "../../documents/documents.ts";
import { momentForms, parseMoment } from "../../documents/moment.ts";
import { exitCodes, FailedError } from "../../failure.ts";
import { withStore } from "../../store/open-store.ts";
import { plain } from "../../text/text.ts";
import { argument, type CommandSpec, text } from "../command.ts";
import { when } from "./history.ts";

/** Shows a document. */
export const show: CommandSpec = {
  usage: "show <id>",
  does: "Show a document, as it is or as it was",
  options: [["--at <moment>", `as it was then: ${momentForms}`]],
  examples: [
    ["everdraft show o-1", "o-1 as it is"],
    [
      "everdraft show o-1 --at 2026-03-01 --json",
      "as it was then, on one line: { id, version, at, by, sealed, state }",
    ],
  ],
  run: async (session, args, options) =>
    withStore(session, async (open) => {
      const { store, codec } = open;
      const id = await findId(session, open, argument(args, 0));
      const at = text(options, "at");
      const moment: Moment | undefined = at === undefined ? undefined : parseMoment(at, session.now());
      // of a document that never was there is no version
      if (moment !== undefined) await newestEvent(session, open, id);
      const document = await store.read(id, moment, session.call);
      if (document === undefined) {
        await newestEvent(session, open, id);
        const then = at === undefined ? "is deleted" : `did not live at ${at}`;
        throw new FailedError(
          `The document ${JSON.stringify(idText(id))} ${then}. Its history is there: everdraft history ${shellWord(plain(idText(id)))}${session.naming}`,
        );
      }
      if (session.flags.json === true) {
        await session.line(codec.record({ ...document, at: document.at.toISOString() }));
        return exitCodes.done;
      }
      const { version, by, sealed } = document;
      const which = `${plain(idText(id))}  v${version}${sealed ? "" : " (the newest)"}`;
      session.note(session.errColours.dim(`${which}  ${when(session, document.at)}  ${plain(idText(by))}`));
      await session.line(codec.pretty(document.state));
      return exitCodes.done;
    }),
};
