import { expect, test } from "vitest";
import { createRedaction, hasSecret, shownUri } from "../src/terminal/redact.ts";
import { newFolder } from "./support/folder.ts";
import { run } from "./support/run.ts";

test("A connection string is shown without user, password and options", () => {
  expect(shownUri("mongodb://al:s3c@h1,h2:27017/shop?authSource=admin")).toBe("mongodb://h1,h2:27017/shop");
  expect(shownUri("mongodb+srv://al:p@ss@h/shop")).toBe("mongodb+srv://h/shop");
  expect(shownUri("sqlite:a@b/b.db")).toBe("sqlite:a@b/b.db");
  expect(shownUri("al:s3c@h/shop")).toBe("h/shop");
});

test("Secrets are taken out of every text, whichever way they are written in it", () => {
  const redaction = createRedaction();
  redaction.learn("mongodb://al:p%40ss%2Fw@h/shop?tlsCertificateKeyFilePassword=hush");
  expect(redaction.clean("auth failed for p@ss/w, p%40ss%2Fw or hush")).toBe(
    "auth failed for ***, *** or ***",
  );
  expect(redaction.clean("cannot reach mongodb://al:p%40ss%2Fw@h/shop")).toBe(
    "cannot reach mongodb://***@h/shop",
  );
  // one that nobody told of
  expect(redaction.clean('at "https://x:y@z/" and postgres://u@h')).toBe(
    'at "https://***@z/" and postgres://***@h',
  );
  expect(redaction.clean("mail al@example.org")).toBe("mail al@example.org");
});

test("A connection string has a secret where it has a password", () => {
  expect(hasSecret("mongodb://h/shop")).toBe(false);
  expect(hasSecret("mongodb://al@h/shop?x=1")).toBe(false);
  expect(hasSecret("mongodb://al:p@h/shop")).toBe(true);
  // one whose scheme was forgotten
  expect(hasSecret("al:p@h/shop")).toBe(true);
  expect(hasSecret("sqlite:al:p@h.db")).toBe(false);
  expect(hasSecret("mongodb://h/shop?authMechanismProperties=AWS_SESSION_TOKEN:x")).toBe(true);
});

test("A password is not taken from the command line, and is printed nowhere", {
  timeout: 120_000,
}, async () => {
  const secret = "hunter2%21";
  const uri = `mongodb://al:${secret}@127.0.0.1:1/shop?serverSelectionTimeoutMS=200`;
  const collection = ["--collection", "orders"];
  const cwd = newFolder();
  const typed = await run(["status", "--uri", uri, ...collection], { cwd });
  expect(typed.code).toBe(2);
  expect(typed.err).toContain("EVERDRAFT_URI");
  const env = { EVERDRAFT_URI: uri };
  const ends = [
    typed,
    await run(["status", ...collection], { cwd, env }),
    await run(["doctor", ...collection], { cwd, env }),
    await run(["doctor", "--json", ...collection], { cwd, env }),
    await run(["show", "o-1", ...collection], { cwd, env }),
    await run(["init", "--yes", ...collection], { cwd, env }),
    await run(["status", ...collection], { cwd, env: { EVERDRAFT_URI: uri.replace("mongodb://", "") } }),
  ];
  for (const { code, out, err } of ends) {
    expect(code).not.toBe(0);
    expect(out + err).not.toMatch(/hunter2/);
  }
  expect(ends[1]?.err).toContain("127.0.0.1:1");
});
