import { checkId } from "@everdraft/core/internals";
import { inspect, type StoreFinding, type VerifyResult, verify as verifyStore } from "@everdraft/core/upkeep";
import { findId, idText, positionOf } from "../../documents/document-id.ts";
import { noDocument } from "../../documents/documents.ts";
import { exitCodes, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { type OpenStore, withStore } from "../../store/open-store.ts";
import { agreed } from "../../terminal/plan.ts";
import { createProgress } from "../../terminal/progress.ts";
import { count, counted, plain } from "../../text/text.ts";
import { type CommandSpec, type Options, text } from "../command.ts";
import { ranges } from "../options.ts";
import { notLookedAt } from "./projections.ts";

/** Checks everything that is stored. */
export const verify: CommandSpec = {
  usage: "verify [ids...]",
  does: "Check that versions have no gaps, times are in order, hashes are right, and views and rows fit the log: all documents, or some",
  options: [
    ["--repair", "rewrite the views and rows that differ; the log is never touched"],
    ["--from <id>", "only documents behind this one"],
    ["--sample <part>", "only a part of the documents, such as 0.01; always the same ones"],
    ["--concurrency <n>", "how many ranges of documents at once (default: 4)"],
    ["--range-size <n>", "how many documents a range has (default: 100)"],
    [
      "--checkpoint <name>",
      "save its progress under this name; a run with the same name goes on, or shares the work",
    ],
    ["--dry-run", "with --repair: only show the plan"],
  ],
  examples: [
    ["everdraft verify", "everything; exit code 3 where something differs"],
    ["everdraft verify --sample 0.01 --json", "one in a hundred documents; one finding a line"],
    ["everdraft verify o-1 o-2 --repair --yes", "two documents, and mends their views and rows"],
  ],
  run: async (session, args, options) => {
    const ids = Array.isArray(args[0]) ? args[0] : [];
    return withStore(session, async (open) => {
      const repair = options.repair === true;
      const { target } = open;
      if (ids.length > 0 && options.from !== undefined)
        throw new UsageError("--from is for all documents: name documents by their ids, or give --from.");
      const asked = { ids, part: { ...ranges(options), ...sampleOf(options) }, options };
      const go =
        !repair ||
        (await agreed(session, {
          what: "Verify, and rewrite the views and rows that are not what the log gives",
          where: `${target.options.collection} in ${target.where}`,
          lines: [ids.length > 0 ? counted(ids.length, "document") : "all documents", "no event is written"],
        }));
      return go ? run(session, open, asked) : exitCodes.done;
    });
  },
};

/** Which documents: some, or a part of all, and how they are cut. */
interface Asked {
  readonly ids: readonly string[];
  readonly part: ReturnType<typeof ranges> & ReturnType<typeof sampleOf>;
  readonly options: Options;
}

async function run(session: Session, open: OpenStore, { ids: named, part, options }: Asked): Promise<number> {
  const progress = createProgress(session, "document");
  // findings are made faster than they may be read, so they are written in their own time
  let told = Promise.resolve();
  // a run that is stopped is gone on with by the name that it prints
  const checkpoint = text(options, "checkpoint") ?? `at-${session.now().toString(36)}`;
  const whole = named.length === 0;
  const ids = await Promise.all(named.map((id) => findId(session, open, id)));
  const { log, views } = await open.stored();
  const { idKinds } = open.connected.storage.capabilities;
  for (const given of ids) {
    const [id, call] = [checkId(given, idKinds), session.call];
    const [view] = (await log.head(id, 0, call)) === undefined ? await views.get([id], call) : [id];
    if (view === undefined) throw noDocument(open, id);
  }
  const from = text(options, "from");
  let result: VerifyResult;
  try {
    result = await verifyStore(open.store, {
      ...session.call,
      ...(whole ? { checkpoint } : { ids }),
      ...(from !== undefined && { from: await findId(session, open, from) }),
      ...part,
      repair: options.repair === true,
      onProgress: (reached) => progress.update({ ...reached, position: positionOf(reached.position) }),
      onFinding: (finding) => {
        told = told.then(() => tellFinding(session, open, finding, options.repair === true));
        told.catch(() => {});
      },
    });
  } catch (error) {
    // a run that ended by an error begins anew: nobody knows the name of its place
    const isNamed = text(options, "checkpoint") !== undefined;
    // a storage that is gone must not hide why it ended
    if (whole && !isNamed && !session.signal.aborted)
      await forget(session, open, checkpoint).catch(() => undefined);
    throw error;
  } finally {
    progress.stop();
  }
  if (whole && !result.complete) session.resumeWith("--checkpoint", checkpoint);
  await told;
  if (!result.complete) session.signal.throwIfAborted();
  if (whole) await forget(session, open, checkpoint);
  const { documents, repaired, failures } = result;
  const left = notLookedAt(await inspect(open.store, session.call));
  if (session.flags.json === true) {
    if (left !== undefined) session.note(left);
  } else {
    await session.line(summary(documents, repaired, failures));
    if (left !== undefined) await session.line(left);
  }
  return failures > 0 ? exitCodes.differences : exitCodes.done;
}

async function forget({ call }: Session, open: OpenStore, checkpoint: string): Promise<void> {
  const { checkpoints } = await open.stored();
  // also where Ctrl-C comes just now: the work is done
  await checkpoints.remove(`verify:${checkpoint}`, { timeoutMs: call.timeoutMs });
}

function sampleOf(options: Options): { sample?: number } {
  const part = text(options, "sample");
  if (part === undefined) return {};
  const sample = Number(part);
  if (sample > 0 && sample <= 1) return { sample };
  throw new UsageError(`--sample takes a part above 0, up to 1, such as 0.01, not ${JSON.stringify(part)}.`);
}

function summary(documents: number, repaired: number, failures: number): string {
  const parts = [
    ...(repaired > 0 ? [`${count(repaired)} repaired`] : []),
    ...(failures > 0 ? [`${counted(failures, "document differs", "documents differ")}`] : []),
  ];
  return `Verified ${counted(documents, "document")}: ${parts.length === 0 ? "nothing differs" : parts.join(", ")}.`;
}

async function tellFinding(
  session: Session,
  { codec }: OpenStore,
  finding: StoreFinding,
  repair: boolean,
): Promise<void> {
  const { cause, ...told } = finding;
  const { id, version, kind, projection, message, mend } = told;
  if (session.flags.json === true) {
    await session.line(codec.record(told));
    return;
  }
  const { red, bold } = session.colours;
  const where = projection === undefined ? kind : `${kind} of ${projection}`;
  const why = cause instanceof Error ? ` (${cause})` : "";
  const would = mend === undefined ? "" : repair ? ` Repairing: ${mend}.` : ` --repair would: ${mend}.`;
  await session.line(`${bold(plain(idText(id)))}  v${version}  ${red(where)}  ${message}${why}${would}`);
}
