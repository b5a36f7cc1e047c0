import {
  EverdraftError,
  type IndeterminateError,
  type Store,
  type WriteOptions,
  type Written,
} from "@everdraft/core";
import { type Invoked, type Journal, now } from "../history.ts";
import { type Log, revisionsOf } from "./schedule.ts";

/** The tools of a writer's acts. */
export interface Performer {
  readonly store: Store<Log>;
  readonly journal: Journal;
  /** The user who closes open slots. */
  readonly user: string;
  /** How long each call may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** How an act ended. */
export type Outcome =
  | { readonly how: "ok"; readonly version: number }
  | { readonly how: "failed"; readonly code: string }
  | { readonly how: "open"; readonly eventId?: string; readonly version?: number };

/** Does one act and writes down how it began and ended. */
export async function perform(performer: Performer, act: Invoked, signal?: AbortSignal): Promise<Outcome> {
  const { journal } = performer;
  const { token } = act;
  journal.write(act);
  try {
    if (act.kind === "import") return await takeIn(performer, act);
    const done = await carryOut(performer, act, signal);
    const { version, eventId, changed } = done;
    journal.write({ what: "ok", token, at: now(), version, eventId, changed });
    return { how: "ok", version };
  } catch (error) {
    if (isIndeterminate(error)) {
      const { eventId, version } = error.details;
      journal.write({ what: "indeterminate", token, at: now(), eventId, version });
      return { how: "open", eventId, version };
    }
    const code = codeOf(error);
    const message = error instanceof Error ? error.message : String(error);
    journal.write({ what: act.kind === "import" ? "broken" : "failed", token, at: now(), code, message });
    return act.kind === "import" ? { how: "open" } : { how: "failed", code };
  }
}

type Done = Pick<Written<unknown>, "version" | "eventId" | "changed">;

async function carryOut(performer: Performer, act: Invoked, signal: AbortSignal | undefined): Promise<Done> {
  const { store, timeoutMs } = performer;
  const { token, doc, by: user, kind, expectedVersion } = act;
  const options: WriteOptions = {
    timeoutMs,
    meta: { token },
    ...(act.key === true && { key: token }),
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(signal && { signal }),
  };
  switch (kind) {
    case "create":
      return store.create(doc, user, { tokens: [token] }, options);
    case "replace":
      return store.replace(doc, user, { tokens: [token] }, options);
    case "delete":
      return store.delete(doc, user, options);
    case "restore":
      return store.restore(doc, user, options);
    case "revert":
      return store.revert(doc, user, { version: act.to ?? 1 }, options);
    case "read": {
      const document = await store.read(doc, undefined, { timeoutMs });
      return { version: document?.version ?? 0, eventId: "", changed: false };
    }
    default:
      return store.edit(doc, user, (draft) => void draft.tokens.push(token), options);
  }
}

async function takeIn({ store, journal }: Performer, { token, doc, revisions }: Invoked): Promise<Outcome> {
  const { conflicts } = await store.import(revisionsOf(token, doc, revisions ?? 1), { name: token });
  const [conflict] = conflicts;
  if (conflict !== undefined) throw conflict;
  journal.write({ what: "ok", token, at: now(), version: revisions ?? 1, eventId: "", changed: true });
  return { how: "ok", version: revisions ?? 1 };
}

/** Asks what became of an act that ended indeterminate. `undefined`: no answer, ask again later. */
export async function resolve(
  { store, journal, user, timeoutMs }: Performer,
  token: string,
  doc: string,
  write: { readonly eventId: string; readonly version: number },
  settle: boolean,
): Promise<"stored" | "never" | "open" | undefined> {
  try {
    const resolved = await store.resolve(doc, write, { timeoutMs, ...(settle && { settle: user }) });
    const { outcome } = resolved;
    const event =
      resolved.outcome === "stored"
        ? { version: resolved.result.version, eventId: resolved.result.eventId }
        : undefined;
    journal.write({ what: "resolved", token, at: now(), outcome, ...event });
    return outcome;
  } catch (error) {
    if (error instanceof EverdraftError) return undefined;
    throw error;
  }
}

function isIndeterminate(error: unknown): error is IndeterminateError {
  return error instanceof EverdraftError && error.code === "indeterminate";
}

/** The library's code of an error; `aborted` for the caller's own reason; else its name. */
function codeOf(error: unknown): string {
  if (error instanceof EverdraftError) return error.code;
  if (error === impatience) return "aborted";
  return error instanceof Error ? error.name : "unknown";
}

/** The reason of callers who lose patience. */
export const impatience: Error = new Error("the caller lost patience");
