import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { onAbort } from "../src/port/on-abort.ts";

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

test("however many wait for a signal, it has one listener, and none when nobody waits any more", () => {
  const { signal } = new AbortController();
  const releases = Array.from({ length: 50 }, () => onAbort(signal, () => undefined));
  expect(listeners(signal)).toBe(1);
  for (const release of releases) {
    expect(listeners(signal)).toBe(1);
    release();
    release();
  }
  expect(listeners(signal)).toBe(0);
});

test("all that wait are called once, in their order, and those that were released are not", () => {
  const controller = new AbortController();
  const called: number[] = [];
  const same = (): void => void called.push(9);
  onAbort(controller.signal, () => called.push(1));
  onAbort(controller.signal, () => called.push(2))();
  onAbort(controller.signal, same);
  onAbort(controller.signal, same);
  controller.abort();
  controller.abort();
  expect(called).toEqual([1, 9, 9]);
  expect(listeners(controller.signal)).toBe(0);
});

test("what releases another one while the signal aborts keeps it from being called", () => {
  const controller = new AbortController();
  const called: number[] = [];
  const releases: (() => void)[] = [];
  onAbort(controller.signal, () => {
    called.push(1);
    for (const release of releases) release();
  });
  releases.push(onAbort(controller.signal, () => called.push(2)));
  controller.abort();
  expect(called).toEqual([1]);
});

test("a signal that is aborted already calls back in the same turn, unless it is released before", async () => {
  const called: number[] = [];
  onAbort(AbortSignal.abort(), () => called.push(1));
  onAbort(AbortSignal.abort(), () => called.push(2))();
  expect(called).toEqual([]);
  await Promise.resolve();
  expect(called).toEqual([1]);
});
