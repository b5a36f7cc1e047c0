import {
  compareIds,
  countByScan,
  findByScan,
  idKey,
  type View,
  type ViewStore,
} from "@everdraft/core/adapter";
import { type Codec, kinds } from "./codec.ts";
import type { Part } from "./file-system.ts";

/** The views, and a way to write one at once with its event. */
export interface LineViews extends ViewStore {
  /** Writes a view, without a turn for anybody else. */
  put(view: View, over: "lower" | "any"): void;
}

/** The views: a file of one line for each document. */
export function lineViews(files: Part, { read, write, open }: Codec): LineViews {
  // #region guard
  const put = (view: View, over: "lower" | "any"): void => {
    const line = files.last(idKey(view.id));
    const isHigher = line === undefined || read<View>(line).version < view.version;
    // a deleted document keeps its line, so that a late writer cannot bring it back
    if (over === "any" || isHigher) files.replace(idKey(view.id), write(view));
  };
  // #endregion guard
  async function* scan(): AsyncGenerator<readonly View[]> {
    yield files
      .all()
      .map((line) => read<View>(line))
      .sort((a, b) => compareIds(a.id, b.id, kinds));
  }
  return {
    put,
    get: open((ids) =>
      ids.map((id) => {
        const line = files.last(idKey(id));
        return line === undefined ? undefined : read<View>(line);
      }),
    ),
    write: open((view, over) => {
      put(view, over);
      return "current";
    }),
    find: open((query) => findByScan(scan, query, kinds)),
    count: open((filter, _call, schema) => countByScan(scan, filter, schema)),
  };
}
