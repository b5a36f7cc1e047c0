import { type ValueTypes, valueTypes } from "@everdraft/core/adapter";

/** The value types of a storage that declares none: only the plain values. */
export const plainTypes: ValueTypes = valueTypes([]);
