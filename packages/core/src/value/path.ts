/**
 * Where a value is inside a state: keys of objects as strings, indexes of arrays as numbers; `[]` is the
 * whole state.
 */
export type Path = readonly (string | number)[];
