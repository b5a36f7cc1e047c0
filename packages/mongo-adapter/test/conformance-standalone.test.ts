import { expect, test } from "vitest";
import { mongoStorage } from "../src/index.ts";
import { behindProxy } from "./support/behind-proxy.ts";
import { call } from "./support/build.ts";
import { standalone } from "./support/manners.ts";
import { describeSetUp } from "./support/prove.ts";

const { fixture, client, proxy } = behindProxy("mongodb, standalone", standalone);

describeSetUp(fixture, [
  ...["append", "chains", "slots and conflicts", "views", "views over known ones", "reopening"],
  ...["what a write answers", "idempotency keys", "life and death", "several writers", "reverting"],
]);

test("a standalone is asked for nothing that it does not have", () => {
  expect(proxy().seen).toContain("insert");
  expect([...proxy().refused]).toEqual([]);
});

test("atomicViews on a standalone are refused when the collection is opened", async () => {
  const storage = mongoStorage(client().db("standalone"), { atomicViews: true });
  await expect(storage.open("orders", call)).rejects.toMatchObject({
    code: "options",
    details: { option: "atomicViews", reason: expect.stringMatching(/neither a member of a replica set/) },
  });
  await storage.close();
});
