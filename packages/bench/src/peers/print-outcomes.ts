import { type Clock, spread } from "../harness.ts";
import { type Meant, printHeading, printRatio, printRow, printUnable } from "../report.ts";
import { isWhole, type Outcome, percentRight, smallestWhole } from "./outcome.ts";
import { type Calls, type Rounds, roundsOf } from "./rounds.ts";

/** The outcomes of Everdraft and of its peers on one storage. */
export interface Compared {
  /** The storage in the names of the rows. */
  readonly on: string;
  readonly ours: Outcome;
  /** Everdraft without its cache; edits only. */
  readonly cold?: Outcome | undefined;
  readonly peers: readonly Outcome[];
  /** How the bytes of a full state are counted. */
  readonly fullBytes: number;
  readonly rounds: Rounds;
  /** How many times as long as a peer at most, and the clock by which that is meant for past states. */
  readonly aims: { readonly atMost: number; readonly reads: Clock };
}

const bytesAtMost = 1.2;

/** Prints the rows of one storage: time, bytes, and how many past states are right. */
export function printOutcomes(compared: Compared, heading: string): void {
  printHeading(heading);
  printTimes(compared);
  const { on, ours, peers } = compared;
  printHeading(`Bytes of history ${on}, against every state in full`);
  printBytes(compared);
  printHeading(`Past states that are right, ${on}`);
  for (const outcome of [ours, ...peers]) printFidelity(outcome, compared);
}

function printTimes({ on, ours, cold, peers, rounds, aims }: Compared): void {
  const aim = { at: "most", value: aims.atMost } as const;
  const row = (what: string, our: Calls, their: Calls, meant: Meant): void => {
    const both = roundsOf(our, their, rounds);
    if (both.ours.length === 0) printUnable(what, "there was no whole round in which both did it");
    else printRatio(what, both.ours, both.theirs, meant);
  };
  for (const { name, edits } of peers)
    row(`replace ${on}, against ${name}`, ours.edits, edits, { aim, clock: "wall" });
  for (const { name, edits } of cold ? peers : [])
    row(`replace without a cache ${on}, against ${name}`, cold?.edits ?? [], edits, { clock: "wall" });
  for (const { name, reads, byHand } of peers) {
    const what = `stateAt ${on}, against ${name}`;
    if (byHand !== undefined) printUnable(what, byHand);
    const whatDone = byHand === undefined ? what : `${what}, its patches replayed by hand`;
    row(whatDone, ours.reads, reads, { aim, clock: aims.reads });
  }
}

function printBytes({ on, ours, peers, fullBytes }: Compared): void {
  for (const { name, bytes } of [ours, ...peers]) {
    const note = `${Math.round(bytes / 1_000)} KB of ${Math.round(fullBytes / 1_000)} KB`;
    printRow({ what: `history of ${name} ${on}`, figure: spread([bytes / fullBytes]), unit: "x", note });
  }
  const what = `history ${on}, against the smallest whose past states are all right`;
  const smallest = smallestWhole(peers);
  if (smallest === undefined) {
    printUnable(what, "no peer gave every past state back");
    return;
  }
  const figure = spread([ours.bytes / smallest.bytes]);
  const aim = { at: "most", value: bytesAtMost } as const;
  printRow({ what, figure, unit: "x", aim, note: `that of ${smallest.name}` });
}

function printFidelity(outcome: Outcome, { on, ours }: Compared): void {
  const { name, right, wrong, raised, refused, error } = outcome;
  const counts = `${right} right, ${wrong} wrong, ${raised} with an error, ${refused} edits refused`;
  const aim = outcome === ours ? ({ at: "least", value: 100 } as const) : undefined;
  printRow({
    what: `past states of ${name} ${on}`,
    figure: spread([percentRight(outcome)]),
    unit: " %",
    aim,
    note: isWhole(outcome) || error === undefined ? counts : `${counts}; an error: ${oneLine(error)}`,
  });
}

/** The beginning of a message, as it fits in a cell of a table. */
function oneLine(message: string): string {
  return (message.split("\n")[0] ?? "").replaceAll("|", "/").slice(0, 120);
}
