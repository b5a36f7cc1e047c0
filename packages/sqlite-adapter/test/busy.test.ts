import { describe, expect, onTestFinished, test } from "vitest";
import { connect } from "../src/engine/connection.ts";
import { appendOf, call, newPath, ordersAt, rawAt, storageAt } from "./support/fixtures.ts";

describe("while another connection holds the file", () => {
  test("a commit waits and is stored once the file is free", async () => {
    const path = newPath();
    const { log } = await ordersAt(path);
    const other = rawAt(path);
    other.exec("BEGIN IMMEDIATE");
    const committed = log.commit([appendOf()], "independent", call);
    // the first try has failed already, since the engine is synchronous
    other.exec("COMMIT");
    expect(await committed).toEqual([{ event: "stored", view: "current" }]);
  });

  test("the engine itself never waits for a lock, so the event loop never stands still for one", async () => {
    const path = newPath();
    await ordersAt(path);
    const connection = connect(path);
    const waits = await connection.step("look", call, () =>
      connection.database().prepare<{ timeout: number }>("PRAGMA busy_timeout").get(),
    );
    expect(waits).toEqual({ timeout: 0 });
    await connection.close();
  });

  test("a commit that runs out of time is refused with StorageBusyError, and the event loop lives on", async () => {
    const path = newPath();
    const { log, views } = await ordersAt(path);
    const other = rawAt(path);
    other.exec("BEGIN IMMEDIATE");
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    const startedAt = performance.now();
    const outcomes = await log.commit([appendOf(), appendOf({ doc: "o-2" })], "independent", {
      timeoutMs: 300,
    });
    clearInterval(counting);
    const refused = { event: "refused", error: expect.objectContaining({ code: "storage_busy" }) };
    expect(outcomes).toEqual([refused, refused]);
    const took = performance.now() - startedAt;
    expect(took).toBeGreaterThanOrEqual(300);
    expect(took).toBeLessThan(1_300);
    expect(turns).toBeGreaterThan(3);
    other.exec("COMMIT");
    expect(await log.head("o-1", 0, call)).toBeUndefined();
    expect(await views.count({}, call)).toBe(0);
  });

  test("a view that cannot be written in time is a StorageBusyError", async () => {
    const path = newPath();
    const { views } = await ordersAt(path);
    rawAt(path).exec("BEGIN IMMEDIATE");
    const { view } = appendOf();
    if (view === undefined) throw new Error("the fixture has no view");
    await expect(views.write(view, "lower", { timeoutMs: 50 })).rejects.toMatchObject({
      code: "storage_busy",
    });
  });

  test("readers go on, and see what was there before", async () => {
    const path = newPath();
    const { log } = await ordersAt(path);
    await log.commit([appendOf()], "independent", call);
    const other = rawAt(path);
    other.exec('BEGIN IMMEDIATE; DELETE FROM "orders.events"');
    expect((await log.head("o-1", 0, { timeoutMs: 1 }))?.version).toBe(1);
    other.exec("ROLLBACK");
  });

  test("opening a collection waits too", async () => {
    const path = newPath();
    await ordersAt(path);
    const other = rawAt(path);
    other.exec("BEGIN IMMEDIATE");
    const opened = storageAt(path).open("customers", call);
    other.exec("COMMIT");
    expect(await (await opened).views.count({}, call)).toBe(0);
  });

  test("a file that another process keeps to itself cannot be opened: StorageBusyError", async () => {
    const path = newPath();
    await storageAt(path).close();
    const other = rawAt(path);
    other.exec("PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE t (n)");
    await expect(storageAt(path).open("orders", { timeoutMs: 100 })).rejects.toMatchObject({
      code: "storage_busy",
    });
    other.close();
    await storageAt(path).open("orders", call);
  });

  test("a read whose signal aborts ends with the signal's reason", async () => {
    const connection = connect(newPath());
    onTestFinished(() => connection.close());
    const controller = new AbortController();
    const read = connection.step("read", { timeoutMs: 60_000, signal: controller.signal }, () => {
      throw Object.assign(new Error("database is locked"), { errcode: 5 });
    });
    controller.abort("enough");
    await expect(read).rejects.toBe("enough");
  });
});
