import type { Imported, ImportRefusal, Revision } from "@everdraft/core";
import { idText } from "../../documents/document-id.ts";
import { parseDate } from "../../documents/moment.ts";
import { documentOf, exitCodes, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { collectionSource } from "../../sources/collection.ts";
import { gitSource } from "../../sources/git.ts";
import { jsonlSource } from "../../sources/jsonl.ts";
import type { ImportSource, LeftOut } from "../../sources/source.ts";
import { type OpenStore, withStore } from "../../store/open-store.ts";
import { givenUri } from "../../store/targets.ts";
import { agreed } from "../../terminal/plan.ts";
import { createProgress, createSpeed } from "../../terminal/progress.ts";
import { counted, plain } from "../../text/text.ts";
import { type CommandSpec, type Options, text } from "../command.ts";

/** Takes in histories from elsewhere. */
export const importCommand: CommandSpec = {
  usage: "import [paths...]",
  does: "Take in histories from elsewhere with their own times and users; run again, it goes on where it stopped",
  options: [
    [
      "--git <repo>",
      "the histories of JSON and YAML files of a git repository, with authors and committers' dates: name them as PATHS",
    ],
    [
      "--jsonl <file>",
      "revisions as JSON Lines { id, at, by, state, reason?, meta? }, as export writes them; - is stdin",
    ],
    [
      "--from-collection <name>",
      "a collection of the same place (in a config's store also: --collection NAME)",
    ],
    ["--as <user>", "who brings in documents that have no history yet"],
    ["--at <date>", "the time of those documents (default: now; in a rerun, the time of the first run)"],
    [
      "--name <name>",
      "the name of the import, by which a rerun finds its stored events (default: from the source)",
    ],
    ["--dry-run", "only show the plan"],
  ],
  examples: [
    ["everdraft import --git ../shop settings.json config/prices.yaml", "two files of a repository"],
    ["everdraft import --jsonl orders.ndjson --yes", "the file of an export"],
    [
      "everdraft import --uri sqlite:shop.db --collection orders --from-collection old_orders --as alice",
      "a table or collection without history",
    ],
  ],
  run: async (session, args, options) =>
    withStore(
      session,
      async (open) => {
        const paths = Array.isArray(args[0]) ? args[0] : [];
        const source = await sourceOf(session, open, options, paths);
        try {
          const named = { ...source, name: text(options, "name") ?? source.name };
          if (!(await agreed(session, planOf(open, named)))) return exitCodes.done;
          return await run(session, open, named, source);
        } finally {
          await source.close();
        }
      },
      { make: true, collectionIsSource: true },
    ),
};

const whereFrom = "Say where from: one of --git REPO PATHS…, --jsonl FILE, --from-collection NAME.";

async function sourceOf(
  session: Session,
  open: OpenStore,
  options: Options,
  paths: readonly string[],
): Promise<ImportSource> {
  const [git, jsonl] = [text(options, "git"), text(options, "jsonl")];
  const byUri = givenUri(session) !== undefined;
  const collection = text(options, "fromCollection") ?? (byUri ? undefined : session.flags.collection);
  if (!byUri && session.flags.collection !== undefined && collection !== session.flags.collection)
    throw new UsageError(
      "--collection names the collection that is imported, where the store is a config's. Another store is named by --store, or by --uri and --collection.",
    );
  const given = [git, jsonl, collection].filter((each) => each !== undefined);
  if (given.length !== 1) throw new UsageError(whereFrom);
  if (git !== undefined) {
    if (paths.length === 0) throw new UsageError("--git needs the PATHS of the files in the repository.");
    return gitSource(git, paths, session.signal);
  }
  if (paths.length > 0)
    throw new UsageError(`PATHS belong to --git; ${JSON.stringify(paths[0])} is too much here.`);
  if (jsonl !== undefined) return jsonlSource(session, open, jsonl);
  if (collection === undefined) throw new UsageError(whereFrom);
  const at = text(options, "at");
  return collectionSource(session, open, collection, {
    name: text(options, "name"),
    user: text(options, "as"),
    at: at === undefined ? undefined : parseDate(at, session.now()),
  });
}

function planOf({ target }: OpenStore, { name, title, documents, total }: ImportSource) {
  const revisions = total === undefined ? "All revisions" : counted(total, "revision");
  return {
    what: `Import ${plain(title)}`,
    where: `${target.options.collection} in ${target.where}`,
    lines: [
      `${revisions}${documents === undefined ? "" : ` of ${counted(documents, "document")}`}`,
      `name of the import: ${plain(name)}`,
    ],
    facts: { source: title, name, documents, revisions: total },
  };
}

async function run(
  session: Session,
  { store, stored, target }: OpenStore,
  { name, total, revisions }: ImportSource,
  source: ImportSource,
): Promise<number> {
  // before the source is read: a table of the same file that is being read would be in the way
  await stored();
  const progress = createProgress(session, "revision");
  const speed = createSpeed();
  let position: unknown;
  async function* watched(): AsyncGenerator<Revision<object, unknown>> {
    for await (const revision of revisions()) {
      position = revision.id;
      yield revision;
    }
  }
  const refused: LeftOut[] = [];
  let imported: Imported;
  try {
    imported = await store.import(watched() as AsyncIterable<Revision<Record<string, unknown>, unknown>>, {
      name,
      signal: session.signal,
      onRefused: "skip",
      onRefusal: (refusal) => refused.push(leftOutOf(source, refusal)),
      onProgress: (reached) =>
        progress.update({
          ...speed(reached.revisions + source.leftOut.length, total),
          position: position === undefined ? undefined : idText(position),
          failures: source.leftOut.length + reached.refused,
        }),
    });
  } catch (error) {
    if (!session.signal.aborted && position !== undefined) session.complain(stoppedBy(error));
    throw error;
  } finally {
    progress.stop();
  }
  const { leftOut, faults = [] } = source;
  await tell(session, target.name, imported, { ...source, leftOut: [...refused, ...leftOut] });
  const isWhole = leftOut.every(({ isNothing }) => isNothing) && faults.length + imported.refused === 0;
  return imported.conflicts.length === 0 && isWhole ? exitCodes.done : exitCodes.failed;
}

/** Where an import stopped. Revisions are stored many at a time, so the last one read may be another than the culprit. */
function stoppedBy(error: unknown): string {
  const id = documentOf(error);
  const where = id === undefined ? "Stopped" : `Stopped at a revision of ${plain(idText(id))}`;
  return `${where}. The revisions stored before stay; the same command, run again, goes on there.`;
}

/** A revision that the store refused, or a document in which nothing can be stored. */
function leftOutOf(source: ImportSource, { id, revision, error }: ImportRefusal): LeftOut {
  // people know the revision by another name than its number
  const why = error.message.replace(/^Revision \d+ of document .*?: /, "");
  if (revision === undefined) return { what: idText(id), why };
  return { what: source.nameOf?.(id, revision) ?? `revision ${revision} of ${idText(id)}`, why };
}

const shown = 20;

async function tell(
  session: Session,
  name: string,
  imported: Imported,
  { leftOut, faults = [], repeatedKeys = new Map(), blanks = 0 }: ImportSource,
): Promise<void> {
  const { documents, revisions, events, unchanged, skipped, refused, conflicts } = imported;
  if (session.flags.json === true) {
    await session.line(
      JSON.stringify({
        documents,
        revisions,
        events,
        unchanged,
        skipped,
        refused,
        leftOut,
        conflicts: conflicts.map(({ details }) => ({ id: idText(details.id), version: details.version })),
        ...(blanks > 0 && { blanks }),
        ...(faults.length > 0 && { faults }),
        ...(repeatedKeys.size > 0 && { repeatedKeys: Object.fromEntries(repeatedKeys) }),
      }),
    );
  } else {
    await session.line(
      `Imported ${counted(events, "event")} of ${counted(documents, "document")} into ${plain(name)}, from ${counted(revisions, "revision")}.`,
    );
    if (unchanged > 0)
      await session.line(`${counted(unchanged, "revision")} left the state as it was: no event.`);
    if (blanks > 0)
      await session.line(
        `${counted(blanks, "event")} that changed nothing ${blanks === 1 ? "was" : "were"} passed by.`,
      );
    if (skipped > 0) await session.line(`${counted(skipped, "revision")} had been imported before.`);
    const nothing = leftOut.filter(({ isNothing }) => isNothing).length;
    const lost = leftOut.length - nothing;
    if (lost > 0) await session.line(`${counted(lost, "revision")} could not be stored.`);
    if (nothing > 0) await session.line(`${counted(nothing, "revision")} held nothing to store.`);
  }
  const complaints = [
    ...faults.map(plain),
    ...conflicts.map(({ message }) => message),
    ...leftOut.map(({ what, why }) => `Left out: ${plain(what)}: ${plain(why)}`),
  ];
  for (const complaint of complaints.slice(0, shown)) session.complain(complaint);
  if (complaints.length > shown)
    session.complain(`… and ${complaints.length - shown} more; all of them are told by --json`);
  for (const [id, many] of repeatedKeys)
    session.note(
      `${counted(many, "revision")} of ${plain(id)} ${many === 1 ? "has" : "have"} a key twice in one mapping; the last one counts.`,
    );
}
