import type { WriteStream } from "node:tty";
import { SingleBar } from "cli-progress";
import type { Session } from "../session.ts";
import { count, counted, cut, plain } from "../text/text.ts";
import { span } from "../text/times.ts";

/** How far long work is. */
export interface Reached {
  readonly done: number;
  /** How many there are, where that is known. */
  readonly total?: number | undefined;
  /** So many a second. */
  readonly rate: number;
  /** How long it will still take. */
  readonly etaMs?: number | undefined;
  /** Where it is now: a document. */
  readonly position?: unknown;
  readonly failures: number;
}

/** Shows how far long work is, on stderr. */
export interface Progress {
  update(reached: Reached): void;
  /** Shows the last update and gives the line back. */
  stop(): void;
}

const msBetweenLines = 2_000;

/** A bar on a terminal, else a plain line every two seconds and at the end; nothing with --quiet. */
export function createProgress(session: Session, noun: string): Progress {
  const { err } = session.terminal;
  if (session.flags.quiet === true) return { update: () => {}, stop: () => {} };
  return err.isTTY === true ? bar(session, noun) : plainLines(session, noun);
}

/** How far work is, in words. */
export function reachedText({ done, total, rate, etaMs, position, failures }: Reached, noun: string): string {
  const parts = [
    total === undefined ? counted(done, noun) : `${count(done)}/${count(total)} ${noun}s`,
    `${count(rate)}/s`,
    ...(etaMs === undefined ? [] : [`ETA ${span(etaMs)}`]),
    ...(position === undefined ? [] : [`at ${cut(plain(String(position)), 32)}`]),
    ...(failures === 0 ? [] : [counted(failures, "failure")]),
  ];
  return parts.join("  ");
}

const barLength = 16;

function bar({ terminal, errColours }: Session, noun: string): Progress {
  const width = (): number => Math.max((terminal.err.columns || 80) - 1, 20);
  let reached: Reached = { done: 0, rate: 0, failures: 0 };
  const single = new SingleBar({
    stream: terminal.err as WriteStream,
    hideCursor: true,
    clearOnComplete: false,
    format: () => {
      const { done, total } = reached;
      if (total === undefined) return cut(reachedText(reached, noun), width());
      const share = total === 0 ? 1 : Math.min(done / total, 1);
      const filled = Math.round(share * barLength);
      const drawn = "█".repeat(filled) + "░".repeat(barLength - filled);
      const percent = `${Math.floor(share * 100)}%`.padStart(4);
      const text = cut(`${percent}  ${reachedText(reached, noun)}`, width() - barLength - 1);
      return `${errColours.green(drawn)} ${text}`;
    },
  });
  // a terminal is not left without its cursor, however the process ends
  const giveBack = (): void => single.stop();
  process.once("exit", giveBack);
  single.start(1, 0);
  return {
    update: (now) => {
      reached = now;
      single.setTotal(Math.max(now.total ?? 0, now.done, 1));
      single.update(now.done);
    },
    stop: () => {
      process.off("exit", giveBack);
      single.stop();
    },
  };
}

function plainLines(session: Session, noun: string): Progress {
  let shownAt = performance.now();
  let waiting: Reached | undefined;
  const show = (reached: Reached): void => {
    session.note(reachedText(reached, noun));
    shownAt = performance.now();
    waiting = undefined;
  };
  return {
    update: (reached) => {
      waiting = reached;
      if (performance.now() - shownAt >= msBetweenLines) show(reached);
    },
    stop: () => {
      if (waiting !== undefined) show(waiting);
    },
  };
}

/** Measures the speed of work that tells only how much is done. */
export function createSpeed(): (
  done: number,
  total?: number,
) => Pick<Reached, "done" | "total" | "rate" | "etaMs"> {
  const startedAt = performance.now();
  return (done, total) => {
    const ms = Math.max(performance.now() - startedAt, 1);
    const rate = (done / ms) * 1000;
    const known = total !== undefined && rate > 0;
    return { done, total, rate, etaMs: known ? (Math.max(total - done, 0) / rate) * 1000 : undefined };
  };
}
