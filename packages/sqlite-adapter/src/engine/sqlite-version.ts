import { StorageOutdatedError } from "@everdraft/core/adapter";

/** The first SQLite without the WAL-reset bug, by which two writers can damage a file. */
export const oldestSqlite = "3.51.3";

/** Throws StorageOutdatedError for an SQLite with known data loss, or one whose version cannot be read. */
export function checkSqliteVersion(found: string): void {
  if (isAtLeast(found, oldestSqlite)) return;
  throw new StorageOutdatedError({
    engine: "SQLite",
    found,
    needed: oldestSqlite,
    reason:
      "it can lose data when several connections write to one file (the WAL-reset bug), so the file was not opened",
    remedy: `Update Node or @photostructure/sqlite to a version with SQLite ${oldestSqlite} or later.`,
  });
}

/** Whether a version is a later one, or the same. */
export function isAtLeast(found: string, needed: string): boolean {
  const a = found.split(".").map(Number);
  const b = needed.split(".").map(Number);
  for (const [i, part] of b.entries()) {
    const other = a[i] ?? 0;
    if (other !== part) return other > part;
  }
  return true;
}
