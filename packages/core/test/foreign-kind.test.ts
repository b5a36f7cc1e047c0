// Values of MongoDB's kinds where a storage does not have them: what is said of them. They are known by what the bson library
// gives all of its values, whichever copy of it made them.
import { expect, test } from "vitest";
import { createStore } from "../src/index.ts";
import { memoryStorage } from "../src/memory/memory-storage.ts";
import { checkId, checkUser, numberId, stringId } from "../src/model/document-id.ts";
import { normalise } from "../src/value/normalise.ts";
import { valueTypes } from "../src/value/value-type.ts";
import { thrownBy } from "./odd-types.ts";

const none = valueTypes([]);

class Foreign {
  readonly #type: string;
  readonly sub_type: number;
  constructor(type: string, subType = 0) {
    this.#type = type;
    this.sub_type = subType;
  }
  get _bsontype(): string {
    return this.#type;
  }
}

test.for([
  [
    "ObjectId",
    new Foreign("ObjectId"),
    "this storage has no ObjectId; MongoDB's has; here store its hexadecimal text",
  ],
  [
    "Decimal128",
    new Foreign("Decimal128"),
    "this storage has no Decimal128; MongoDB's has; here store its text",
  ],
  ["Long", new Foreign("Long"), "this storage has no Long; MongoDB's has; here store a number, or its text"],
  ["UUID", new Foreign("Binary", 4), "this storage has no UUID; MongoDB's has; here store its text"],
  [
    "Binary",
    new Foreign("Binary"),
    "this storage has no Binary; MongoDB's has; here store its bytes as a Uint8Array",
  ],
  ["Int32", new Foreign("Int32"), "no storage has values of the kind Int32; store a number"],
  [
    "Timestamp",
    new Foreign("Timestamp"),
    "no storage has values of the kind Timestamp; store a date, or its text",
  ],
  ["MinKey", new Foreign("MinKey"), "no storage has values of the kind MinKey; store its text"],
] as const)(
  "of a value of the kind %s it is said where it could be, and what to store here",
  ([, value, reason]) => {
    expect(thrownBy(() => normalise({ list: [value] }, none))).toMatchObject({
      name: "ValueError",
      details: { path: ["list", 0], reason },
      message: `Cannot store the value at list[0]: ${reason}.`,
    });
  },
);

test("a storage that has the kind, and not the value, says so", () => {
  const types = valueTypes([
    {
      tag: 0x12,
      name: "Long",
      is: () => false,
      toBytes: () => new Uint8Array(8),
      fromBytes: () => ({}),
      equals: () => false,
    },
  ]);
  const reason = "this Long is of a form that does not come back exactly; store a number, or its text";
  expect(thrownBy(() => normalise(new Foreign("Long"), types))).toMatchObject({ details: { reason } });
});

test("a plain object with such a field is a plain object, and another class is said to be one", () => {
  expect(normalise({ _bsontype: "ObjectId" }, none)).toEqual({ _bsontype: "ObjectId" });
  const odd = new (class Odd {
    readonly _bsontype = 5;
  })();
  expect(thrownBy(() => normalise(odd, none))).toMatchObject({
    details: { reason: "an instance of Odd is not a plain value; store its fields as a plain object" },
  });
});

test("of an id of a kind that the storage does not take it is said what to give", async () => {
  const objectId = "this storage takes no ObjectId as an id; MongoDB's does; here give its hexadecimal text";
  const cases = [
    [new Foreign("ObjectId"), objectId],
    [new Foreign("Binary", 4), "this storage takes no UUID as an id; MongoDB's does; here give its text"],
    [5, "this storage takes no numbers as ids; give it as a text"],
    [new Foreign("Long"), "expected string, found object"],
    [1.5, "expected string, found number"],
  ] as const;
  for (const [value, reason] of cases) {
    expect(thrownBy(() => checkId(value, [stringId]))).toMatchObject({
      name: "IdError",
      details: { reason },
    });
    expect(thrownBy(() => checkUser(value, [stringId]))).toMatchObject({
      name: "UserError",
      details: { reason },
    });
  }
  expect(checkId(5, [numberId, stringId])).toBe(5);
  const store = createStore<object, object>({ collection: "c", storage: memoryStorage() as never });
  await expect(store.get(new Foreign("ObjectId"))).rejects.toMatchObject({
    code: "id",
    details: { reason: objectId },
  });
  await store.close();
});
