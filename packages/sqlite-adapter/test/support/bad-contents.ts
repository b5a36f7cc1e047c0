import {
  ConstraintError,
  CorruptEventError,
  DriftError,
  FormatTooNewError,
  OptionsError,
  StorageOutdatedError,
} from "@everdraft/core";
import type { RefusedRow } from "@everdraft/testkit";
import { checkSqliteVersion } from "../../src/engine/sqlite-version.ts";
import { bump, fileOf, runRaw, storeAt } from "./file-under-test.ts";

const newer: readonly RefusedRow[] = [
  {
    title: "a file of a newer version of the library",
    error: FormatTooNewError,
    code: "format_too_new",
    details: { what: "storage", found: 99, known: 1 },
    remedy: /Update the library/,
    provoke: async (scene) => {
      runRaw(scene, 'UPDATE "everdraft.schema" SET version = 99');
      await storeAt(fileOf(scene).path)
        .get("d")
        .finally(() => runRaw(scene, 'UPDATE "everdraft.schema" SET version = 1'));
    },
  },
  {
    title: "an SQLite that is too old",
    error: StorageOutdatedError,
    code: "storage_outdated",
    details: { found: "3.45.0" },
    remedy: /3\.51\.3/,
    provoke: () => checkSqliteVersion("3.45.0"),
  },
];

const names: readonly RefusedRow[] = (
  [
    ["ORDERS", /SQLite does not tell case/],
    ["sqlite_orders", /keeps names that begin with "sqlite_" to itself/],
    ["orders.events", /the file holds a table "orders.events" that is not its own/],
  ] as const
).map(([collection, remedy]) => ({
  title: `the collection ${collection} beside orders`,
  error: OptionsError,
  code: "options",
  details: { option: "collection" },
  remedy,
  provoke: (scene) => scene.cold({ collection }).get("d"),
}));

/** What each damage is mended by. */
const rows: readonly RefusedRow[] = [
  {
    title: "an event whose bytes were damaged",
    error: CorruptEventError,
    code: "corrupt_event",
    details: { id: "d", version: 2 },
    remedy: /Run verify to see how far the history is whole/,
    provoke: async (scene) => {
      const kept =
        "CREATE TABLE kept AS SELECT record FROM \"orders.events\" WHERE doc = 'd' AND version = 2";
      runRaw(scene, `${kept}; UPDATE "orders.events" SET record = x'01ff' WHERE doc = 'd' AND version = 2`);
      const back =
        "UPDATE \"orders.events\" SET record = (SELECT record FROM kept) WHERE doc = 'd' AND version = 2";
      await scene
        .cold()
        .edit("d", "bob", bump)
        .finally(() => runRaw(scene, `${back}; DROP TABLE kept`));
    },
  },
  {
    title: "a view whose bytes were damaged",
    error: DriftError,
    code: "drift",
    details: { id: "d", version: 2 },
    remedy: /repair rewrites it from the log/,
    provoke: async (scene) => {
      runRaw(scene, `UPDATE "orders" SET state = x'07' WHERE id = 'd'`);
      await scene
        .cold()
        .edit("d", "bob", bump)
        .finally(() => scene.cold().repair("d"));
    },
  },
  {
    title: "a view that a trigger refuses together with its event",
    error: ConstraintError,
    code: "constraint",
    details: { id: "d" },
    remedy: /./,
    provoke: async (scene) => {
      runRaw(scene, `CREATE TRIGGER no BEFORE UPDATE ON "orders" BEGIN SELECT RAISE(ABORT, 'no'); END`);
      await scene.store.edit("d", "bob", bump).finally(() => runRaw(scene, "DROP TRIGGER no"));
    },
  },
];

/** Files whose contents are not what this version of the library writes. */
export const contentRows: readonly RefusedRow[] = [...newer, ...names, ...rows];
