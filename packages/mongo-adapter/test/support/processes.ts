import { join } from "node:path";
import { writersOf } from "../../../core/test/support/writer-process.ts";

/** Starts writer.mjs. */
export const startWriter = writersOf(join(import.meta.dirname, "writer.mjs"));
