import { isTooBig } from "../errors/result-codes.ts";

/**
 * The result of `joined`, which reads many records or states as one value. Where they weigh more than SQLite puts into one
 * value (1,000,000,000 bytes), the result of `each`, which reads them one by one.
 */
export function joinedOrEach<R>(joined: () => R, each: () => R): R {
  try {
    return joined();
  } catch (error) {
    if (!isTooBig(error)) throw error;
    return each();
  }
}
