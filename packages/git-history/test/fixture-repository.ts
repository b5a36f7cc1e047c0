import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Who and when a commit of the fixture is by. */
interface CommitOptions {
  /** Seconds since 1970, of author and committer. */
  readonly at: number;
  readonly author?: string;
  readonly email?: string;
}

/** A git repository that a test makes commit by commit, untouched by the settings of the machine. */
export interface FixtureRepository {
  readonly folder: string;
  git(args: readonly string[], options?: Partial<CommitOptions> & { input?: string }): string;
  write(path: string, content: string | Uint8Array): void;
  /** Commits all that changed and gives the hash. */
  commit(subject: string, options: CommitOptions): string;
  [Symbol.dispose](): void;
}

export function createRepository(): FixtureRepository {
  const folder = mkdtempSync(join(tmpdir(), "everdraft-fixture-"));

  function git(args: readonly string[], options: Partial<CommitOptions> & { input?: string } = {}): string {
    const { at = 0, author = "Ann", email = "ann@example.org", input } = options;
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: author,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: `@${at} +0000`,
      GIT_COMMITTER_NAME: "Committer",
      GIT_COMMITTER_EMAIL: "c@example.org",
      GIT_COMMITTER_DATE: `@${at} +0000`,
    };
    const run = {
      cwd: folder,
      env,
      encoding: "utf8",
      stdio: "pipe",
      ...(input !== undefined && { input }),
    } as const;
    return execFileSync("git", args, run).trim();
  }

  git(["init", "--quiet", "--initial-branch=main"]);
  return {
    folder,
    git,
    write(path, content) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    },
    commit(subject, options) {
      git(["add", "--all"]);
      git(["commit", "--quiet", "--allow-empty-message", "-m", subject], options);
      return git(["rev-parse", "HEAD"]);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
