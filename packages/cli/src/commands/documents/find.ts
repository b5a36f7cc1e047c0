import type { FoundDocument } from "@everdraft/core";
import { idText } from "../../documents/document-id.ts";
import { parseDate } from "../../documents/moment.ts";
import { exitCodes, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { type OpenStore, type State, withStore } from "../../store/open-store.ts";
import { counted, cut, plain, table } from "../../text/text.ts";
import { argument, type CommandSpec, type Options, text } from "../command.ts";
import { wholeNumber } from "../options.ts";
import { when } from "./history.ts";

/** Finds documents. */
export const find: CommandSpec = {
  usage: "find [filter]",
  does: "Find documents by a filter in MongoDB's form, as Extended JSON (without one: all)",
  options: [
    ["--sort <fields>", 'fields to sort by: "qty", "-qty,name" (- is descending)'],
    ["--select <fields>", "only these top-level fields: status,lines"],
    ["--limit <n>", "at most so many"],
    ["--count", "only how many there are"],
    [
      "--at <date>",
      "as the documents were then: 2026-03-01, 2026-03-01T12:30, 2h, 3d ago; UTC unless it says otherwise",
    ],
    ["--deleted", "the deleted documents: as they were last, with who deleted them and when"],
  ],
  examples: [
    [`everdraft find '{ "status": "open" }' --sort -qty --limit 20`, "the 20 open ones with the most"],
    [
      `everdraft find '{ "due": { "$lt": { "$date": "2026-03-01T00:00:00Z" } } }' --json`,
      "one document a line",
    ],
    [`everdraft find '{ "status": "open" }' --at 2026-03-01 --count`, "how many were open then"],
    ["everdraft find --deleted", "who deleted which document when"],
  ],
  run: async (session, args, options) =>
    withStore(session, async (open) => {
      const { store, codec } = open;
      const filter = codec.parse(argument(args, 0) || "{}") as object;
      const at = text(options, "at");
      const read = at === undefined ? store : store.asOf(parseDate(at, session.now()));
      refuseBoth(options);
      if (options.count === true) {
        const number = await read.count(filter, session.call);
        await session.line(session.flags.json === true ? JSON.stringify({ count: number }) : String(number));
        return tellLeftOut(session, open);
      }
      const asked = { ...findOptions(options), ...session.call };
      const documents: AsyncIterable<Found> =
        options.deleted === true
          ? store.find(filter, { ...asked, deleted: "only" })
          : read.find(filter, asked);
      if (session.flags.json === true) {
        for await (const document of documents)
          await session.line(codec.record({ ...document, at: document.at.toISOString() }));
      } else {
        await showTable(session, open, documents);
      }
      return tellLeftOut(session, open);
    }),
};

type Found = FoundDocument<State, unknown>;

/** Throws UsageError for options that do not go together. */
function refuseBoth(options: Options): void {
  if (options.count === true) {
    const other = ["sort", "select", "limit", "deleted"].find((name) => options[name] !== undefined);
    if (other !== undefined) throw new UsageError(`--count counts all that match: it takes no --${other}.`);
  }
  if (options.deleted === true && options.at !== undefined)
    throw new UsageError("--deleted is about the documents that are deleted now: it takes no --at.");
}

/** Tells which documents are missing from an answer; then the command fails. */
function tellLeftOut(session: Session, open: OpenStore): number {
  const newer = open.leftOut();
  if (newer === undefined) return exitCodes.done;
  const { id, found, known } = newer;
  session.complain(
    `Left out: documents of a newer schema, ${plain(idText(id))} for one (version ${found}; this store knows up to ${known}). Name their schemaVersion and migrations in a config.`,
  );
  return exitCodes.failed;
}

function findOptions(options: Options): { sort?: object; select?: string[]; limit?: number } {
  const [sort, select, limit] = [
    text(options, "sort"),
    text(options, "select"),
    wholeNumber(options, "limit"),
  ];
  return {
    ...(sort !== undefined && { sort: sortOf(sort) }),
    ...(select !== undefined && { select: select.split(",").map((field) => field.trim()) }),
    ...(limit !== undefined && { limit }),
  };
}

function sortOf(given: string): Record<string, 1 | -1> {
  const fields = given.split(",").map((field) => field.trim());
  if (fields.some((field) => /^-?$|^--|:(-?1|asc|desc)$/i.test(field)))
    throw new UsageError('--sort takes fields: "qty", "-qty,name".');
  return Object.fromEntries(
    fields.map((field) => (field.startsWith("-") ? [field.slice(1), -1] : [field, 1])),
  );
}

const pageSize = 100;

async function showTable(
  session: Session,
  { codec }: OpenStore,
  documents: AsyncIterable<Found>,
): Promise<void> {
  const { bold, dim, cyan } = session.colours;
  const width = Math.max((session.terminal.out.columns || 200) - 1, 60);
  let many = 0;
  let page: Parameters<typeof table>[0][number][] = [];
  const flush = async (): Promise<void> => {
    for (const line of table(page)) await session.line(line);
    page = [];
  };
  for await (const { id, version, at, by, state } of documents) {
    many++;
    const head = [plain(idText(id)), `v${version}`, when(session, at), plain(idText(by))] as const;
    const left = Math.max(width - head.join("  ").length - 2, 24);
    page.push([
      { text: head[0], paint: bold },
      head[1],
      { text: head[2], paint: dim },
      { text: head[3], paint: cyan },
      cut(plain(codec.line(state)), left),
    ]);
    if (page.length === pageSize) await flush();
  }
  await flush();
  session.note(session.errColours.dim(counted(many, "document")));
}
