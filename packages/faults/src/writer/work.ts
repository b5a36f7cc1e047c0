import { setTimeout as delay } from "node:timers/promises";
import { randomFrom } from "@everdraft/testkit/random";
import { type Invoked, now } from "../history.ts";
import { impatience, type Outcome, type Performer, perform, resolve } from "./perform.ts";
import { type PlannedAct, schedule } from "./schedule.ts";

/** The work of a writer. */
export interface Work {
  readonly name: string;
  readonly seed: number;
  readonly documents: readonly string[];
  /** How many acts at once. */
  readonly workers: number;
  /** Asked before each act. */
  readonly goesOn: () => boolean;
  /** Told after each act that writes. */
  readonly done: (acknowledged: boolean) => void;
}

/** Does act after act until it is told to stop. */
export async function work(performer: Performer, work: Work): Promise<void> {
  const heads = new Map<string, number>();
  await Promise.all(
    Array.from({ length: work.workers }, async (_, w) => {
      const next = schedule(`${work.name}.${w}`, randomFrom(work.seed * 97 + w), work.documents);
      let nextKind: PlannedAct["kind"] | undefined;
      let on: string | undefined;
      while (work.goesOn()) {
        const planned = next();
        // a document that is gone is brought back before anything else, or most acts would be refused
        const act = nextKind === undefined ? planned : { ...planned, kind: nextKind, doc: on ?? planned.doc };
        const outcome = await doOne(performer, act, heads);
        if (act.kind !== "read") work.done(outcome.how === "ok");
        const code = outcome.how === "failed" ? outcome.code : undefined;
        nextKind = code === "not_found" ? "create" : code === "deleted" ? "restore" : undefined;
        on = act.doc;
        // acts that a full or closed storage refuses at once would fill the history
        if (outcome.how === "failed" && code?.startsWith("storage") === true) await delay(20);
      }
    }),
  );
}

async function doOne(
  performer: Performer,
  planned: PlannedAct,
  heads: Map<string, number>,
): Promise<Outcome> {
  const { token, doc, kind, keyed, abortAfter } = planned;
  const head = heads.get(doc) ?? 0;
  const expects = planned.expects && kind !== "import" && kind !== "read";
  const act = (): Invoked => ({
    what: "invoke",
    token,
    doc,
    kind,
    by: performer.user,
    at: now(),
    ...(keyed && { key: true }),
    ...(expects && { expectedVersion: head }),
    ...(kind === "revert" && { to: Math.max(1, Math.ceil(planned.back * head)) }),
    ...(kind === "import" && { revisions: planned.revisions }),
  });
  const impatient = abortAfter === undefined ? undefined : new AbortController();
  const timer = setTimeout(() => impatient?.abort(impatience), abortAfter ?? 0);
  const first = act();
  let outcome = await perform(performer, first, impatient?.signal);
  clearTimeout(timer);
  if (outcome.how === "open" && (keyed || kind === "import"))
    outcome = await perform(performer, { ...first, at: now() });
  // a queue that delivers twice
  else if (outcome.how === "ok" && keyed && planned.back < 0.2)
    await perform(performer, { ...first, at: now() });
  else if (outcome.how === "open" && planned.whenOpen !== "later") {
    const { eventId, version } = outcome;
    if (eventId !== undefined && version !== undefined)
      await resolve(performer, token, doc, { eventId, version }, planned.whenOpen === "settle");
  }
  if (outcome.how === "ok") heads.set(doc, Math.max(head, outcome.version));
  return outcome;
}
