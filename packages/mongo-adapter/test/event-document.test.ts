// How the document of an event is read that another program, or another version of the library, wrote to.
import { CorruptEventError } from "@everdraft/core/adapter";
import { BSON } from "mongodb";
import { expect, test } from "vitest";
import { eventDocument, eventOf } from "../src/log/event-document.ts";
import { appendOf } from "./support/build.ts";

/** A stored event with other fields, as the driver gives it. */
function stored(changed: object): BSON.Document {
  const { event } = appendOf({ doc: "o-1", version: 1 });
  return BSON.deserialize(BSON.serialize({ ...eventDocument(event), ...changed }));
}

test("an event whose type is none that an event has cannot be read", () => {
  const reading = () => eventOf(stored({ type: "renamed" }));
  expect(reading).toThrow(CorruptEventError);
  expect(reading).toThrow("its type is none that an event has");
});

test("an event of a newer format may have any type: its format is what is refused", () => {
  expect(eventOf(stored({ type: "renamed", format: 2 }))).toMatchObject({ format: 2, version: 1 });
});

test.each(["salt", "hash"])("a %s that is no text is none, so that the chain does not hold", (field) => {
  expect(eventOf(stored({ [field]: 7 }))).toHaveProperty(field, "");
});
