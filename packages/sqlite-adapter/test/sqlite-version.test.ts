import { describe, expect, test } from "vitest";
import { checkSqliteVersion, oldestSqlite } from "../src/engine/sqlite-version.ts";

describe("the version of SQLite", () => {
  test.each(["3.51.3", "3.51.10", "3.52.0", "3.53.4", "3.100.0", "4.0.0", "4"])("%s is taken", (found) => {
    expect(() => checkSqliteVersion(found)).not.toThrow();
  });

  test.each(["3.51.2", "3.51", "3.50.9", "3.45.1", "3.7.0", "2.99.99", "", "unknown"])(
    "%j is refused with the version that is needed",
    (found) => {
      expect(() => checkSqliteVersion(found)).toThrow(
        expect.objectContaining({
          code: "storage_outdated",
          details: {
            engine: "SQLite",
            found,
            needed: oldestSqlite,
            reason: expect.stringContaining("can lose data"),
            remedy: expect.stringContaining(`SQLite ${oldestSqlite} or later`),
          },
        }),
      );
    },
  );
});
