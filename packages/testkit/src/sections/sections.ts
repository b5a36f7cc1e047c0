import { append } from "./append.ts";
import type { PortSection } from "./bench.ts";
import { capabilities } from "./capabilities.ts";
import { chains } from "./chains.ts";
import { changes } from "./changes.ts";
import { checkpoints } from "./checkpoints.ts";
import { conflicts } from "./conflicts.ts";
import { find } from "./find.ts";
import { ids } from "./ids.ts";
import { knownViews } from "./known-views.ts";
import { lifecycle } from "./lifecycle.ts";
import { positions } from "./positions.ts";
import { ranges } from "./ranges.ts";
import { reopen } from "./reopen.ts";
import { rows } from "./rows.ts";
import { schemas } from "./schemas.ts";
import { snapshots } from "./snapshots.ts";
import { sort } from "./sort.ts";
import { values } from "./values.ts";
import { views } from "./views.ts";

/** All sections of the kit, in the order in which the port is best built. */
export const sections: readonly PortSection[] = [
  ...[append, conflicts, chains, ranges, changes, positions],
  ...[views, knownViews, ids, values, find, sort, schemas],
  ...[snapshots, rows, checkpoints, capabilities, lifecycle, reopen],
];
