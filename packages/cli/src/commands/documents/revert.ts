import { findId, idText } from "../../documents/document-id.ts";
import { newestEvent } from "../../documents/documents.ts";
import { momentForms, parseMoment } from "../../documents/moment.ts";
import { exitCodes } from "../../failure.ts";
import { withStore } from "../../store/open-store.ts";
import { agreed } from "../../terminal/plan.ts";
import { changeLine, changesSummary } from "../../text/changes.ts";
import { counted, plain } from "../../text/text.ts";
import { argument, type CommandSpec, text } from "../command.ts";
import { needed } from "../options.ts";
import { when } from "./history.ts";
import { tellWritten } from "./written.ts";

/** Brings back an earlier state. */
export const revert: CommandSpec = {
  usage: "revert <id>",
  does: "Bring back an earlier state of a document, as one new event; the plan says which events that takes back",
  options: [
    ["--to <moment>", `to which: ${momentForms}`],
    ["--as <user>", "who does it"],
    ["--reason <text>", "why; kept with the event"],
    ["--dry-run", "only show the plan"],
  ],
  examples: [
    ["everdraft revert o-1 --to 3 --as alice --dry-run", "shows the events that it would take back"],
    [
      "everdraft revert o-1 --to 2026-03-01 --as alice --reason 'wrong import' --yes",
      "does it without asking",
    ],
  ],
  run: async (session, args, options) =>
    withStore(session, async (open) => {
      const user = needed(options, "as", "the user who does it, such as --as alice");
      const to = needed(options, "to", `the moment to go back to: ${momentForms}`);
      const moment = parseMoment(to, session.now());
      const { store, codec, target } = open;
      const id = await findId(session, open, argument(args, 0));
      await newestEvent(session, open, id);
      const plan = await store.planRevert(id, moment, session.call);
      const changes = await store.diff(id, { version: plan.version }, { version: plan.to }, session.call);
      const taken = plan.takesBack.map(({ version, at, by, type, reason }) =>
        `  v${version}  ${when(session, at)}  ${plain(idText(by))}  ${type}  ${plain(reason ?? "")}`.trimEnd(),
      );
      const isThat = plan.patches.length === 0 && session.flags.dryRun !== true;
      const go =
        isThat ||
        (await agreed(session, {
          what: `Revert ${plain(idText(id))} from version ${plan.version} to the state of version ${plan.to}, as ${user}`,
          where: `${target.options.collection} in ${target.where}`,
          lines: [
            `takes back ${counted(plan.takesBack.length, "event")}${taken.length > 0 ? ":" : ""}`,
            ...taken,
            `stores ${plan.patches.length === 0 ? "nothing: it is that already" : `1 event: ${changesSummary(changes)}`}`,
            ...changes
              .map((change) => changeLine(change, codec, session.errColours, 160))
              .map((line) => `  ${line}`),
          ],
          facts: {
            id: codec.encode(id),
            from: plan.version,
            to: plan.to,
            by: user,
            takesBack: plan.takesBack.map(({ version, at, by, type }) => ({
              version,
              at,
              by: codec.encode(by),
              type,
            })),
            patches: codec.encode(plan.patches),
          },
        }));
      if (!go) return exitCodes.done;
      const reason = text(options, "reason");
      // either exactly the agreed change is stored, or nothing
      const guarded = { expectedVersion: plan.version, ...(reason !== undefined && { reason }) };
      const written = await store.revert(id, user, { version: plan.to }, { ...guarded, ...session.call });
      return tellWritten(session, open, written);
    }),
};
