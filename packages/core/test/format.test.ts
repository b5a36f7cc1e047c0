import { readFileSync } from "node:fs";
import { decode, encode, valueTypes } from "@everdraft/core/adapter";
import { digestOf, eventHash, type UnhashedEvent } from "@everdraft/core/internals";
import { describe, expect, test } from "vitest";
import { plainValue } from "./vector-values.ts";

const types = valueTypes([]);
const page = readFileSync(new URL("../../../docs/format.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => JSON.parse(match[1] as string));

interface ValueVector {
  readonly value: unknown;
  readonly bytes: string;
  readonly digest: string;
}
interface EventVector {
  readonly event: UnhashedEvent;
  readonly previous: string | null;
  readonly hash: string;
}
const [values, events] = blocks as [readonly ValueVector[], readonly EventVector[]];

describe("the test vectors of docs/format.md", () => {
  test("are there", () => {
    expect(values.length).toBeGreaterThan(15);
    expect(events.length).toBeGreaterThan(2);
  });
  test.each(values)("$value has these bytes and this digest", ({ value, bytes, digest }) => {
    const plain = plainValue(value);
    expect(Buffer.from(encode(plain, types)).toString("hex")).toBe(bytes);
    expect(digestOf(plain, types)).toBe(digest);
    expect(decode(Buffer.from(bytes, "hex"), types)).toEqual(plain);
  });
  test.each(events)("the event of version $event.version has this hash", ({ event, previous, hash }) => {
    expect(eventHash(plainValue(event) as UnhashedEvent, previous, types)).toBe(hash);
  });
});
