import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** A process that edits when it is told to. */
export interface Told {
  /** Edits, by this text; gives the version that was acknowledged, or the code of the error. */
  edit(text: string): Promise<string>;
  /** Ends it in order: store and storage are closed. */
  end(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

/** Starts support/editor.mjs on a file, ended at the latest with the test. */
export function startEditor(file: string): Told {
  const script = join(import.meta.dirname, "editor.mjs");
  const child = spawn(process.execPath, [script, file], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, "exit");
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return {
    edit: async (text) => {
      child.stdin.write(`${text}\n`);
      const answer = await answers.next();
      if (answer.done === true) throw new Error("the editor ended");
      return answer.value;
    },
    end: async () => {
      child.stdin.end();
      await exited;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/**
 * Runs a script in a process of its own, with all that this package can import. Gives what it printed; fails where its
 * exit code is another than 0.
 *
 * @param limits what the shell does before: "ulimit -n 200"
 */
export async function runScript(source: string, args: readonly string[] = [], limits = ":"): Promise<string> {
  const child = spawn(
    "bash",
    [
      "-c",
      `${limits}; exec "$@"`,
      "bash",
      process.execPath,
      "--input-type=module",
      "--eval",
      source,
      ...args,
    ],
    { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "pipe"] },
  );
  const told = { out: "", err: "" };
  child.stdout.on("data", (data) => {
    told.out += String(data);
  });
  child.stderr.on("data", (data) => {
    told.err += String(data);
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`the script ended with ${code}: ${told.err}`);
  return told.out + told.err;
}
