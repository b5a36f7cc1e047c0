import { type BigIntStats, statSync } from "node:fs";

/**
 * A file was taken from under its open connection: removed, or another one put into its place. Whoever opens the path now
 * sees nothing that is written through that connection.
 */
export class TakenAway extends Error {
  /** Whether a transaction was committed that may be lost with it. */
  readonly inDoubt: boolean;

  /** @param message the fact that something is not there any more, as it follows "Could not …:" */
  constructor(message: string, inDoubt = false) {
    super(message);
    this.name = "TakenAway";
    this.inDoubt = inDoubt;
  }
}

/** The file at a path; undefined where there is nothing. */
export function statOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

/** Whether both are there and one file. */
export function isSameFile(one: BigIntStats | undefined, other: BigIntStats | undefined): boolean {
  return one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev;
}

/** Where a file is, and where the engine keeps the files that belong to it. */
export interface FilePaths {
  /** As it was given. */
  readonly path: string;
  /** Without symbolic links. */
  readonly real: string;
}

/**
 * Compares the files at the paths of an open file with those that were opened: the file by the path that was given, its
 * write-ahead log, and the memory that its users share. The locks of other processes keep these where they are. But another
 * SQLite library in this process does not see our locks, since POSIX locks belong to the process, and takes the log away
 * when it closes; and people remove and rename files. Gives a function that throws TakenAway where one is not the file that
 * was opened. It costs a `stat` of each.
 */
export function fileGuard({ path, real }: FilePaths, opened: BigIntStats | undefined): () => void {
  const watched = [
    { place: path, what: "the file", was: opened },
    { place: `${real}-wal`, what: "its write-ahead log", was: statOf(`${real}-wal`) },
    { place: `${real}-shm`, what: "the memory that its users share", was: statOf(`${real}-shm`) },
  ];
  return () => {
    for (const { place, what, was } of watched) {
      const is = statOf(place);
      if (was === undefined || isSameFile(is, was)) continue;
      const became = is === undefined ? "is not there any more" : "is not the one that was opened";
      throw new TakenAway(`${what} ${JSON.stringify(place)} ${became}`);
    }
  };
}

/**
 * For a file that is opened as one that nobody changes, since nobody may: that this is so. Gives a function that throws
 * TakenAway where somebody does.
 */
export function unchangedGuard({ path, real }: FilePaths, opened: BigIntStats | undefined): () => void {
  return () => {
    const is = statOf(path);
    const isSame = isSameFile(is, opened) && is?.size === opened?.size && is?.mtimeNs === opened?.mtimeNs;
    if (!isSame || (statOf(`${real}-wal`)?.size ?? 0n) > 0n)
      throw new TakenAway(`somebody wrote to the file, which could be opened for reading alone`);
  };
}
