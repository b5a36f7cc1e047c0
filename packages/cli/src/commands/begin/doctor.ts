import type { ProjectionStatus } from "@everdraft/core/upkeep";
import { shellWord } from "@everdraft/git-history/text";
import { idText } from "../../documents/document-id.ts";
import { type Facts, gatherFacts } from "../../facts.ts";
import { codeOf, exitCodes, UsageError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { withTarget } from "../../store/open-store.ts";
import { findTargets, type Target } from "../../store/targets.ts";
import { counted, plain } from "../../text/text.ts";
import { second } from "../../text/times.ts";
import type { CommandSpec } from "../command.ts";
import { notLookedAt, stateOf } from "../upkeep/projections.ts";
import { farOff } from "./status.ts";

/** Something that was looked at. */
interface Check {
  readonly what: string;
  /** The fault, where there is one. */
  readonly fault?: string;
  /** The remedy. */
  readonly mend?: string;
  /** Set where it was not looked at. */
  readonly skipped?: true;
}

/** Tells the faults of each store and their remedies. */
export const doctor: CommandSpec = {
  usage: "doctor",
  does: "Check each store, and name each fault with its remedy; exit code 3 where there is one",
  examples: [["everdraft doctor", "all stores of the config"]],
  run: async (session) => {
    const targets = await findTargets(session);
    let wrong = 0;
    try {
      for (const target of targets.all) {
        const checks = await look(session, target);
        wrong += checks.filter(({ fault }) => fault !== undefined).length;
        const option = targets.all.length > 1 ? ` ${targets.several.option} ${shellWord(target.name)}` : "";
        const named = `${session.naming}${option}`;
        await tell(session, target, checks, named);
      }
    } finally {
      await targets.close();
    }
    if (session.flags.json !== true)
      await session.line(
        wrong === 0
          ? `All is well, as far as this looks; every event is checked by: everdraft verify${session.naming}`
          : `${counted(wrong, "thing needs", "things need")} mending.`,
      );
    return wrong === 0 ? exitCodes.done : exitCodes.differences;
  },
};

async function look(session: Session, target: Target): Promise<Check[]> {
  const reached = (how = ""): Check => ({
    what: `${target.where} can be reached${how}, its tables and indexes are as they have to be`,
  });
  try {
    const facts = await withTarget(session, target, (open) => gatherFacts(session, open, false));
    return [reached(` (${facts.engine})`), ...checksOf(facts)];
  } catch (error) {
    session.signal.throwIfAborted();
    if (error instanceof UsageError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const mend = remedies[codeOf(error) ?? ""] ?? "as the message says; then again: everdraft doctor";
    return [{ ...reached(), fault: session.redaction.clean(message), mend }];
  }
}

const remedies: Readonly<Record<string, string>> = {
  storage_corrupt: "as the message says; then: everdraft verify",
  storage_busy: "wait for the other process, or end it; then again: everdraft doctor",
  storage_read_only: "give the user of the connection the right to write",
  storage_full: "make room on the disk",
  storage_replaced: "run the command again: the file was replaced while it was looked at",
  storage_outdated: "update Node, whose own SQLite is used, or: npm update @photostructure/sqlite",
  format_too_new: "update everdraft",
};

function checksOf(facts: Facts): Check[] {
  return [
    ...facts.problems.map(({ what, remedy }) => ({
      what: "indexes are as they have to be",
      fault: what,
      mend: remedy,
    })),
    viewCheck(facts),
    ...schemaChecks(facts),
    ...facts.projections.map(projectionCheck),
    ...skippedChecks(facts),
    failureCheck(facts),
    ...facts.unfinished.map(({ name, startedAt }) => ({
      what: "long work is finished",
      fault: `${name} was begun ${second(startedAt)} and is not finished`,
      mend: `where nobody is at it: ${resuming(name)}`,
    })),
    ...clockCheck(facts),
  ];
}

function viewCheck({ scanned, documents }: Facts): Check {
  const { behind = 0, first, why } = scanned ?? {};
  if (behind === 0)
    return { what: `the views of ${counted(documents, "document")} are of the newest events` };
  return {
    what: "views are of the newest events",
    fault: `${counted(behind, "view is", "views are")} behind${why === undefined ? "" : `, that of ${plain(idText(first))}: ${plain(why)}`}`,
    mend: "everdraft sweep; where that finds none: everdraft verify --repair",
  };
}

function schemaChecks({ older, newer, schema }: Facts): Check[] {
  const what = "documents are of the store's schema";
  const are = (many: number): string => counted(many, "document is", "documents are");
  return [
    ...(older === 0
      ? []
      : [
          {
            what,
            fault: `${are(older)} of an older schema than ${schema}`,
            mend: "everdraft migrate --as USER, once no process with the older code is left",
          },
        ]),
    ...(newer === 0
      ? []
      : [
          {
            what,
            fault: `${are(newer)} of a newer schema than ${schema}`,
            mend: "give this store the newer schemaVersion and migrations, in a config",
          },
        ]),
  ];
}

function skippedChecks(facts: Facts): Check[] {
  const what = notLookedAt(facts);
  return what === undefined ? [] : [{ what, skipped: true }];
}

function projectionCheck(projection: ProjectionStatus): Check {
  const { name, version, active } = projection;
  const what = `the rows of ${name} are those of version ${version}`;
  if (active === version) return { what };
  const mend = active > version ? "update the code that has the projection" : `everdraft rebuild ${name}`;
  return { what, fault: `rows of ${name}: ${stateOf(projection)}`, mend };
}

function failureCheck({ failures }: Facts): Check {
  const what = "no projection failed on a document";
  const [first] = failures;
  if (first === undefined) return { what };
  return {
    what,
    fault: `${first.projection} fails on ${plain(idText(first.doc))}${failures.length > 1 ? ` and ${failures.length - 1} more` : ""}: ${plain(first.reason)}`,
    mend: `see all: everdraft projections list; mend the projection, or the log where everdraft verify finds it damaged; then: everdraft rebuild ${first.projection}`,
  };
}

function clockCheck({ clockOffsetMs }: Facts): Check[] {
  if (clockOffsetMs === undefined) return [];
  const what = "this machine's clock and the server's agree";
  if (!farOff(clockOffsetMs)) return [{ what }];
  const fault = `this machine's clock and the server's are ${Math.round(clockOffsetMs)} ms apart`;
  return [{ what, fault, mend: "set both by NTP; events have the server's time meanwhile" }];
}

/** The command that goes on with long work, by the name of its record: "rebuild:lines.v2:", "verify:NAME". */
function resuming(name: string): string {
  const [kind, what = "", ...checkpoint] = name.split(":");
  if (kind === "verify") return `everdraft verify --checkpoint ${[what, ...checkpoint].join(":")}`;
  const named = checkpoint.join(":");
  const command = kind === "migrate" ? "migrate --as USER" : `rebuild ${what.replace(/\.v\d+$/, "")}`;
  return `everdraft ${command}${named === "" ? "" : ` --checkpoint ${named}`}`;
}

async function tell(
  session: Session,
  { name }: Target,
  checks: readonly Check[],
  named: string,
): Promise<void> {
  if (session.flags.json === true) {
    for (const check of checks)
      await session.line(JSON.stringify({ store: name, ok: check.fault === undefined, ...check }));
    return;
  }
  const { bold, dim, green, red } = session.colours;
  await session.line(bold(plain(name)));
  for (const { what, fault, mend, skipped } of checks) {
    const mark = skipped === true ? dim("–") : green("✔");
    await session.line(fault === undefined ? `  ${mark} ${what}` : `  ${red("✘")} ${fault}`);
    // the commands have to name the same store
    if (mend !== undefined)
      await session.line(`    mend it: ${mend.replace(/everdraft (?=[a-z])/g, `everdraft${named} `)}`);
  }
}
