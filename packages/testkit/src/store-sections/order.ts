/** A line of an order. */
export interface Line {
  id: string;
  qty: number;
}

/** The document that most checks write. */
export interface Order {
  customer: string;
  status: string;
  lines: Line[];
  note?: string;
  placed?: Date;
  mark?: Uint8Array;
}

/** An order with these fields over the usual ones; each call makes new objects. */
export function order(given: Partial<Order> = {}): Order {
  return { customer: "c-7", status: "open", lines: [], ...given };
}

/** Lines with these ids, one piece of each. */
export function linesOf(...ids: readonly string[]): Line[] {
  return ids.map((id) => ({ id, qty: 1 }));
}

/** A recipe that sets the note. */
export function setNote(text: string): (draft: Order) => void {
  return (draft) => {
    draft.note = text;
  };
}
