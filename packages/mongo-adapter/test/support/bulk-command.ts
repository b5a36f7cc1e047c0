import { type Document, Long } from "mongodb";
import type { Instead } from "./proxy.ts";

/** A failed operation in the answer to a command `bulkWrite`. */
interface Failed {
  readonly code: number;
  readonly errmsg: string;
}

/** The collection and the content of the last operation of a command `bulkWrite`; undefined for another command. */
export function lastWrite(
  command: Document,
): { readonly collection: string; readonly content: unknown } | undefined {
  if (!("bulkWrite" in command)) return undefined;
  const { insert, update, document, updateMods } = command.ops.at(-1);
  const { ns } = command.nsInfo[Number(insert ?? update)];
  return { collection: ns.slice(ns.indexOf(".") + 1), content: document ?? updateMods };
}

/** All operations but the last, which fails. */
export function lastFails(command: Document, { code, errmsg }: Failed): Instead {
  const { ops } = command;
  const failure = { ok: 0, idx: ops.length - 1, code, errmsg, n: 0 };
  return {
    command: { ...command, ops: ops.slice(0, -1) },
    reply: (reply) => {
      const { cursor } = reply;
      return { ...reply, nErrors: 1, cursor: { ...cursor, firstBatch: [...cursor.firstBatch, failure] } };
    },
  };
}

/** The answer to a command whose first operation fails, so that none is carried out. */
export function firstFails({ code, errmsg }: Failed): Document {
  const firstBatch = [{ ok: 0, idx: 0, code, errmsg, n: 0 }];
  return { ok: 1, nErrors: 1, cursor: { id: Long.ZERO, ns: "admin.$cmd.bulkWrite", firstBatch } };
}
