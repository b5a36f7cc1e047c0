import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { idKey } from "../../model/document-id.ts";
import { newId } from "../../model/event-id.ts";
import type { OpenRange } from "./job-record.ts";

/** How often a worker shows that it lives, and after how long without a sign its ranges are taken over. */
export const beatEvery = 2_000;
const deadAfter = 10_000;

// containers may have one name and not see each other's processes
const place = `${hostname()} ${processNamespace()}`;

/** A name for a worker, other than all others. It tells where it runs and in which process. */
export function newWorker(): string {
  return `${newId()} ${process.pid} ${place}`;
}

/**
 * Tells whether the worker of a range is dead: its process has ended, or its beat was the same for long. By this
 * process's own steady clock, since those of two machines may differ by anything.
 */
export function watchWorkers(): (range: OpenRange) => boolean {
  const seen = new Map<string, { readonly beat: number; readonly since: number }>();
  return ({ owner, upTo, beat }) => {
    if (hasEnded(owner)) return true;
    const key = `${owner} ${upTo === undefined ? "" : idKey(upTo)}`;
    const known = seen.get(key);
    if (known?.beat === beat) return performance.now() - known.since >= deadAfter;
    seen.set(key, { beat, since: performance.now() });
    return false;
  };
}

/** Whether the process of a worker has ended, as far as can be told from here: only for those of this machine. */
function hasEnded(worker: string): boolean {
  const [, pid, ...where] = worker.split(" ");
  if (where.join(" ") !== place) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // else it is there, and belongs to somebody else
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
