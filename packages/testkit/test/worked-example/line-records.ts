import {
  type CheckpointStore,
  compareIds,
  countByScan,
  findByScan,
  idKey,
  type PlainObject,
  type Row,
  type RowSet,
  type RowStore,
  rowId,
  type Snapshot,
  type SnapshotStore,
  stringId,
} from "@everdraft/core/adapter";
import { type Codec, kinds } from "./codec.ts";
import type { Part } from "./file-system.ts";

/** The snapshots: a file for each document, a line for each snapshot, in the order of versions. */
export function lineSnapshots(files: Part, { read, write, open }: Codec): SnapshotStore {
  const of = (file: string): Snapshot[] =>
    files.last(file) === undefined ? [] : files.lines(file).map((line) => read<Snapshot>(line));
  const keep = (file: string, all: readonly Snapshot[]): void => {
    files.remove(file);
    for (const one of all) files.lines(file).push(write(one));
  };
  return {
    around: open((doc, moment) => {
      const isBefore = (one: Snapshot): boolean =>
        "date" in moment ? one.at <= moment.date : one.version <= moment.version;
      const before = of(idKey(doc)).findLast(isBefore);
      const after = "date" in moment ? of(idKey(doc)).find((one) => !isBefore(one))?.version : undefined;
      return { ...(before && { before }), ...(after !== undefined && { after }) };
    }),
    put: open((snapshot) => {
      const file = idKey(snapshot.doc);
      const others = of(file).filter(({ version }) => version !== snapshot.version);
      keep(
        file,
        [...others, snapshot].sort((a, b) => a.version - b.version),
      );
    }),
    drop: open((doc, version) => {
      const kept = version === "all" ? [] : of(idKey(doc)).filter((one) => one.version !== version);
      keep(idKey(doc), kept);
    }),
  };
}

/** The checkpoints: a file of one line for each. */
export function lineCheckpoints(files: Part, { read, write, open }: Codec): CheckpointStore {
  const get = (name: string): PlainObject | undefined => {
    const line = files.last(name);
    return line === undefined ? undefined : read<PlainObject>(line);
  };
  return {
    get: open(get),
    put: open((name, value) => files.replace(name, write(value))),
    swap: open((name, value) => {
      const found = get(name)?.revision;
      if ((typeof found === "number" ? found : 0) !== value.revision - 1) return false;
      files.replace(name, write(value));
      return true;
    }),
    list: open((prefix, { after, limit }) =>
      files
        .files()
        .filter((name) => name.startsWith(prefix))
        .filter((name) => after === undefined || compareIds(name, after, [stringId]) > 0)
        .sort((a, b) => compareIds(a, b, [stringId]))
        .slice(0, limit)
        .map((name) => ({ name, value: get(name) ?? {} })),
    ),
    remove: open((name) => files.remove(name)),
  };
}

/** The rows of a projection: a file of one line for each document, which holds them all. */
export function lineRows(files: Part, { read, write, open }: Codec): RowStore {
  const sets = (): RowSet[] =>
    files
      .all()
      .map((line) => read<RowSet>(line))
      .sort((a, b) => compareIds(a.doc, b.doc, kinds));
  async function* scan(): AsyncGenerator<readonly Row[]> {
    yield sets()
      .flatMap(({ doc, version, rows }) =>
        rows.map((state, place): Row => ({ id: rowId(doc, place), doc, version, state })),
      )
      .sort((a, b) => compareIds(a.id, b.id, [stringId]));
  }
  return {
    get: open((docs) =>
      docs.map((doc) => {
        const line = files.last(idKey(doc));
        return line === undefined ? undefined : read<RowSet>(line);
      }),
    ),
    write: open((set, over) => {
      const line = files.last(idKey(set.doc));
      const isHigher = line === undefined || read<RowSet>(line).version < set.version;
      if (over === "any" || isHigher) files.replace(idKey(set.doc), write(set));
      return "current";
    }),
    find: open((query) => findByScan(scan, query, [stringId])),
    count: open((filter) => countByScan(scan, filter)),
    documents: open(({ after, limit }) =>
      sets()
        .map(({ doc }) => doc)
        .filter((id) => after === undefined || compareIds(id, after, kinds) > 0)
        .slice(0, limit),
    ),
  };
}
