import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { sqliteStorage } from "../src/index.ts";
import { newPath } from "./support/fixtures.ts";
import { runScript } from "./support/told.ts";

describe("what is no path of a SQLite file is refused at once, by OptionsError", () => {
  const given: readonly (readonly [what: string, path: unknown, reason: RegExp])[] = [
    [
      "undefined, as an environment variable that is not set",
      process.env.NOT_SET,
      /it is undefined, as a var/,
    ],
    ["null", null, /it is null/],
    ["a number", 5, /it is of type number/],
    ["an object", { path: "orders.db" }, /it is of type object/],
    ["the URL of a file", pathToFileURL("/data/orders.db"), /it is a URL.*fileURLToPath/],
    ["a text that is a URI of a file", "file:/data/orders.db?mode=memory", /it is a URI.*fileURLToPath/],
    ["the same in capitals", "FILE:orders.db", /it is a URI/],
    ["the empty text, which SQLite would take for a file that is thrown away", "", /it is empty/],
    ["a text with NUL", "a\0b", /it holds a NUL character/],
  ];
  test.each(given)("%s", (_, path, reason) => {
    const remedy = 'Give a path, or ":memory:" for a trial.';
    // as a program without types gives it
    const open: (path: never) => unknown = sqliteStorage;
    expect(() => open(path as never)).toThrow(
      expect.objectContaining({
        code: "options",
        details: { option: "path", reason: expect.stringMatching(reason), remedy },
        message: expect.stringContaining(remedy),
      }),
    );
  });
});

test("a storage in SQLite takes no options, and says so of one that is given", () => {
  expect(() => Reflect.apply(sqliteStorage, undefined, [newPath("options.db"), { readonly: true }])).toThrow(
    expect.objectContaining({
      code: "options",
      details: {
        option: "readonly",
        reason: "sqliteStorage has no such option",
        call: "sqliteStorage",
        known: [],
      },
      message: "sqliteStorage has no option readonly. It takes none.",
    }),
  );
});

test("a relative path is that of the folder in which it was given", { timeout: 60_000 }, async () => {
  const path = newPath("relative.db");
  const script = `
    import { chdir } from "node:process";
    import { createStore } from "@everdraft/core";
    import { sqliteStorage } from "@everdraft/sqlite-adapter";
    chdir(process.argv[1]);
    const storage = sqliteStorage("relative.db");
    chdir(process.argv[2]);
    const store = createStore({ collection: "orders", storage });
    await store.create("d", "me", { n: 0 });
    await store.close();
    await storage.close();
  `;
  const elsewhere = newPath("relative.db");
  await runScript(script, [dirname(path), dirname(elsewhere)]);
  expect(existsSync(path)).toBe(true);
  expect(existsSync(elsewhere)).toBe(false);
});
