import { inspect, type MigrateResult, migrate as migrateStore } from "@everdraft/core/upkeep";
import { exitCodes, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { type OpenStore, withStore } from "../../store/open-store.ts";
import { agreed } from "../../terminal/plan.ts";
import { count, counted } from "../../text/text.ts";
import { type CommandSpec, type Options, text } from "../command.ts";
import { needed, ranges } from "../options.ts";
import { goesOnText, resultText, runWork } from "./long-work.ts";

/** Brings stored documents up to the store's schema. */
export const migrate: CommandSpec = {
  usage: "migrate",
  does: "Bring stored documents up to the schema version of the config, one event each; while writers go on. For when no process with the older code is left",
  options: [
    ["--as <user>", "who does it"],
    ["--reason <text>", 'why; kept with each event (default: "schema 1 → 2")'],
    ["--concurrency <n>", "how many ranges of documents at once (default: 4)"],
    ["--range-size <n>", "how many documents a range has (default: 100)"],
    ["--checkpoint <name>", "save its progress under this name; a run with the same name shares the work"],
    ["--dry-run", "only show the plan"],
  ],
  examples: [
    ["everdraft migrate --as deploy --dry-run", "how many documents are of an older schema"],
    ["everdraft migrate --as deploy --yes", "brings them up; run again after a break, it goes on"],
  ],
  run: async (session, _args, options) =>
    withStore(session, async (open) => {
      const user = needed(options, "as", "the user who does it, such as --as deploy");
      const cut = ranges(options);
      const version = open.target.options.schemaVersion ?? 1;
      if (version === 1)
        throw new UsageError(
          "This store has schema version 1, so there is nothing to migrate from. schemaVersion and migrations belong into a config.",
        );
      const left = await leftOf(session, open, text(options, "checkpoint") ?? "");
      if (left.documents > 0 || left.goesOn.length > 0) {
        const go = await agreed(session, planOf(open, user, version, left));
        if (!go) return exitCodes.done;
      }
      const { failures } = await run(session, open, user, { ...cut, ...textsOf(options) });
      return failures > 0 ? exitCodes.failed : exitCodes.done;
    }),
};

/** The work that is left. */
interface Left {
  readonly documents: number;
  readonly ofAbout: number;
  readonly newer: number;
  readonly goesOn: readonly string[];
}

async function leftOf(session: Session, { store, target }: OpenStore, checkpoint: string): Promise<Left> {
  const { documents, older, newer, unfinished } = await inspect(store, session.call);
  const record = `migrate:${target.options.schemaVersion}:${checkpoint}`;
  const goesOn = unfinished.filter(({ name }) => name === record).map((work) => goesOnText(session, work));
  return { documents: older, ofAbout: documents, newer, goesOn };
}

function planOf({ target }: OpenStore, user: string, version: number, left: Left) {
  const { documents, ofAbout, newer, goesOn } = left;
  const are = documents === 1 ? "is" : "are";
  return {
    what: `Migrate to schema ${version}, as ${user}`,
    where: `${target.options.collection} in ${target.where}`,
    lines: [
      `${count(documents)} of about ${counted(ofAbout, "document")} ${are} of an older schema: one event each`,
      ...(newer === 0 ? [] : [`${counted(newer, "document")} of a newer schema: left alone`]),
      ...goesOn,
    ],
    facts: { migrate: version, as: user, older: documents, newer, documents: ofAbout },
  };
}

function textsOf(options: Options): { reason?: string; checkpoint?: string } {
  const [reason, checkpoint] = [text(options, "reason"), text(options, "checkpoint")];
  return { ...(reason !== undefined && { reason }), ...(checkpoint !== undefined && { checkpoint }) };
}

async function run(
  session: Session,
  { store, target }: OpenStore,
  user: string,
  how: ReturnType<typeof ranges> & ReturnType<typeof textsOf>,
): Promise<MigrateResult> {
  const result = await runWork(session, (listeners) =>
    migrateStore(store, user, { ...session.call, ...how, ...listeners }),
  );
  await tell(session, target.options.schemaVersion ?? 1, result);
  return result;
}

async function tell(session: Session, version: number, result: MigrateResult): Promise<void> {
  const { complete, documents } = result;
  if (session.flags.json === true) {
    await session.line(JSON.stringify({ migrated: version, ...result }));
    return;
  }
  if (complete && documents === 0) {
    await session.line(`No document is of an older schema than ${version}; nothing was stored.`);
    return;
  }
  await session.line(`Schema ${version}: ${resultText(result)}`);
}
