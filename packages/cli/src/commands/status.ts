import { type Facts, gatherFacts } from "../facts.ts";
import { exitCodeOf, exitCodes } from "../failure.ts";
import { withTarget } from "../open-store.ts";
import type { Session } from "../session.ts";
import { findTargets, type Target } from "../targets.ts";
import { bytes, type Cell, count, plain, table } from "../text/text.ts";
import type { CommandSpec } from "./command.ts";

/** Says what there is. */
export const status: CommandSpec = {
  usage: "status",
  does: "Say what there is: stores, documents, events, bytes, views behind, clock, abilities (all stores of the config)",
  examples: [
    ["everdraft status", "all stores of the config"],
    ["everdraft status --uri sqlite:orders.db --collection orders --json", "one, for programs"],
  ],
  run: async (session) => {
    const targets = await findTargets(session);
    try {
      let code: number = exitCodes.done;
      for (const target of targets.all) code = Math.max(code, await tell(session, target));
      return code;
    } finally {
      await targets.close();
    }
  },
};

async function tell(session: Session, target: Target): Promise<number> {
  try {
    const facts = await withTarget(session, target, (open) => gatherFacts(session, open));
    await show(session, target, facts);
    return exitCodes.done;
  } catch (error) {
    session.signal.throwIfAborted();
    session.note(`${target.name}: ${error instanceof Error ? error.message : String(error)}`);
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
  const { clockOffsetMs } = facts;
  const rows: Cell[][] = [
    ["documents", `${count(facts.documents)} (${count(facts.everWere - facts.documents)} deleted)`],
    ["events", count(facts.events)],
    ...(facts.bytes === undefined ? [] : [["bytes", bytes(facts.bytes)]]),
    ["views behind", warn(count(facts.behind), facts.behind > 0)],
    [
      "clock offset",
      clockOffsetMs === undefined
        ? "none: there is no server"
        : warn(`${Math.round(clockOffsetMs)} ms`, farOff(clockOffsetMs)),
    ],
    ["storage", facts.storage],
    ["event and view", facts.atomicViews ? "written together" : "written one after the other"],
  ];
  for (const line of table(rows.map((row) => ["", ...row]))) await session.line(line);
}

/** Whether clocks differ so much that somebody should look. */
export function farOff(clockOffsetMs: number): boolean {
  return Math.abs(clockOffsetMs) > 1_000;
}
