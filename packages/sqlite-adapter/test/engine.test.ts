import { describe, expect, test, vi } from "vitest";
import { loadEngine } from "../src/engine/engine.ts";
import { isAtLeast, oldestSqlite } from "../src/engine/sqlite-version.ts";
import { call, newPath, storageAt } from "./support/fixtures.ts";
import { runScript } from "./support/told.ts";

// most tests start a process
vi.setConfig({ testTimeout: 60_000 });

const isOwn = isAtLeast(process.versions.sqlite ?? "0", oldestSqlite);

const openAndClose = `
  import { sqliteStorage } from "@everdraft/sqlite-adapter";
  const storage = sqliteStorage(process.argv[1]);
  const opened = await storage.open("orders", { timeoutMs: 5000 }).catch((error) => error);
  console.log(opened.code ?? "opened", opened.message ?? "");
  await storage.close();
`;

describe("the SQLite of a process", () => {
  test("is Node's own where that is new enough, else the package's, and facts name it", async () => {
    const engine = await loadEngine();
    expect(engine.name).toBe(isOwn ? "node:sqlite" : "@photostructure/sqlite");
    expect(isAtLeast(engine.sqlite, oldestSqlite)).toBe(true);
    const { facts } = await storageAt(newPath()).open("orders", call);
    expect((await facts(call)).engine).toBe(`SQLite ${engine.sqlite} (${engine.name})`);
  });

  test("is one, however many copies of this package are in it, and no other is loaded", async () => {
    const script = `
      const { resolve } = import.meta;
      const url = resolve("@everdraft/sqlite-adapter/engine");
      const copies = await Promise.all([import(url), import(url + "?second"), import(url + "?third")]);
      const engines = await Promise.all(copies.map(({ loadEngine }) => loadEngine()));
      const loaded = process.report.getReport().sharedObjects.filter((path) => path.includes("photostructure"));
      console.log(copies[0].loadEngine !== copies[1].loadEngine, new Set(engines).size, loaded.length);
    `;
    expect(await runScript(script)).toBe(`true 1 ${isOwn ? 0 : 1}\n`);
  });

  test("comes without a warning, and hides no other", async () => {
    expect(await runScript(openAndClose, [newPath()])).toBe("opened \n");
    const script = `
      import { loadEngine } from "@everdraft/sqlite-adapter/engine";
      await loadEngine();
      process.emitWarning("of the user's own", "ExperimentalWarning");
    `;
    expect(await runScript(script)).toContain("ExperimentalWarning: of the user's own");
  });

  test("needs no package where Node's own is used, and is missed with a remedy where none is there", async () => {
    const hooks = `export async function resolve(name, context, next) {
      if (name === "@photostructure/sqlite") throw new Error("it is not installed");
      return next(name, context);
    }`;
    const script = `
      import { register } from "node:module";
      register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});
      const { sqliteStorage } = await import("@everdraft/sqlite-adapter");
      const opened = await sqliteStorage(process.argv[1]).open("orders", { timeoutMs: 5000 }).catch((error) => error);
      console.log(opened.code ?? "opened", opened.message ?? "");
    `;
    const told = await runScript(script, [newPath()]);
    if (isOwn) expect(told).toBe("opened \n");
    else expect(told).toMatch(/^storage_outdated .*Update Node, or install @photostructure\/sqlite\.\n$/);
  });
});
