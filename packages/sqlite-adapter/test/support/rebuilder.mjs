// node rebuilder.mjs FILE …: a process of its own that rebuilds, or writes meanwhile; see @everdraft/testkit/rebuild-child.
import { sqliteStorage } from "@everdraft/sqlite-adapter";
import { runRebuildChild } from "@everdraft/testkit/rebuild-child";

const [file, ...rest] = process.argv.slice(2);
await runRebuildChild(sqliteStorage(file), rest);
