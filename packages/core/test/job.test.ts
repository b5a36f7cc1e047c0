// Who may take over a range: what a worker says of itself, and what is seen of it.
import { spawnSync } from "node:child_process";
import { getEventListeners } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { deadlineOfEach } from "../src/port/deadline.ts";
import { type JobBounds, runJob } from "../src/upkeep/job/job.ts";
import { newJob, withRange } from "../src/upkeep/job/job-record.ts";
import { localJobs } from "../src/upkeep/job/local-jobs.ts";
import type { JobStore } from "../src/upkeep/job/shared-record.ts";
import { newWorker } from "../src/upkeep/job/worker.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

// nobody waits here: the looks themselves move the clock on
const bounds = (store: JobStore, signal?: AbortSignal): JobBounds => ({
  store,
  signal,
  deadline: deadlineOfEach(undefined),
  wait: async () => undefined,
});

const ended = (): number => spawnSync(process.execPath, ["--version"]).pid;

/** Runs a job of which a worker has the documents a and b in hand, and tells when they were done here. */
async function doneBeside(owner: string, steps: { readonly onLook?: () => void } = {}): Promise<number> {
  const jobs = localJobs();
  const job = { ...withRange(newJob("run", 0, 1), "b", owner), planned: true };
  await jobs.swap("job", job, deadlineOfEach(undefined).call());
  let doneAt = Number.NaN;
  const work = {
    name: "job",
    concurrency: 1,
    rangeSize: 10,
    startedAt: 0,
    page: async () => ["a", "b"],
    range: async (ids: readonly unknown[]) => {
      expect(ids).toEqual(["a", "b"]);
      doneAt = performance.now();
      return { documents: ids.length, written: 0, failures: 0 };
    },
    last: async () => ({ documents: 0, written: 0, failures: 0 }),
    onChange: () => undefined,
  };
  const store = {
    ...jobs,
    get: async (...given: Parameters<typeof jobs.get>) => {
      steps.onLook?.();
      return jobs.get(...given);
    },
  };
  const result = await runJob(work, bounds(store));
  expect(result).toMatchObject({ finished: true, documents: 2 });
  return doneAt;
}

/** The same worker in another process. */
const inProcess = (pid: number, worker: string): string => worker.replace(` ${process.pid} `, ` ${pid} `);

test("the range of a process of this machine that has ended is taken over at once", async () => {
  vi.spyOn(performance, "now").mockReturnValue(0);
  expect(await doneBeside(inProcess(ended(), newWorker()))).toBe(0);
});

test.each([
  ["a live process of this machine", newWorker()],
  ["a process of another machine", `${inProcess(ended(), newWorker())} elsewhere`],
  ["one that tells nothing of itself", "somebody"],
])("the range of %s is taken over when it shows no sign of life for ten seconds", async (_, owner) => {
  // the job is begun, and the range looked at three times
  const times = [0, 0, 9_999, 10_000];
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const onLook = (): void => {
    now = times.shift() ?? now;
  };
  expect(await doneBeside(owner, { onLook })).toBe(10_000);
});

test("many lanes that wait for another worker make no listeners of the signal", async () => {
  const jobs = localJobs();
  const job = { ...withRange(newJob("run", 0, 1), "b", "somebody"), planned: true };
  await jobs.swap("job", job, deadlineOfEach(undefined).call());
  const controller = new AbortController();
  let [looks, most] = [0, 0];
  const store = {
    ...jobs,
    get: async (...given: Parameters<typeof jobs.get>) => {
      if (++looks > 60) controller.abort();
      most = Math.max(most, getEventListeners(controller.signal, "abort").length);
      return jobs.get(...given);
    },
  };
  const work = {
    name: "job",
    concurrency: 20,
    rangeSize: 10,
    startedAt: 0,
    page: async () => ["a", "b"],
    range: async () => ({ documents: 2, written: 0, failures: 0 }),
    last: async () => ({ documents: 0, written: 0, failures: 0 }),
    onChange: () => undefined,
  };
  const result = await runJob(work, bounds(store, controller.signal));
  expect(result).toMatchObject({ finished: false });
  expect(most).toBe(0);
});

test("a range that was broken off ends at its place, also where its last document is not listed any more", async () => {
  const jobs = localJobs();
  const begun = withRange(newJob("the run", 0, 1), "c", "");
  await jobs.swap("job", { ...begun, planned: true }, deadlineOfEach(undefined).call());
  const done: unknown[] = [];
  const work = {
    name: "job",
    concurrency: 1,
    rangeSize: 2,
    startedAt: 0,
    // c was done before, and d and e are behind it
    page: async (after: unknown) => (after === undefined ? ["a", "b"] : after === "b" ? ["d", "e"] : []),
    isBehind: (id: unknown, other: unknown) => String(id) > String(other),
    range: async (ids: readonly unknown[], run: string) => {
      done.push([run, ...ids]);
      return { documents: ids.length, written: 0, failures: 0 };
    },
    last: async () => ({ documents: 0, written: 0, failures: 0 }),
    onChange: () => undefined,
  };
  await runJob(work, bounds(jobs));
  expect(done).toEqual([["the run", "a", "b"]]);
});
