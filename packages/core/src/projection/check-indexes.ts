import { FilterError } from "../errors/filter-error.ts";
import { OptionsError } from "../errors/options-error.ts";
import { checkPath } from "../model/filter.ts";
import { indexName, type LogIndexField } from "../port/index-store.ts";
import type { RowIndex } from "../port/row-store.ts";
import { type OptionNames, refuseUnknownOptions } from "../value/known-options.ts";
import { isPlain } from "../value/value.ts";

const names: OptionNames<RowIndex> = { keys: true };

/** The option that holds indexes, and the words for them in its errors. */
interface IndexOption {
  readonly option: "indexes" | "projections";
  readonly owner: string;
}

/** Throws OptionsError unless indexes are of the documented form, each there once. */
export function checkIndexes(indexes: unknown, { option, owner }: IndexOption): void {
  if (indexes === undefined) return;
  const refuse = (reason: string): OptionsError => new OptionsError({ option, reason });
  const form = `${owner} are a list of { keys }, with 1 or -1 for each field`;
  if (!Array.isArray(indexes)) throw refuse(form);
  const known = new Set<string>();
  for (const index of indexes) {
    refuseUnknownOptions(index, names, `an index of ${owner}`);
    if (!isIndex(index)) throw refuse(form);
    for (const path of Object.keys(index.keys)) {
      const fault = faultOfPath(path);
      if (fault !== undefined)
        throw refuse(`${owner} cannot have the field ${JSON.stringify(path)}: ${fault}`);
    }
    const name = indexName(index.keys);
    if (known.has(name)) throw refuse(`${owner} hold the index ${name} twice`);
    known.add(name);
  }
}

/** The reason why no index can be over a path, or undefined. */
function faultOfPath(path: string): string | undefined {
  if (path === "_id" || path.startsWith("_id.")) return "_id has an index of its own";
  try {
    checkPath(path);
    return undefined;
  } catch (error) {
    return error instanceof FilterError ? error.details.reason : String(error);
  }
}

function isIndex(index: unknown): index is RowIndex {
  if (!isPlain(index) || !isPlain(index.keys)) return false;
  const ways = Object.values(index.keys);
  return ways.length > 0 && ways.every((way) => way === 1 || way === -1);
}

const logFields: Readonly<Record<LogIndexField, true>> = { by: true, type: true, act: true };

/** Throws OptionsError unless indexes over the log are of the documented form, each there once. */
export function checkLogIndexes(fields: unknown): void {
  if (fields === undefined) return;
  const isList = Array.isArray(fields) && fields.every((field) => Object.hasOwn(logFields, String(field)));
  if (isList && new Set(fields).size === fields.length) return;
  throw new OptionsError({
    option: "logIndexes",
    reason: 'it is a list of "by", "type" and "act", each there once',
  });
}
