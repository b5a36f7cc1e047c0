/** The example's disk: files of lines, that outlive the storage as a disk outlives a process. */
export type FileSystem = Map<string, Uint8Array[]>;

/** The files of one part of a collection. */
export interface Part {
  /** The lines of a file, to be read or added to. */
  lines(file: string): Uint8Array[];
  /** The last line of a file. */
  last(file: string): Uint8Array | undefined;
  /** Replaces a file by one line. */
  replace(file: string, line: Uint8Array): void;
  /** Removes a file. */
  remove(file: string): void;
  /** The names of all files. */
  files(): string[];
  /** The last lines of all files. */
  all(): Uint8Array[];
}

/** Opens a part: names are told apart by where they are in a list, so that none can be taken for two others. */
export function part(disk: FileSystem, ...folder: readonly string[]): Part {
  const start = JSON.stringify(folder).slice(0, -1);
  const path = (file: string): string => `${start},${JSON.stringify(file)}]`;
  const lines = (file: string): Uint8Array[] => {
    const found = disk.get(path(file)) ?? [];
    disk.set(path(file), found);
    return found;
  };
  const paths = (): string[] => [...disk.keys()].filter((one) => one.startsWith(`${start},`));
  return {
    lines,
    last: (file) => disk.get(path(file))?.at(-1),
    replace: (file, line) => void disk.set(path(file), [line]),
    remove: (file) => void disk.delete(path(file)),
    files: () => paths().map((one) => (JSON.parse(one) as string[]).at(-1) ?? ""),
    all: () => paths().flatMap((one) => disk.get(one)?.slice(-1) ?? []),
  };
}
