/**
 * Ids that are the same in every run of a test: `o-1`, `o-2` … for the prefix `o`. For ids of documents and for
 * idempotency keys; the id of an event that has a key follows from it.
 *
 * @example
 * const newOrderId = testIds("o");
 * await orders.create(newOrderId(), "alice", { lines: [] }, { key: "first" });
 */
export function testIds(prefix: string): () => string {
  let given = 0;
  return () => `${prefix}-${++given}`;
}
