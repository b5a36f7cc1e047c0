export type { Backup, BackupOptions } from "./file/backup.ts";
export type { CopyProgress } from "./file/copy-file.ts";
export { type Restored, restoreBackup } from "./file/restore-backup.ts";
export { type SqliteStorage, sqliteStorage } from "./sqlite-storage.ts";
