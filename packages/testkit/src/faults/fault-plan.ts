import { randomFrom } from "../random.ts";

/**
 * The fault of one commit. `pass`: nothing. `lose-request`: it never arrives; rejects. `lose-reply`: it is stored, but the answer
 * is lost; rejects. `land-late`: rejects now and is stored later. `view-behind`: the events are stored, their views not.
 * `answer-again`: it is stored, and answered as a second try of the same events is, as by a driver that retries without telling.
 */
export type CommitFault =
  | "pass"
  | "lose-request"
  | "lose-reply"
  | "land-late"
  | "view-behind"
  | "answer-again";

/** The fault of one view write. `behind`: it is not written, and the answer says so. The others as for commits. */
export type ViewFault = "pass" | "lose-request" | "lose-reply" | "land-late" | "behind";

/** The fault of any other call: reads, snapshots, checkpoints. `fail`: nothing happens; rejects. */
export type ReadFault = "pass" | "fail";

/** The faults by the calls that they strike. */
export interface Faults {
  /** Faults of commits. */
  readonly commit: CommitFault;
  /** Faults of view writes. */
  readonly view: ViewFault;
  /** Faults of all other calls. */
  readonly read: ReadFault;
}

/** Names the fault of each call. A kind of call that it does not name passes. */
export interface FaultPlan {
  /** The fate of the nth commit, from 1. */
  readonly commit?: (n: number) => CommitFault;
  /** The fate of the nth view write, from 1. */
  readonly view?: (n: number) => ViewFault;
  /** The fate of the nth other call, from 1. */
  readonly read?: (n: number) => ReadFault;
  /**
   * After how many further calls of any kind something late lands. Default: only when `landAll` is called.
   */
  readonly landAfter?: number;
  /**
   * How a commit in doubt ends: by a rejection (the default), or by the outcome `unknown` for each of its
   * events.
   */
  readonly doubt?: "reject" | "unknown";
}

/** A plan that takes the faults in the order of the lists; calls after their ends pass. */
export function scriptedFaults(
  script: { readonly [K in keyof Faults]?: readonly Faults[K][] },
  options: Pick<FaultPlan, "landAfter" | "doubt"> = {},
): FaultPlan {
  return {
    commit: (n) => script.commit?.[n - 1] ?? "pass",
    view: (n) => script.view?.[n - 1] ?? "pass",
    read: (n) => script.read?.[n - 1] ?? "pass",
    ...options,
  };
}

/**
 * A plan of random faults, the same for the same seed and the same order of calls. `rates` gives the probability of each fault,
 * from 0 to 1; all other calls pass.
 */
export function randomFaults(
  seed: number,
  rates: { readonly [K in keyof Faults]?: { readonly [F in Exclude<Faults[K], "pass">]?: number } },
  options: Pick<FaultPlan, "landAfter" | "doubt"> = {},
): FaultPlan {
  const random = randomFrom(seed);
  return {
    commit: () =>
      pick(
        random(),
        ["lose-request", "lose-reply", "land-late", "view-behind", "answer-again"],
        rates.commit,
      ),
    view: () => pick(random(), ["lose-request", "lose-reply", "land-late", "behind"], rates.view),
    read: () => pick(random(), ["fail"], rates.read),
    ...options,
  };
}

function pick<F extends string>(
  chance: number,
  faults: readonly F[],
  rates: { readonly [G in F]?: number } = {},
): F | "pass" {
  let rest = chance;
  for (const fault of faults) {
    rest -= rates[fault] ?? 0;
    if (rest < 0) return fault;
  }
  return "pass";
}
