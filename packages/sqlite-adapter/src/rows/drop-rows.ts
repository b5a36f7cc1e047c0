import type { Database } from "../engine/database.ts";
import { type Indexed, indexesOf, removeIndex } from "../indexes/index-registry.ts";
import { quote } from "../tables.ts";
import { rowTables } from "./row-tables.ts";

/** Takes the rows of a projection away, with their indexes. Within a step. */
export function dropRows(database: Database, over: Indexed): void {
  database.transaction(() => {
    for (const index of indexesOf(database, over)()) removeIndex(database, index);
    for (const table of Object.values(rowTables(over.collection, over.rows)))
      database.execute(`DROP TABLE IF EXISTS ${quote(table)}`);
  });
}
