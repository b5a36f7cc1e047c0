/** How a find is answered: by reading all, or by an index. */
export type FindPlan =
  | { readonly kind: "scan" }
  | {
      readonly kind: "index";
      /** The name of the index. */
      readonly name: string;
    };
