import type { ChangedEvent, DocumentEvent, HistoryQuery } from "@everdraft/core";
import { findId, idText } from "../../documents/document-id.ts";
import { newestEvent } from "../../documents/documents.ts";
import type { Codec } from "../../documents/ejson.ts";
import { momentForms, parseMoment } from "../../documents/moment.ts";
import { stepsOf } from "../../documents/path-in.ts";
import { exitCodes, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { type OpenStore, withStore } from "../../store/open-store.ts";
import { changeLine } from "../../text/changes.ts";
import { type Cell, counted, cut, plain, table } from "../../text/text.ts";
import { ago, second } from "../../text/times.ts";
import { argument, type CommandSpec, type Options, text } from "../command.ts";
import { wholeNumber } from "../options.ts";

/** Shows the events of a document. */
export const history: CommandSpec = {
  usage: "history <id>",
  does: "Show who changed a document when, newest first (for programs with --json: oldest first, one event a line)",
  options: [
    ["--changes", "show the changes of each event with the old values; with --json in each line"],
    ["-p, --patch", "as --changes, but never in the lines of --json"],
    ["--path <path>", "only events that changed this value, wherever it stood then, and their changes of it"],
    ["--at <moment>", `the path is one of the document as it was then: ${momentForms}`],
    ["--from <moment>", "from this moment on"],
    ["--to <moment>", "up to this moment"],
    ["--by <user>", "only this user's"],
    ["--type <type>", "only of this type: created, edited, reverted, deleted, restored, imported, …"],
    ["--newest", "newest first, with --json too"],
    ["--oldest", "oldest first"],
    [
      "--limit <n>",
      "at most so many, from where it begins: the newest ones (the oldest ones with --json or --oldest)",
    ],
    ["--blanks", "show events too that changed nothing: they closed a slot, or remember an idempotency key"],
    ["--meta", "show the meta of each event (with --json it is always there)"],
  ],
  examples: [
    ["everdraft history o-1 --patch --limit 5", "the last five changes of o-1, field by field"],
    ["everdraft history o-1 --path lines.0.qty", "who changed that value, also before its line stood first"],
    ["everdraft history o-1 --json", "all of its events as NDJSON: version, at, by, type, …"],
    ["everdraft history o-1 --json --newest --limit 1", "the newest event, for programs"],
  ],
  run: async (session, args, options) =>
    withStore(session, async (open) => {
      const id = await findId(session, open, argument(args, 0));
      const query = { ...queryOf(session, options), ...session.call };
      const newest = await newestEvent(session, open, id);
      let many = 0;
      async function* noticed<E>(events: AsyncIterable<E>): AsyncGenerator<E> {
        for await (const event of events) {
          many++;
          yield event;
        }
      }
      const { store, codec } = open;
      const meta = options.meta === true;
      const isForPrograms = session.flags.json === true;
      const withChanges = isForPrograms
        ? options.changes === true
        : options.changes === true || options.patch === true || query.path !== undefined;
      if (withChanges) {
        for await (const event of noticed(store.history(id, { ...query, changes: true })))
          await (isForPrograms
            ? session.line(codec.record(forPrograms(event)))
            : showWithChanges(session, open, event, meta));
      } else if (isForPrograms) {
        for await (const event of noticed(store.history(id, query)))
          await session.line(codec.record(forPrograms(event)));
      } else {
        await showTable(session, open, noticed(store.history(id, query)), meta);
      }
      if (many === 0)
        session.note(
          `No event is among those; the newest one is v${newest.version}, of ${second(newest.at)}.`,
        );
      return exitCodes.done;
    }),
};

function queryOf(session: Session, options: Options): HistoryQuery {
  const moment = (name: string) => {
    const value = text(options, name);
    return value === undefined ? undefined : parseMoment(value, session.now());
  };
  const [from, to, at, by] = [moment("from"), moment("to"), moment("at"), text(options, "by")];
  const path = text(options, "path");
  if (at !== undefined && path === undefined)
    throw new UsageError("--at is the moment of --path, and there is none; --to ends the list.");
  if (options.newest === true && options.oldest === true)
    throw new UsageError("--newest and --oldest exclude each other.");
  const oldest = options.oldest === true || (session.flags.json === true && options.newest !== true);
  const limit = wholeNumber(options, "limit");
  return {
    order: oldest ? "oldest" : "newest",
    ...(from && { from }),
    ...(to && { to }),
    ...(by !== undefined && { by }),
    ...(path !== undefined && { path: stepsOf(path) }),
    ...(at && { at }),
    ...typeOf(text(options, "type")),
    ...(limit !== undefined && { limit }),
    ...(options.blanks === true && { blanks: true }),
  };
}

const types = {
  created: 1,
  edited: 1,
  reverted: 1,
  undone: 1,
  deleted: 1,
  restored: 1,
  imported: 1,
  blank: 1,
} satisfies Record<DocumentEvent["type"], 1>;

function typeOf(type: string | undefined): Pick<HistoryQuery, "type"> {
  if (type === undefined) return {};
  if (isType(type)) return { type };
  throw new UsageError(
    `There is no type of event ${JSON.stringify(type)}; there are ${Object.keys(types).join(", ")}.`,
  );
}

function isType(type: string): type is DocumentEvent["type"] {
  return Object.hasOwn(types, type);
}

function forPrograms(event: DocumentEvent<unknown>): object {
  const { version, at, by, type, id, ...rest } = event;
  return { version, at: at.toISOString(), by, type, id, ...rest };
}

const pageSize = 200;

async function showTable(
  session: Session,
  { codec }: OpenStore,
  events: AsyncIterable<DocumentEvent<unknown>>,
  withMeta: boolean,
): Promise<void> {
  let page: DocumentEvent<unknown>[] = [];
  const flush = async (): Promise<void> => {
    const lines = table(
      page.map((event) => [...headOf(session, event), changesOf(event), plain(event.reason ?? "")]),
    );
    for (const [i, line] of lines.entries()) {
      await session.line(line);
      if (withMeta) await showMeta(session, codec, page[i]?.meta);
    }
    page = [];
  };
  for await (const event of events) if (page.push(event) === pageSize) await flush();
  await flush();
}

async function showMeta({ line, colours }: Session, codec: Codec, meta: object | undefined): Promise<void> {
  if (meta !== undefined) await line(colours.dim(`    meta: ${plain(codec.line(meta))}`));
}

function headOf(session: Session, { version, at, by, type, ref }: DocumentEvent<unknown>): Cell[] {
  const { bold, dim, cyan } = session.colours;
  const what = ref === undefined ? type : `${type}${type === "undone" ? "" : " to"} v${ref.version}`;
  return [
    { text: `v${version}`, paint: bold },
    { text: when(session, at), paint: dim },
    { text: plain(idText(by)), paint: cyan },
    what,
  ];
}

/** A date as people read it: on a terminal also how long ago. */
export function when({ terminal, now }: Session, at: Date): string {
  return terminal.out.isTTY === true ? `${second(at)} (${ago(at, now())})` : second(at);
}

function changesOf({ patches }: DocumentEvent<unknown>): string {
  const whole = patches.find(({ path }) => path.length === 0);
  if (whole !== undefined) return whole.op === "remove" ? "deleted" : "the whole document";
  const fields = [...new Set(patches.map(({ path }) => plain(String(path[0]))))];
  return cut(`${counted(patches.length, "change")}: ${fields.join(", ")}`, 48);
}

async function showWithChanges(
  session: Session,
  open: OpenStore,
  event: ChangedEvent<unknown>,
  withMeta: boolean,
): Promise<void> {
  const { reason, changes } = event;
  const [head] = table([headOf(session, event)]);
  await session.line(`${head}${reason === undefined ? "" : `  ${plain(reason)}`}`);
  if (withMeta) await showMeta(session, open.codec, event.meta);
  for (const change of changes)
    await session.line(`    ${changeLine(change, open.codec, session.colours, 160)}`);
}
