import type { Capabilities, Storage, StoredCollection } from "@everdraft/core/adapter";
import { type Codec, codec, kinds } from "./codec.ts";
import { type FileSystem, part } from "./file-system.ts";
import { lineLog } from "./line-log.ts";
import { lineCheckpoints, lineRows, lineSnapshots } from "./line-records.ts";
import { lineViews } from "./line-views.ts";

// #region capabilities
const capabilities: Capabilities = {
  idKinds: kinds,
  valueTypes: [],
  // event and view are written in one turn of the event loop
  atomic: true,
  eventBytes: 15 * 1024 * 1024,
  stateBytes: 15 * 1024 * 1024,
};
// #endregion capabilities

// #region storage
/** The storage of docs/writing-an-adapter.md: files of lines, kept in a Map instead of on a disk. */
export function lineStorage(disk: FileSystem): Storage<string | number> {
  let closed = false;
  const lines = codec(() => closed);
  const names = part(disk, "collections");
  const close = async (): Promise<void> => {
    closed = true;
  };
  return {
    name: "lines",
    capabilities,
    open: lines.open((name) => {
      names.replace(name, new Uint8Array());
      return lineCollection(disk, name, lines);
    }),
    collections: lines.open(() => names.files().sort()),
    close,
    [Symbol.asyncDispose]: close,
  };
}
// #endregion storage

function lineCollection(disk: FileSystem, name: string, lines: Codec): StoredCollection {
  const events = part(disk, "events", name);
  const snapshots = part(disk, "snapshots", name);
  const views = lineViews(part(disk, "views", name), lines);
  return {
    log: lineLog(events, part(disk, "ids", name), views, lines),
    views,
    snapshots: lineSnapshots(snapshots, lines),
    checkpoints: lineCheckpoints(part(disk, "checkpoints", name), lines),
    rows: lines.open((projection) => lineRows(part(disk, "rows", name, projection), lines)),
    dropRows: lines.open((projection) => {
      const rows = part(disk, "rows", name, projection);
      for (const file of rows.files()) rows.remove(file);
    }),
    facts: lines.open(async () => ({
      engine: "lines in a Map",
      events: events.files().reduce((sum, file) => sum + events.lines(file).length, 0),
      views: await views.count({}, { timeoutMs: 1000 }),
      snapshots: snapshots.files().reduce((sum, file) => sum + snapshots.lines(file).length, 0),
      bytes: undefined,
      abilities: { atomicViews: true },
      problems: [],
    })),
  };
}
