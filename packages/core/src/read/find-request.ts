import type { Resources } from "../context/resources.ts";
import { FilterError } from "../errors/filter-error.ts";
import { checkFilter, checkPath } from "../model/filter.ts";
import type { FindQuery, Sort } from "../port/view-store.ts";
import { isPlain } from "../value/value.ts";

/** The options of a find, of whatever type its documents are. */
export interface FindRequest {
  readonly filter: unknown;
  readonly sort?: object | undefined;
  readonly limit?: number | undefined;
  readonly select?: readonly string[] | undefined;
  readonly onNewer?: "skip" | "refuse" | undefined;
  /** Whether deleted documents are found alone, or too. */
  readonly deleted?: "only" | "include" | undefined;
  /** The date whose states are found, in milliseconds; undefined for now. */
  readonly date?: number | undefined;
}

/** A find as the port takes it; its limit is how many are wanted at all. Throws FilterError. */
export function checkFind(request: FindRequest, { types, schema }: Resources): FindQuery {
  const sort = checkSort(request.sort);
  const { select, limit = Number.POSITIVE_INFINITY } = request;
  if (select !== undefined && !(Array.isArray(select) && select.every((field) => typeof field === "string")))
    throw new FilterError({ path: "select", reason: "it is a list of top-level fields", part: "selection" });
  return {
    filter: checkFilter(request.filter, types),
    sort,
    limit,
    // migrations may need fields that the caller did not ask for
    ...(select &&
      schema.version === 1 && {
        select: [...select, ...sort.map(([path]) => path.split(".")[0] as string)],
      }),
  };
}

/** The fields of a sort. Throws FilterError. */
export function checkSort(sort: object | undefined): Sort {
  if (sort === undefined) return [];
  if (!isPlain(sort))
    throw new FilterError({
      path: "sort",
      reason: "it is a plain object of fields with 1 or -1",
      part: "sort",
    });
  return Object.entries(sort).map(([path, direction]) => {
    checkPath(path);
    if (direction !== 1 && direction !== -1)
      throw new FilterError({ path, reason: "a sort goes 1 (ascending) or -1 (descending)", part: "sort" });
    return [path, direction] as const;
  });
}
