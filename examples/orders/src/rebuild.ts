// #region rebuild
import { rebuild } from "@everdraft/core/upkeep";
import { openOrders } from "./store.ts";

// node dist/rebuild.js [FILE]: makes the rows of all projections anew; started twice, both share the work
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

await using opened = openOrders(process.argv[2] ?? "orders.sqlite");
for (const projection of ["lines", "touches"]) {
  const { complete, documents, written, failures } = await rebuild(opened.orders, {
    projection,
    signal: stop.signal,
    onProgress: ({ done, total }) => console.error(`${projection}: ${done} of ${total}`),
    onFailure: ({ id, message }) => console.error(`${projection}: ${id}: ${message}`),
  });
  console.log(`${projection}: ${documents} orders, ${written} written, ${failures} failed`);
  // the documents in hand are saved: the same command goes on
  if (!complete) process.exitCode = 130;
  else if (failures > 0) process.exitCode = 1;
}
// #endregion rebuild
