import type { Revision } from "@everdraft/core";
import { randomFrom } from "@everdraft/testkit/random";

/** A document of the comparisons: an order, as large as it has lines. */
export interface Order {
  customer: string;
  status: string;
  address: { street: string; city: string; zip: string };
  tags: string[];
  lines: Line[];
}

interface Line {
  id: string;
  name: string;
  quantity: number;
  price: number;
  packed: boolean;
  note: string;
}

const vocabulary =
  "alpha bravo harbour quarter invoice linen marble north orchard pepper quiet river stone timber umber";
const words = vocabulary.split(" ");
const lineBytes = 108;
const restBytes = 115;

/** An order of about that many bytes in the canonical encoding. */
export function makeOrder(bytes: number, seed: number): Order {
  const random = randomFrom(seed);
  const some = (count: number): string =>
    Array.from({ length: count }, () => words[Math.floor(random() * words.length)]).join(" ");
  return {
    customer: some(2),
    status: "open",
    address: { street: some(2), city: some(1), zip: String(10_000 + Math.floor(random() * 90_000)) },
    tags: [some(1), some(1)],
    lines: Array.from({ length: Math.round((bytes - restBytes) / lineBytes) }, (_, i) => ({
      id: `line-${i}`,
      name: some(2),
      quantity: Math.floor(random() * 100),
      price: Math.round(random() * 10_000) / 100,
      packed: random() < 0.5,
      note: some(4),
    })),
  };
}

/** Changes one field of one line: most edits are like that. */
export function changeLine(order: Order, turn: number): void {
  const line = order.lines[(turn * 7919) % order.lines.length] as Line;
  line.quantity = 1_000 + turn;
}

/**
 * Changes an order as people do over its life: mostly one field, at times the lines themselves. It stays
 * about as large as it was, and each turn changes something.
 */
export function liveOn(order: Order, random: () => number, turn: number): void {
  const at = Math.floor(random() * order.lines.length);
  const line = order.lines[at] as Line;
  const kind = random();
  if (kind < 0.5) line.quantity = 1_000 + turn;
  else if (kind < 0.7) line.note = `seen ${turn}`;
  else if (kind < 0.8) order.status = `step ${turn}`;
  else if (kind < 0.9) line.packed = !line.packed;
  else {
    order.lines.splice(at, 1);
    order.lines.push({ ...line, id: `line-${turn}-new` });
  }
}

/** Revisions of orders: each document with all of its events, one document after another. */
export function* revisionsOf(count: number, each: number): Generator<Revision<Order>> {
  const random = randomFrom(1);
  for (let i = 0; i < count; i++) {
    const state = makeOrder(300, i);
    for (let turn = 0; turn < each; turn++) {
      if (turn > 0) liveOn(state, random, turn);
      yield { id: `order-${String(i).padStart(7, "0")}`, at: new Date(turn), by: "alice", state };
    }
  }
}
