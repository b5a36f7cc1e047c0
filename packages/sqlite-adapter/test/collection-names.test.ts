import { describe, expect, test } from "vitest";
import { appendOf, call, newPath, rawAt, storageAt } from "./support/fixtures.ts";

const refused = (reason: RegExp) => ({
  code: "options",
  details: { option: "collection", reason: expect.stringMatching(reason) },
  message: expect.stringMatching(/another name/),
});

describe("a collection", () => {
  test("is kept in tables that are named after it", async () => {
    const path = newPath();
    await storageAt(path).open("orders", call);
    const tables = rawAt(path)
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .all()
      .map((row) => (row as { name: string }).name);
    expect(tables).toEqual([
      "everdraft.checkpoints",
      "everdraft.collections",
      "everdraft.indexes",
      "everdraft.schema",
      "orders",
      "orders.events",
      "orders.snapshots",
      // the engine's own: the numbers of events that were given
      "sqlite_sequence",
    ]);
  });

  test.each([
    "a.b",
    'say "hi"',
    "it's",
    "Robert'); DROP TABLE x;--",
    "a]b`c",
    "select",
    " ",
    "ü-😀",
    "x".repeat(100),
  ])("may be called %j", async (name) => {
    const path = newPath();
    const { log, views } = await storageAt(path).open(name, call);
    const append = appendOf();
    expect(await log.commit([append], "independent", call)).toEqual([{ event: "stored", view: "current" }]);
    expect((await views.get(["o-1"], call))[0]).toEqual(append.view);
    const again = await storageAt(path).open(name, call);
    expect(await again.log.head("o-1", 0, call)).toEqual(append.event);
  });

  test.each([
    { name: "", reason: /empty/ },
    { name: "a\0b", reason: /NUL/ },
    { name: "a\ud800b", reason: /surrogate/ },
    { name: "sqlite_orders", reason: /sqlite_/ },
    { name: "SQLite_Orders", reason: /sqlite_/ },
  ])("may not be called $name", async ({ name, reason }) => {
    await expect(storageAt(newPath()).open(name, call)).rejects.toMatchObject(refused(reason));
  });

  test("may not differ only in case from one that is there", async () => {
    const path = newPath();
    await storageAt(path).open("Orders", call);
    await expect(storageAt(path).open("orders", call)).rejects.toMatchObject(refused(/"Orders".*case/));
    // SQLite knows the case of ASCII letters alone
    await storageAt(path).open("Äpfel", call);
    await storageAt(path).open("äpfel", call);
  });

  test("may not take the tables of another", async () => {
    const path = newPath();
    await storageAt(path).open("orders", call);
    await expect(storageAt(path).open("orders.events", call)).rejects.toMatchObject(
      refused(/"orders.events"/),
    );
    await expect(storageAt(path).open("ORDERS.Snapshots", call)).rejects.toMatchObject(
      refused(/"orders.snapshots"/),
    );
    await expect(storageAt(path).open("everdraft.schema", call)).rejects.toMatchObject(
      refused(/not its own/),
    );
    await storageAt(path).open("a.events", call);
    await expect(storageAt(path).open("a", call)).rejects.toMatchObject(refused(/"a.events"/));
  });

  test("may not take a table of another program, which stays as it is", async () => {
    const path = newPath();
    const raw = rawAt(path);
    raw.exec("CREATE TABLE Orders (id INTEGER PRIMARY KEY, total REAL); INSERT INTO Orders VALUES (1, 9.5)");
    await expect(storageAt(path).open("orders", call)).rejects.toMatchObject(refused(/"Orders"/));
    expect(raw.prepare("SELECT * FROM Orders").all()).toEqual([{ id: 1, total: 9.5 }]);
    // and nothing of the collection was made
    expect(raw.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'orders.%'").all()).toEqual([]);
  });

  test("does not see the documents, snapshots and checkpoints of another", async () => {
    const storage = storageAt(newPath());
    const [a, b] = [await storage.open("a", call), await storage.open("b", call)];
    await a.log.commit([appendOf()], "independent", call);
    await a.checkpoints.put("mark", { at: 1 }, call);
    expect(await b.log.head("o-1", 0, call)).toBeUndefined();
    expect(await b.views.count({}, call)).toBe(0);
    expect(await b.checkpoints.get("mark", call)).toBeUndefined();
    expect(await a.checkpoints.get("mark", call)).toEqual({ at: 1 });
  });
});
