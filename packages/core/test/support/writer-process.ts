import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** A process that writes, the lines that it printed so far, and how it ended. */
interface Writer {
  readonly lines: readonly string[];
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Ends it as a crash would, at once. */
  kill(): void;
}

/** Starts a writer. `onLine` hears each line as it comes. */
export type StartWriter = (
  args: readonly string[],
  onLine?: (line: string, writer: Writer) => void,
) => Writer;

/** Starts writers that run this script. They end with the test. */
export function writersOf(script: string): StartWriter {
  return (args, onLine = () => {}) => {
    const child: ChildProcess = spawn(process.execPath, [script, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const writer: Writer = {
      lines,
      ended: Promise.all([once(child, "exit"), once(output, "close")]).then(
        ([[code, signal]]) => code ?? signal,
      ),
      kill: () => child.kill("SIGKILL"),
    };
    output.on("line", (line) => {
      lines.push(line);
      onLine(line, writer);
    });
    return writer;
  };
}
