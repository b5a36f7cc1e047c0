import type { Storage } from "../port/storage.ts";
import { optionsError } from "./check-options.ts";

/** The time that events are stamped with. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Whether it is a server's clock, so that a time far ahead of it is a fault and not this process's clock
   * being slow.
   */
  readonly fromServer: boolean;
  /** Asks the server for its time where that is due. Never throws: an old offset is better than no write. */
  refresh(): Promise<void>;
  /** The server's clock less this process's, in milliseconds; undefined where no server's is used. */
  offset(): Promise<number | undefined>;
}

const refreshEvery = 30_000;

/**
 * The caller's clock as it is, else the process's, corrected by the server's where the storage can tell it.
 */
export function createClock(
  own: (() => number) | undefined,
  storage: Pick<Storage<never>, "clockOffset">,
): Clock {
  if (own !== undefined)
    return {
      now: () => checkedTime(own(), "it"),
      fromServer: false,
      refresh: async () => undefined,
      offset: async () => undefined,
    };
  const ask = storage.clockOffset?.bind(storage);
  let offset = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  const refresh = async (): Promise<void> => {
    if (ask === undefined || performance.now() - askedAt < refreshEvery) return;
    askedAt = performance.now();
    const asked = await ask({ timeoutMs: 5_000 }).catch(() => offset);
    if (Number.isFinite(asked)) offset = asked;
  };
  return {
    now: () => checkedTime(Date.now() + offset, "the clock of the process"),
    fromServer: ask !== undefined,
    refresh,
    offset: async () => {
      await refresh();
      return ask === undefined ? undefined : offset;
    },
  };
}

function checkedTime(time: unknown, subject: string): number {
  if (typeof time === "number" && Math.abs(time) <= 8.64e15) return Math.floor(time);
  throw optionsError("clock", `${subject} gives milliseconds since 1970`);
}
