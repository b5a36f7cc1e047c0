export type { Backup, BackupOptions } from "./backup.ts";
export type { CopyProgress } from "./copy-file.ts";
export { type Restored, restoreBackup } from "./restore-backup.ts";
export { type SqliteStorage, sqliteStorage } from "./sqlite-storage.ts";
