import { namesIn } from "../indexes/index-names.ts";
import { codeOf, nameOf, property } from "./driver-errors.ts";

/** Errors of the driver about the way to the server: their texts tell addresses and times. */
const ofTheWay: ReadonlySet<string | undefined> = new Set([
  "MongoServerSelectionError",
  "MongoNetworkError",
  "MongoNetworkTimeoutError",
  "MongoPoolClearedError",
  "MongoOperationTimeoutError",
  "MongoNotConnectedError",
  "MongoClientClosedError",
  "MongoTopologyClosedError",
]);

/** Errors of the driver before it sends. */
const beforeSending =
  /^(BSON\w*Error|Mongo(InvalidArgument|Compatibility|MissingDependency|ExpiredSession|Transaction)Error)$/;

/**
 * The failure in a few words, for a message: codes, and words of our own. The server's text is no part of it, since it may
 * quote the document; whoever may see that finds it in `cause`.
 */
export function factOf(thrown: unknown): string {
  const code = codeOf(thrown);
  if (code === 11000) {
    const [index] = namesIn(textOf(thrown));
    return `${index === undefined ? "a unique index" : `the unique index ${index}`} refuses it`;
  }
  if (code === 121) return "a validator refuses it";
  if (code !== undefined) return `the server answered with code ${code}${codeNameOf(thrown)}`;
  const name = nameOf(thrown);
  if (ofTheWay.has(name)) return textOf(thrown).replace(/\.$/, "");
  if (name !== undefined && beforeSending.test(name))
    return `the driver refused it before it was sent (${name})`;
  return `the driver failed${name !== undefined && /^\w+$/.test(name) ? ` (${name})` : ""}`;
}

function textOf(thrown: unknown): string {
  const text = property(thrown, "errmsg") ?? property(thrown, "message");
  return typeof text === "string" ? text : "";
}

function codeNameOf(thrown: unknown): string {
  const name = property(thrown, "codeName") ?? property(property(thrown, "originalError"), "codeName");
  return typeof name === "string" && /^[A-Za-z]\w*$/.test(name) ? ` (${name})` : "";
}
