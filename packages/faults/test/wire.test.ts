import { BSON } from "mongodb";
import { expect, test } from "vitest";
import { commandOf, framer } from "../src/faults/wire.ts";

function messageOf(command: object): Buffer {
  const body = BSON.serialize(command);
  const header = Buffer.alloc(21);
  header.writeInt32LE(21 + body.length, 0);
  header.writeInt32LE(7, 4);
  header.writeInt32LE(2013, 12);
  return Buffer.concat([header, body]);
}

test("messages are put together from bytes that come in any pieces", () => {
  const messages = [messageOf({ insert: "logs.events", documents: [] }), messageOf({ ping: 1 })];
  const all = Buffer.concat(messages);
  for (const size of [1, 7, all.length]) {
    const frame = framer();
    const found: Buffer[] = [];
    for (let i = 0; i < all.length; i += size) found.push(...frame(all.subarray(i, i + size)));
    expect(found).toEqual(messages);
  }
});

test("a write is known by the first key of its command", () => {
  expect(commandOf(messageOf({ insert: "logs.events", documents: [{ update: 1 }] }))).toBe("insert");
  expect(commandOf(messageOf({ update: "logs", updates: [] }))).toBe("update");
  expect(commandOf(messageOf({ bulkWrite: 1, ops: [] }))).toBe("bulkWrite");
  expect(commandOf(messageOf({ find: "insert", filter: { insert: 1 } }))).toBeUndefined();
});
