import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect } from "../src/engine/connection.ts";
import { storageOn } from "../src/sqlite-storage.ts";
import { appendOf, call, eventOf, newPath, ordersAt, rawAt, storageAt, viewOf } from "./support/fixtures.ts";

describe("a full disk", () => {
  test("refuses a commit with StorageFullError, stores nothing of it, and is over when there is room", {
    timeout: 60_000,
  }, async () => {
    const connection = connect(newPath());
    const storage = storageOn(connection);
    onTestFinished(() => storage.close());
    const { log, views } = await storage.open("orders", call);
    const room = (pages: number): void => connection.database().execute(`PRAGMA max_page_count = ${pages}`);
    room(1);
    const large = eventOf({ doc: "o-2", meta: { bytes: new Uint8Array(200_000) } });
    const appends = [appendOf(), { event: large, view: viewOf(large) }];
    const refused = { event: "refused", error: expect.objectContaining({ code: "storage_full" }) };
    expect(await log.commit(appends, "independent", call)).toEqual([refused, refused]);
    expect(await log.documents({ limit: 9 }, call)).toEqual([]);
    expect(await views.get(["o-1", "o-2"], call)).toEqual([undefined, undefined]);
    room(100_000);
    const stored = { event: "stored", view: "current" };
    expect(await log.commit(appends, "independent", call)).toEqual([stored, stored]);
    expect(await log.head("o-2", 0, call)).toEqual(large);
  });
});

describe("a constraint that somebody added to a table", () => {
  test("refuses the document that breaks it with ConstraintError, event and view, and no other", async () => {
    const path = newPath();
    const { log, views } = await ordersAt(path);
    rawAt(path).exec(`CREATE TRIGGER guard BEFORE INSERT ON orders WHEN new.id = 'bad'
      BEGIN SELECT RAISE(ROLLBACK, 'not ' || new.head); END`);
    const stored = { event: "stored", view: "current" };
    const error = expect.objectContaining({
      code: "constraint",
      details: {
        operation: "store events",
        id: "bad",
        where: `in ${JSON.stringify(path)}`,
        reason: "a trigger in the file refuses it",
        remedy: expect.stringContaining("Take away"),
      },
      message: expect.stringMatching(/a trigger in the file refuses it\. Take away/),
      // its own text may hold values
      cause: expect.objectContaining({ message: expect.stringMatching(/^not /) }),
    });
    const outcomes = await log.commit(
      ["a", "bad", "c"].map((doc) => appendOf({ doc })),
      "independent",
      call,
    );
    expect(outcomes).toEqual([stored, { event: "refused", error }, stored]);
    expect(await log.documents({ limit: 9 }, call)).toEqual(["a", "c"]);
    expect(await views.write(viewOf(eventOf({ doc: "bad" })), "lower", call)).toBe("refused");
    const together = ["d", "bad", "e"].map((doc) => viewOf(eventOf({ doc })));
    expect(await views.writeMany?.(together, call)).toEqual(["current", "refused", "current"]);
    const rows = await (await storageAt(path).open("orders", call)).rows("lines.v1", [], call);
    rawAt(path).exec(`CREATE TRIGGER rows_guard BEFORE INSERT ON "orders.rows.lines.v1" WHEN new.doc = 'bad'
      BEGIN SELECT RAISE(ROLLBACK, 'not this one'); END`);
    const sets = ["d", "bad", "e"].map((doc) => ({ doc, version: 1, rows: [{ n: 1 }] }));
    expect(await rows.writeMany?.(sets, call)).toEqual(["current", "refused", "current"]);
    expect(await rows.write({ doc: "bad", version: 1, rows: [{ n: 1 }] }, "lower", call)).toBe("refused");
    expect(await rows.get(["d", "bad", "e"], call)).toEqual([sets[0], undefined, sets[2]]);
    const chain = [1, 2].map((version) => appendOf({ doc: "bad", version }));
    expect(await log.commit(chain, "chain", call)).toEqual([
      { event: "refused", error },
      { event: "refused", error },
    ]);
    expect(await views.count({}, call)).toBe(4);
  });
});

