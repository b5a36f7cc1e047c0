import type { BadInputRow } from "./row.ts";
import { closedRows } from "./rows-closed.ts";
import { findRows } from "./rows-finds.ts";
import { formatRows } from "./rows-formats.ts";
import { identityRows } from "./rows-identities.ts";
import { importRows } from "./rows-imports.ts";
import { lifeRows } from "./rows-lives.ts";
import { optionRows } from "./rows-options.ts";
import { projectionRows } from "./rows-projections.ts";
import { recipeRows } from "./rows-recipes.ts";
import { sizeRows } from "./rows-sizes.ts";
import { storageRows } from "./rows-storage.ts";
import { timeRows } from "./rows-times.ts";
import { unknownOptionRows } from "./rows-unknown-options.ts";
import { valueRows } from "./rows-values.ts";
import { viewRows } from "./rows-views.ts";

/** The whole table, by titles. */
export const badInput: Readonly<Record<string, readonly BadInputRow[]>> = {
  values: valueRows,
  recipes: recipeRows,
  "ids and users": identityRows,
  "lives, moments, versions and keys": lifeRows,
  imports: importRows,
  finds: findRows,
  projections: projectionRows,
  options: optionRows,
  "options that there are not": unknownOptionRows,
  sizes: sizeRows,
  "views and events that others wrote": viewRows,
  "newer formats and schemas": formatRows,
  "times and signals": timeRows,
  "what was closed": closedRows,
  "what a storage refuses": storageRows,
};
