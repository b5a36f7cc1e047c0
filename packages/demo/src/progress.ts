import type { WriteStream } from "node:tty";
import { count } from "@everdraft/cli/text";
import { Presets, SingleBar } from "cli-progress";
import { colours, type Output } from "./output.ts";

/** Shows how far an import is. */
export interface Progress {
  /** So many revisions are read, which made so many events. */
  update(revisions: number, events: number): void;
  /** Shows the last update and gives the line back. */
  stop(): void;
}

const secondsBetweenLines = 2;

/** A bar where the stream is a terminal, else a plain line every two seconds. */
export function createProgress(stream: Output, total: number): Progress {
  return stream.isTTY ? bar(stream, total) : plainLines(stream, total);
}

function bar(stream: Output, total: number): Progress {
  const single = new SingleBar(
    {
      format: `${colours(stream).green("{bar}")} {percentage}% | {value} of {total} revisions | {events} events`,
      stream: stream as WriteStream,
      barsize: 30,
      formatValue: (value, _options, type) =>
        type === "percentage" ? String(value).padStart(3) : count(value),
    },
    // █ and ░
    Presets.shades_classic,
  );
  single.start(total, 0, { events: 0 });
  return {
    update: (revisions, events) => single.update(revisions, { events: count(events) }),
    stop: () => single.stop(),
  };
}

function plainLines(stream: Output, total: number): Progress {
  let last = Date.now();
  return {
    update(revisions, events) {
      if (Date.now() - last < secondsBetweenLines * 1000) return;
      last = Date.now();
      stream.write(`${count(revisions)} of ${count(total)} revisions, ${count(events)} events\n`);
    },
    stop() {},
  };
}