describe("a file that may only be read", () => {
  test("is read, and refuses a commit with StorageReadOnlyError", async () => {
    const path = newPath();
    const first = storageAt(path);
    const append = appendOf();
    await (await first.open("orders", call)).log.commit([append], "independent", call);
    await first.close();
    // a "write version" above 2 in its header says that a file may only be read; unlike permissions it binds root too
    const bytes = readFileSync(path);
    bytes[18] = 3;
    const copy = join(dirname(path), "read-only.db");
    writeFileSync(copy, bytes);
    const { log, views } = await ordersAt(copy);
    expect(await log.head("o-1", 0, call)).toEqual(append.event);
    expect(await log.commit([appendOf({ version: 2 })], "independent", call)).toEqual([
      { event: "refused", error: expect.objectContaining({ code: "storage_read_only" }) },
    ]);
    await expect(views.write(viewOf(eventOf({ version: 2 })), "lower", call)).rejects.toMatchObject({
      code: "storage_read_only",
    });
    await expect(storageAt(copy).open("customers", call)).rejects.toMatchObject({
      code: "storage_read_only",
    });
  });
});

describe("opening", () => {
  test("happens at open, not before", async () => {
    const path = join(newPath(), "missing", "orders.db");
    const storage = storageAt(path);
    expect(storage.name).toBe("sqlite");
    await expect(storage.open("orders", call)).rejects.toMatchObject({
      code: "storage",
      message: expect.stringMatching(/the folder ".*missing" does not exist/),
    });
    // once the folder is there the same storage opens
    mkdirSync(dirname(path), { recursive: true });
    await storage.open("orders", call);
  });

  test("a file that is no database is a StorageCorruptError, and leaves it alone", async () => {
    const path = newPath();
    const text = "not a database, whatever its name says. ".repeat(100);
    writeFileSync(path, text);
    await expect(storageAt(path).open("orders", call)).rejects.toMatchObject({
      code: "storage_corrupt",
      message: expect.stringContaining("no SQLite database"),
    });
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test("a folder in the file's place is a StorageError", async () => {
    const path = newPath();
    await expect(storageAt(dirname(path)).open("orders", call)).rejects.toMatchObject({ code: "storage" });
  });

  test("the empty path, which SQLite would take for a file that is thrown away, is an OptionsError", async () => {
    expect(() => storageAt("")).toThrow(expect.objectContaining({ code: "options" }));
  });
});

describe("a damaged row", () => {
  const damage = async (sql: string) => {
    const path = newPath();
    const orders = await ordersAt(path);
    await orders.log.commit([appendOf(), appendOf({ doc: "o-2" })], "independent", call);
    rawAt(path).exec(sql);
    return orders;
  };

  /** A log in which the record of o-1 is another one. */
  const withRecord = async (change: (record: Buffer) => Uint8Array) => {
    const path = newPath();
    const orders = await ordersAt(path);
    await orders.log.commit([appendOf(), appendOf({ doc: "o-2" })], "independent", call);
    const raw = rawAt(path);
    const [row] = raw.prepare(`SELECT record FROM "orders.events" WHERE doc = 'o-1'`).all();
    const { record } = row as { record: Uint8Array };
    const set = raw.prepare(`UPDATE "orders.events" SET record = ? WHERE doc = 'o-1'`);
    set.run(change(Buffer.from(record)));
    return orders;
  };

  /** A record with another payload. */
  const payload = (hex: string) => (record: Buffer) => {
    const end = record.readUInt32BE(4) + 32 + 1 + 16;
    return Buffer.concat([record.subarray(0, end), Buffer.from(hex, "hex")]);
  };

  test.each([
    { damage: "no payload", change: payload(""), reason: /decoded/ },
    { damage: "a payload of an unknown tag", change: payload("63"), reason: /decoded/ },
    { damage: "null as its payload", change: payload("00"), reason: /no object/ },
    { damage: "no patches", change: payload("0801077061746368657300"), reason: /no patches/ },
    { damage: "no record", change: () => new Uint8Array(), reason: /format/ },
    { damage: "half a header", change: (record: Buffer) => record.subarray(0, 30), reason: /cut/ },
    {
      damage: "no salt",
      change: (record: Buffer) => record.subarray(0, record.readUInt32BE(4) + 40),
      reason: /cut/,
    },
    {
      damage: "a header that is longer than the record",
      change: (record: Buffer) =>
        Buffer.concat([record.subarray(0, 5), Buffer.from([255]), record.subarray(6)]),
      reason: /cut/,
    },
  ])("of the log with $damage is a CorruptEventError naming document and version", async (given) => {
    const { log } = await withRecord(given.change);
    const corrupt = {
      code: "corrupt_event",
      details: { id: "o-1", version: 1, reason: expect.stringMatching(given.reason) },
    };
    await expect(log.head("o-1", 0, call)).rejects.toMatchObject(corrupt);
    await expect(log.read("o-1", { from: 1, to: 1, limit: 1 }, call)).rejects.toMatchObject(corrupt);
    await expect(log.changes({ order: "oldest", limit: 9 }, call)).rejects.toMatchObject(corrupt);
    expect(await log.documents({ limit: 9 }, call)).toEqual(["o-1", "o-2"]);
    expect((await log.head("o-2", 0, call))?.version).toBe(1);
  });

  test.each([
    { part: "a newer format", at: 0, byte: 9, words: /has format 9, and this library reads up to 1/ },
    { part: "a newer type", at: 1, byte: 99, words: /holds the type 99/ },
    { part: "a newer flag", at: 2, byte: 1, words: /holds the flags 256/ },
  ])("of the log with $part is a FormatTooNewError", async ({ at, byte, words }) => {
    const { log } = await withRecord((record) => {
      record[at] = byte;
      return record;
    });
    await expect(log.head("o-1", 0, call)).rejects.toMatchObject({
      code: "format_too_new",
      details: { id: "o-1", version: 1, what: "event" },
      message: expect.stringMatching(words),
    });
  });

  test.each(["at = 5", "\"by\" = 'mallory'", "key = 'other'", "key = NULL"])(
    "of the log whose column is not what its record says (%s) is a CorruptEventError",
    async (set) => {
      const { log } = await damage(`UPDATE "orders.events" SET ${set} WHERE doc = 'o-1'`);
      await expect(log.head("o-1", 0, call)).rejects.toMatchObject({
        code: "corrupt_event",
        details: { id: "o-1", version: 1, reason: expect.stringContaining("is not what its record says") },
      });
    },
  );

  test("with a number that JavaScript cannot hold is a StorageCorruptError, and the file works on", async () => {
    const { log } = await damage(`UPDATE "orders.events" SET at = 9007199254740993 WHERE doc = 'o-1'`);
    await expect(log.head("o-1", 0, call)).rejects.toMatchObject({ code: "storage_corrupt" });
    await expect(log.changes({ order: "newest", limit: 9 }, call)).resolves.toHaveLength(1);
    expect(await log.commit([appendOf({ doc: "o-3" })], "independent", call)).toMatchObject([
      { event: "stored" },
    ]);
  });

  test("of the views is a DriftError, which repair mends", async () => {
    const { views } = await damage(`UPDATE "orders" SET state = x'07' WHERE id = 'o-1'`);
    const drift = { code: "drift", details: { id: "o-1", version: 1 } };
    await expect(views.get(["o-1"], call)).rejects.toMatchObject(drift);
    await expect(views.find({ filter: { n: 1 }, sort: [], limit: 9 }, call)).rejects.toMatchObject(drift);
    await views.write(viewOf(eventOf()), "any", call);
    expect((await views.get(["o-1"], call))[0]?.state).toEqual({ n: 1 });
  });

  test("of the checkpoints counts as missing", async () => {
    const path = newPath();
    const { checkpoints } = await ordersAt(path);
    await checkpoints.put("mark", { at: 1 }, call);
    rawAt(path).exec(`UPDATE "everdraft.checkpoints" SET value = x'ff'`);
    expect(await checkpoints.get("mark", call)).toBeUndefined();
  });
});

describe("after close", () => {
  test("every call is a ClosedError, also of collections that were open, and close may be called again", async () => {
    const storage = storageAt(newPath());
    const { log, views, snapshots, checkpoints } = await storage.open("orders", call);
    await storage.close();
    await storage.close();
    const closed = { code: "closed", details: { what: "storage" } };
    for (const use of [
      () => storage.open("orders", call),
      () => log.commit([appendOf()], "independent", call),
      () => log.head("o-1", 0, call),
      () => views.get(["o-1"], call),
      () => views.find({ filter: {}, sort: [], limit: 1 }, call),
      () => snapshots.drop("o-1", "all", call),
      () => checkpoints.get("mark", call),
    ]) {
      await expect(use()).rejects.toMatchObject(closed);
    }
  });

  test("what was under way is done", async () => {
    const path = newPath();
    const storage = storageAt(path);
    const { log } = await storage.open("orders", call);
    const other = rawAt(path);
    other.exec("BEGIN IMMEDIATE");
    const committed = log.commit([appendOf()], "independent", call);
    const closed = storage.close();
    other.exec("COMMIT");
    expect(await committed).toMatchObject([{ event: "stored" }]);
    await closed;
  });

  test("the file alone holds everything", async () => {
    const path = newPath();
    const storage = storageAt(path);
    const append = appendOf();
    await (await storage.open("orders", call)).log.commit([append], "independent", call);
    await storage.close();
    const copy = join(dirname(path), "copy.db");
    writeFileSync(copy, readFileSync(path));
    expect(await (await ordersAt(copy)).log.head("o-1", 0, call)).toEqual(append.event);
  });
});
