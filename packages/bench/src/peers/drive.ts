import { isDeepStrictEqual } from "node:util";
import { randomFrom } from "@everdraft/testkit/random";
import type { Answer, Request } from "./peer.ts";
import type { Calls } from "./rounds.ts";
import type { RunningPeer } from "./running-peer.ts";
import type { History, Write } from "./sample.ts";

/** How many past states a peer gave back as they were, how many otherwise, and how often it gave an error. */
interface Fidelity {
  readonly right: number;
  readonly wrong: number;
  readonly raised: number;
  /** The edits that it did not take. Their states count as raised. */
  readonly refused: number;
  /** One of the errors. */
  readonly error?: string | undefined;
}

/** The calls of one peer. */
export interface Driven extends Fidelity {
  readonly edits: Calls;
  readonly reads: Calls;
}

/** The tally of one peer while it is driven. */
interface Tally {
  readonly peer: RunningPeer;
  readonly edits: Calls[number][];
  readonly reads: Calls[number][];
  /** The version of each write of a document; undefined where it was refused. */
  readonly versions: Map<string, (number | undefined)[]>;
  right: number;
  wrong: number;
  raised: number;
  refused: number;
  error?: string;
}

/**
 * Has all peers store the same histories, and read every state of them. Each call is made by all peers before the next one, and each
 * time another peer begins.
 */
export async function drive(
  peers: readonly RunningPeer[],
  sample: readonly History[],
): Promise<readonly Driven[]> {
  const tallies = peers.map(
    (peer): Tally => ({
      peer,
      edits: [],
      reads: [],
      versions: new Map(),
      right: 0,
      wrong: 0,
      raised: 0,
      refused: 0,
    }),
  );
  const everybody = inTurns(tallies);
  for (const { id, writes } of sample) {
    for (const [i, write] of writes.entries()) await everybody((tally) => store(tally, id, write, i === 0));
  }
  await everybody(async ({ peer }) => void (await peer.ask({ kind: "prepare" })));
  for (const past of shuffled(sample.flatMap(pastOf))) await everybody((tally) => read(tally, past));
  return tallies;
}

/** Does something for each of them, one after another; each time the next one is the first. */
function inTurns<T>(all: readonly T[]): (work: (each: T) => Promise<void>) => Promise<void> {
  let first = 0;
  return async (work) => {
    for (let i = 0; i < all.length; i++) await work(all[(first + i) % all.length] as T);
    first++;
  };
}

async function store(tally: Tally, id: string, { state, act }: Write, creates: boolean): Promise<void> {
  const answer = await ask(tally, { kind: creates ? "create" : "replace", id, state, act });
  const versions = tally.versions.get(id) ?? [];
  tally.versions.set(id, versions);
  const done = answer.kind === "done";
  versions.push(done ? versions.filter((version) => version !== undefined).length + 1 : undefined);
  if (!done) tally.refused++;
  if (!creates) tally.edits.push(done ? answer.took : undefined);
}

/** A past state: the document, the place of the write among its writes, and the state that it gave. */
interface Past {
  readonly id: string;
  readonly place: number;
  readonly state: unknown;
}

function pastOf({ id, writes }: History): readonly Past[] {
  return writes.map(({ state }, place) => ({ id, place, state }));
}

async function read(tally: Tally, { id, place, state }: Past): Promise<void> {
  const version = tally.versions.get(id)?.[place];
  const answer = version === undefined ? undefined : await ask(tally, { kind: "stateAt", id, version });
  if (answer?.kind !== "done") tally.raised++;
  // the order of keys does not matter
  else if (isDeepStrictEqual(answer.state, state)) tally.right++;
  else tally.wrong++;
  tally.reads.push(answer?.kind === "done" ? answer.took : undefined);
}

async function ask(tally: Tally, request: Request): Promise<Answer> {
  const answer = await tally.peer.ask(request);
  if (answer.kind === "failed") tally.error ??= answer.message;
  return answer;
}

/** In another order, the same in every run. */
function shuffled<T>(all: readonly T[]): readonly T[] {
  const random = randomFrom(1);
  const left = [...all];
  return all.map(() => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}
