import { valueTypes } from "@everdraft/core/adapter";
import { checkId, normaliseState } from "@everdraft/core/internals";
import { findId, idText } from "../../documents/document-id.ts";
import { newestEvent } from "../../documents/documents.ts";
import { exitCodes, FailedError, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { type OpenStore, type State, withStore } from "../../store/open-store.ts";
import { withEdited } from "../../terminal/editor.ts";
import { agreed, refuseUnasked } from "../../terminal/plan.ts";
import { changeLine, changesSummary } from "../../text/changes.ts";
import { plain } from "../../text/text.ts";
import { argument, type CommandSpec, text } from "../command.ts";
import { needed } from "../options.ts";
import { compare } from "./preview.ts";
import { tellWritten } from "./written.ts";

/** Changes a document in the user's editor. */
export const edit: CommandSpec = {
  usage: "edit <id>",
  does: "Change a document in your editor ($VISUAL, else $EDITOR), as Extended JSON; the plan shows the differences",
  options: [
    ["--as <user>", "who does it"],
    ["--reason <text>", "why; kept with the event"],
    ["--from <file>", "take the new state from a JSON file instead of an editor; - is stdin"],
    ["--create", "make the document where there is none"],
    ["--dry-run", "only show the plan"],
  ],
  examples: [
    ["everdraft edit o-1 --as alice", "opens o-1 in the editor"],
    ["everdraft edit o-1 --as alice --from o-1.json --yes", "for scripts"],
  ],
  run: async (session, args, options) =>
    withStore(session, async (open) => {
      const user = needed(options, "as", "the user who does it, such as --as alice");
      // before anything is written in an editor
      refuseUnasked(session);
      const { store, codec, target } = open;
      const id = await findId(session, open, argument(args, 0));
      const { state: before, version } = await baseOf(session, open, id, options.create === true);
      const given = { before: codec.pretty(before ?? {}), name: idText(id), from: text(options, "from") };
      const { idKinds, valueTypes: declared } = open.connected.storage.capabilities;
      const types = valueTypes(declared);
      // a state that the store would refuse is told before the plan
      const read = (written: string): State =>
        normaliseState(stateOf(codec.parse(written)), checkId(id, idKinds), types);
      return withEdited(session, given, read, async (after) => {
        const changes = compare(open, before, after);
        if (changes.length === 0) {
          await session.line(
            session.flags.json === true
              ? codec.record({ id, version, changed: false })
              : `${plain(idText(id))} is as it was, at version ${version}; nothing was stored.`,
          );
          return exitCodes.done;
        }
        const create = before === undefined;
        const doing = create
          ? `Create ${plain(idText(id))}`
          : `Edit ${plain(idText(id))} at version ${version}`;
        const lines = changes.map((change) => changeLine(change, codec, session.errColours, 160));
        const go = await agreed(session, {
          what: `${doing}, as ${user}`,
          where: `${target.options.collection} in ${target.where}`,
          lines: [`stores 1 event: ${changesSummary(changes)}`, ...lines.map((line) => `  ${line}`)],
          facts: { id: codec.encode(id), from: version, by: user, changes: codec.encode(changes) },
        });
        if (!go) return exitCodes.done;
        const reason = text(options, "reason");
        // either exactly the agreed change is stored, or nothing
        const guarded = {
          expectedVersion: version,
          ...(reason !== undefined && { reason }),
          ...session.call,
        };
        const written = create
          ? await store.create(id, user, after, guarded)
          : await store.replace(id, user, after, guarded);
        return tellWritten(session, open, written);
      });
    }),
};

async function baseOf(
  session: Session,
  open: OpenStore,
  id: unknown,
  create: boolean,
): Promise<{ state: State | undefined; version: number }> {
  const document = await open.store.read(id, undefined, session.call);
  if (document !== undefined) return document;
  if (create) {
    const [head] = await open.store.history(id, { order: "newest", limit: 1, ...session.call }).toArray();
    return { state: undefined, version: head?.version ?? 0 };
  }
  await newestEvent(session, open, id);
  throw new FailedError(
    `The document ${JSON.stringify(idText(id))} is deleted. Bring it back with revert, or give --create.`,
  );
}

function stateOf(value: unknown): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date))
    return value;
  throw new UsageError("A document is an object: { … }.");
}
