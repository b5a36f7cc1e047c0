/** A line of an order. */
interface Line {
  /** The product. */
  readonly sku: string;
  /** How many of it. */
  readonly qty: number;
}

/** An order. */
export interface Order {
  readonly customer: string;
  readonly status: "open" | "paid" | "cancelled";
  readonly lines: readonly Line[];
}
