/** A line of an order. */
interface Line {
  /** The product. */
  sku: string;
  /** How many of it. */
  qty: number;
}

/** An order. */
export interface Order {
  customer: string;
  status: "open" | "paid" | "cancelled";
  lines: Line[];
}
