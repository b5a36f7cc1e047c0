import { createStore } from "@everdraft/core";
import { memoryStorage } from "@everdraft/core/memory";
import { faulty } from "@everdraft/testkit";
import { expect, test } from "vitest";

interface Note {
  text: string;
}

test("get can be told from which version on it is to answer", async () => {
  const memory = memoryStorage();
  // a process whose views never arrive
  const storage = faulty(memory, { commit: () => "view-behind", view: () => "behind" });
  const writer = createStore<Note>({ collection: "notes", storage });
  const reader = createStore<Note>({ collection: "notes", storage: memory });
  const first = await reader.create("n", "a", { text: "one" });
  const { version, view } = await writer.edit("n", "b", (draft) => {
    draft.text = "two";
  });
  expect([version, view]).toEqual([2, "behind"]);

  expect(await reader.get("n")).toEqual({ text: "one" });
  expect(await reader.get("n", { atLeast: first.version })).toEqual({ text: "one" });
  expect(await reader.get("n", { atLeast: version })).toEqual({ text: "two" });
  expect(await reader.get("n"), "the view was brought forward on the way").toEqual({ text: "two" });
  await expect(reader.get("n", { atLeast: 3 })).rejects.toMatchObject({
    code: "version_ahead",
    details: { id: "n", version: 3, head: 2 },
  });
  await expect(reader.get("n", { atLeast: -1 })).rejects.toMatchObject({ code: "options" });
  await writer.delete("n", "b");
  expect(await reader.get("n", { atLeast: 3 })).toBeUndefined();
  await writer.close();
});
