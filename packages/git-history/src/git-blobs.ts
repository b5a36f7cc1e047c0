import { Readable } from "node:stream";
import { GitError } from "./git-error.ts";
import { endOf, startGit } from "./git-process.ts";

/**
 * The contents of blobs in the order of their hashes, undefined for one that the repository does not have, all by one
 * `git cat-file --batch`. Leaving the loop early ends git.
 */
export async function* readBlobs(
  folder: string,
  hashes: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Buffer | undefined> {
  const git = await startGit(folder, ["cat-file", "--batch"], signal);
  let failure: unknown;
  // heard here already, so that a git that is missing or killed is no unhandled error while a blob is waited for
  const ended = endOf(git, signal).catch((error: unknown) => {
    failure = error;
    return -1;
  });
  git.stderr.resume();
  Readable.from(lines(hashes)).pipe(git.stdin);
  const output = byteReader(git.stdout);
  try {
    for (const hash of hashes) {
      const header = await output.line();
      if (header === undefined) {
        const code = await ended;
        throw failure ?? new GitError(`git ended with exit code ${code} before all revisions were read.`);
      }
      const [, type, size] = header.split(" ");
      if (type === "missing") {
        yield undefined;
        continue;
      }
      const content = await output.take(Number(size) + 1);
      if (content === undefined) throw failure ?? new GitError(`git broke off in the content of ${hash}.`);
      yield content.subarray(0, -1);
    }
  } finally {
    // without the second one git would not count as ended while output of it is unread
    git.kill();
    git.stdout.destroy();
    await ended;
  }
}

function* lines(hashes: readonly string[]): Iterable<string> {
  for (const hash of hashes) yield `${hash}\n`;
}

/** Takes a stream by lines and by counts of bytes; undefined where it ends before. */
function byteReader(stream: Readable) {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  // joined only when something is taken: a big blob comes in many chunks
  let waiting: Buffer[] = [];
  let bytes = 0;

  async function more(): Promise<boolean> {
    const next = await chunks.next();
    if (next.done) return false;
    waiting.push(next.value);
    bytes += next.value.length;
    return true;
  }

  async function take(count: number): Promise<Buffer | undefined> {
    while (bytes < count) if (!(await more())) return undefined;
    const all = Buffer.concat(waiting);
    waiting = [all.subarray(count)];
    bytes -= count;
    return all.subarray(0, count);
  }

  async function line(): Promise<string | undefined> {
    for (;;) {
      const all = Buffer.concat(waiting);
      waiting = [all];
      const end = all.indexOf(10);
      if (end >= 0) return (await take(end + 1))?.toString("utf8").trimEnd();
      if (!(await more())) return undefined;
    }
  }

  return { line, take };
}
