import type { UndoOptions, UndoPlan } from "@everdraft/core";
import { formatPath } from "@everdraft/core/changes";
import { findId, idText } from "../../documents/document-id.ts";
import { newestEvent } from "../../documents/documents.ts";
import { exitCodes, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { type OpenStore, withStore } from "../../store/open-store.ts";
import { agreed } from "../../terminal/plan.ts";
import { changeLine, changesSummary } from "../../text/changes.ts";
import { plain } from "../../text/text.ts";
import { argument, type CommandSpec, type Options, text } from "../command.ts";
import { needed } from "../options.ts";
import { when } from "./history.ts";
import { tellWritten } from "./written.ts";

const ofBoth: CommandSpec["options"] = [
  ["--as <user>", "who does it"],
  ["--reason <text>", "why; kept with the event"],
  ["--keep", "leave places as they are that later events touched"],
  ["--take", "take back also places that later events touched"],
];

/** Takes back one event. */
export const undo: CommandSpec = {
  usage: "undo <id> <version>",
  does: "Take back one event of a document and keep what came after it, as one new event; the plan shows the changes",
  options: [["--version <n>", "the version of the event"], ...ofBoth, ["--dry-run", "only show the plan"]],
  examples: [
    ["everdraft undo o-1 3 --as alice --dry-run", "shows the changes, and places that later events touched"],
    ["everdraft undo o-1 3 --as alice --reason 'wrong article' --yes", "does it without asking"],
  ],
  run: async (session, args, options) =>
    withStore(session, async (open) => {
      const user = needed(options, "as", "the user who does it, such as --as alice");
      const version = versionIn(argument(args, 1));
      const decided = decisionOf(options);
      const { store } = open;
      const id = await findId(session, open, argument(args, 0));
      await newestEvent(session, open, id);
      const plan = await store.planUndo(id, { version }, { ...decided, ...session.call });
      if (!(await agreed(session, planOf(session, open, plan, user)))) return exitCodes.done;
      const written = await store.undo(
        id,
        user,
        { version },
        // either exactly the agreed change is stored, or nothing
        { ...decided, ...reasonOf(options), expectedVersion: plan.version, ...session.call },
      );
      return tellWritten(session, open, written);
    }),
};

/** Takes back an undo. */
export const redo: CommandSpec = {
  usage: "redo <id> [version]",
  does: "Take back an undo of a document: the newest one, or that of a version",
  options: ofBoth,
  examples: [["everdraft redo o-1 --as alice --yes", "takes back the newest undo that is in force"]],
  run: async (session, args, options) =>
    withStore(session, async (open) => {
      const user = needed(options, "as", "the user who does it, such as --as alice");
      const given = argument(args, 1);
      const version = given === "" ? undefined : versionIn(given);
      const id = await findId(session, open, argument(args, 0));
      const { version: newest } = await newestEvent(session, open, id);
      const which = version === undefined ? "its newest undo" : `the undo of version ${version}`;
      const go = await agreed(session, {
        what: `Take back ${which} of ${plain(idText(id))}, as ${user}`,
        where: `${open.target.options.collection} in ${open.target.where}`,
        lines: ["stores at most 1 event"],
        facts: { id: open.codec.encode(id), by: user, ...(version !== undefined && { version }) },
      });
      if (!go) return exitCodes.done;
      const decided = { ...decisionOf(options), ...reasonOf(options), expectedVersion: newest };
      const written = await open.store.redo(id, user, version === undefined ? undefined : { version }, {
        ...decided,
        ...session.call,
      });
      return tellWritten(session, open, written);
    }),
};

/** A version as people write it: 3 or v3. */
function versionIn(given: string): number {
  const version = Number(given.replace(/^v/, ""));
  if (!Number.isSafeInteger(version) || version < 1)
    throw new UsageError(
      `${JSON.stringify(given)} is no version: it is a whole number from 1, as history shows it.`,
    );
  return version;
}

function decisionOf(options: Options): Pick<UndoOptions, "onConflict"> {
  if (options.keep === true && options.take === true)
    throw new UsageError("--keep and --take exclude each other.");
  if (options.keep === true) return { onConflict: "keep" };
  return options.take === true ? { onConflict: "take" } : {};
}

function reasonOf(options: Options): Pick<UndoOptions, "reason"> {
  const reason = text(options, "reason");
  return reason === undefined ? {} : { reason };
}

function nothing(touched: number): string {
  return touched > 0 ? "nothing, unless --keep or --take decides" : "nothing: it is so already";
}

function planOf(session: Session, { codec, target }: OpenStore, plan: UndoPlan<unknown>, user: string) {
  const { undoes, changes, conflicts, patches } = plan;
  const shown = `${when(session, undoes.at)}  ${plain(idText(undoes.by))}  ${undoes.type}  ${plain(undoes.reason ?? "")}`;
  const touched = conflicts.map(
    ({ path, event }) => `  ${formatPath(path)}  by v${event.version}  ${plain(idText(event.by))}`,
  );
  return {
    what: `Undo version ${undoes.version} of ${plain(idText(plan.id))}, as ${user}`,
    where: `${target.options.collection} in ${target.where}`,
    lines: [
      `takes back  v${undoes.version}  ${shown}`.trimEnd(),
      ...(touched.length === 0 ? [] : ["later events touched:", ...touched]),
      `stores ${patches.length === 0 ? nothing(touched.length) : `1 event: ${changesSummary(changes)}`}`,
      ...(patches.length === 0 ? [] : changes).map(
        (change) => `  ${changeLine(change, codec, session.errColours, 160)}`,
      ),
    ],
    facts: {
      id: codec.encode(plan.id),
      undoes: undoes.version,
      by: user,
      conflicts: conflicts.map(({ path, event }) => ({ path, version: event.version })),
      patches: codec.encode(patches),
    },
  };
}
