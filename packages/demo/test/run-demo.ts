import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** How the demo ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** How it is run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Closes the pipe of stdout after the first of it. */
  readonly leave?: boolean;
  /** Called with the process when it has written to stderr. */
  readonly onErr?: (demo: ReturnType<typeof spawn>) => void;
}

/** Runs the demo, which the tests' set-up has built, as a process of its own, with pipes. */
export function runDemo(args: readonly string[], { env, leave, onErr }: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const demo = spawn(process.execPath, ["packages/demo/dist/main.js", ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    demo.stdout.setEncoding("utf8").on("data", (text) => {
      out += text;
      if (leave) demo.stdout.destroy();
    });
    demo.stderr.setEncoding("utf8").on("data", (text) => {
      err += text;
      onErr?.(demo);
    });
    demo.on("error", reject).on("close", (code) => resolve({ code, out, err }));
  });
}
