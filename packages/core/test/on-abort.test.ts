import { getEventListeners } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { wait } from "../src/context/wait.ts";
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

test("however many wait for a time or a signal, Node warns of no leak, and the signal ends all waits", async () => {
  const warned: Error[] = [];
  const warn = (warning: Error): void => void warned.push(warning);
  process.on("warning", warn);
  onTestFinished(() => void process.off("warning", warn));
  const controller = new AbortController();
  const waits = Array.from({ length: 20 }, () => wait(1_000_000, controller.signal));
  expect(listeners(controller.signal)).toBe(1);
  controller.abort();
  await Promise.all(waits);
  await wait(0, new AbortController().signal);
  await wait(1_000_000, controller.signal);
  // warnings are told in a later turn
  await wait(1);
  expect(warned).toEqual([]);
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
