import { afterEach, expect, test, vi } from "vitest";
import { colours } from "../src/output.ts";
import { createProgress } from "../src/progress.ts";
import { fakeOutput } from "./fake-output.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern looks for colours
const codes = /\u001b\[\d+m/;

test("A terminal gets a bar that ends full", () => {
  const terminal = fakeOutput(80);
  const progress = createProgress(terminal, 1500);
  progress.update(700, 650);
  progress.update(1500, 1400);
  progress.stop();
  expect(terminal.text()).toContain("█".repeat(30));
  expect(terminal.text()).toContain("100% | 1,500 of 1,500 revisions | 1,400 events");
});

test("With NO_COLOR the bar and the text have no colours", () => {
  vi.stubEnv("TERM", "xterm");
  vi.stubEnv("NO_COLOR", "");
  expect(colours(fakeOutput(80)).red("x")).toMatch(codes);
  vi.stubEnv("NO_COLOR", "1");
  expect(colours(fakeOutput(80)).red("x")).toBe("x");
  const terminal = fakeOutput(80);
  createProgress(terminal, 1).stop();
  expect(terminal.text()).toContain("░");
  expect(terminal.text()).not.toMatch(codes);
});

test("An output that is no terminal gets a plain line every two seconds", () => {
  vi.useFakeTimers();
  const pipe = fakeOutput();
  const progress = createProgress(pipe, 3000);
  progress.update(1, 1);
  vi.advanceTimersByTime(2500);
  progress.update(1000, 990);
  progress.update(1001, 991);
  vi.advanceTimersByTime(2500);
  progress.update(2000, 1980);
  progress.stop();
  expect(pipe.text()).toBe("1,000 of 3,000 revisions, 990 events\n2,000 of 3,000 revisions, 1,980 events\n");
  expect(colours(pipe).bold("x")).toBe("x");
});
