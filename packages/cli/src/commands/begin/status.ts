import { type Facts, gatherFacts } from "../../facts.ts";
import { exitCodeOf, exitCodes } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { withTarget } from "../../store/open-store.ts";
import { findTargets, type Target } from "../../store/targets.ts";
import { bytes, type Cell, count, counted, plain, table } from "../../text/text.ts";
import type { CommandSpec } from "../command.ts";
import { when } from "../documents/history.ts";
import { stateOf } from "../upkeep/projections.ts";

/** Says what there is. */
export const status: CommandSpec = {
  usage: "status",
  does: "Show figures of the store: documents, events, bytes, views behind, failures, clock, abilities (all stores of the config)",
  options: [["--quick", "do not compare every view with its log"]],
  examples: [
    ["everdraft status", "all stores of the config"],
    ["everdraft status --uri sqlite:orders.db --collection orders --json", "one, for programs"],
  ],
  run: async (session, _args, options) => {
    const targets = await findTargets(session);
    try {
      let code: number = exitCodes.done;
      for (const target of targets.all)
        code = Math.max(code, await tell(session, target, options.quick === true));
      return code;
    } finally {
      await targets.close();
    }
  },
};

async function tell(session: Session, target: Target, quick: boolean): Promise<number> {
  try {
    const facts = await withTarget(session, target, (open) => gatherFacts(session, open, quick));
    await show(session, target, facts);
    return exitCodes.done;
  } catch (error) {
    session.signal.throwIfAborted();
    session.complain(`${target.name}: ${error instanceof Error ? error.message : String(error)}`);
    return exitCodeOf(error);
  }
}

async function show(session: Session, { name, where, options }: Target, facts: Facts): Promise<void> {
  if (session.flags.json === true) {
    await session.line(JSON.stringify({ store: name, where, collection: options.collection, ...facts }));
    return;
  }
  const { bold, dim, yellow } = session.colours;
  await session.line(`${bold(plain(name))}  ${dim(`${options.collection} in ${where}`)}`);
  const warn = (text: string, wrong: boolean): Cell => (wrong ? { text, paint: yellow } : text);
  const { clockOffsetMs, scanned, failures, problems, projections, unfinished, sweptAt } = facts;
  const deleted =
    scanned === undefined ? "" : ` (and ${count(Math.max(0, scanned.everWere - facts.documents))} deleted)`;
  const rows: Cell[][] = [
    ["documents", `${count(facts.documents)}${deleted}`],
    ["events", count(facts.events)],
    ["snapshots", count(facts.snapshots)],
    ["bytes", facts.bytes === undefined ? "not told by the storage" : bytes(facts.bytes)],
    ...(scanned === undefined ? [] : [["views behind", warn(count(scanned.behind), scanned.behind > 0)]]),
    ...(facts.older === 0 ? [] : [["older schema", warn(`${count(facts.older)}: everdraft migrate`, true)]]),
    ...(facts.newer === 0 ? [] : [["newer schema", warn(count(facts.newer), true)]]),
    ["last sweep", sweptAt === undefined ? "never" : when(session, sweptAt)],
    ...projections.map((projection): Cell[] => [
      `rows of ${projection.name}`,
      warn(`v${projection.version}: ${stateOf(projection)}`, projection.active !== projection.version),
    ]),
    ...facts.otherProjections.map((name) => [`rows of ${plain(name)}`, "not looked at: name it in a config"]),
    ["failures", warn(count(failures.length), failures.length > 0)],
    ...unfinished.map(({ name: work, documents, startedAt }): Cell[] => [
      "unfinished",
      warn(`${work} at ${counted(documents, "document")}, begun ${when(session, startedAt)}`, true),
    ]),
    [
      "problems",
      warn(problems.length === 0 ? "none" : `${problems.length}: see everdraft doctor`, problems.length > 0),
    ],
    [
      "clock offset",
      clockOffsetMs === undefined
        ? "none: there is no server"
        : warn(`${Math.round(clockOffsetMs)} ms`, farOff(clockOffsetMs)),
    ],
    ["engine", facts.engine],
    ["abilities", abilitiesOf(facts)],
  ];
  for (const line of table(rows.map((row) => ["", ...row]))) await session.line(line);
}

/** The abilities of an engine, and those that it lacks, in words. */
export function abilitiesOf({ abilities }: Facts): string {
  const words = (able: boolean): string =>
    Object.entries(abilities)
      .filter(([, has]) => has === able)
      .map(([name]) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`))
      .join(", ");
  return `${words(true) || "none"}${words(false) === "" ? "" : `; not: ${words(false)}`}`;
}

/** Whether clocks differ so much that somebody should look. */
export function farOff(clockOffsetMs: number): boolean {
  return Math.abs(clockOffsetMs) > 1_000;
}
