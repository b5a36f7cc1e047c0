// The types of collections: a program that names a field which the library does not store there is not compiled.
import { expect, expectTypeOf, test } from "vitest";
import type { CollectionOf } from "../src/connection/collection-of.ts";
import type { EventDocument } from "../src/log/event-document.ts";

type Events = CollectionOf<EventDocument>;
type Filter = Parameters<Events["find"]>[0];
type Found = NonNullable<Awaited<ReturnType<Events["findOne"]>>>;

test("a filter names fields, paths and operators, and no field that is not there", () => {
  const filter: Filter = { doc: "o-1", version: { $gte: 1 }, "ref.version": 1, $or: [{}] };
  // @ts-expect-error there is no such field
  const other: Filter = { document: "o-1" };
  expect(filter).not.toEqual(other);
});

test("a document that was read has the fields of its collection, of unknown content", () => {
  expectTypeOf<Found>().toHaveProperty("hash");
  expectTypeOf<Found>().not.toHaveProperty("hashes");
  expectTypeOf<Found["hash"]>().toBeUnknown();
});
