/** A property of whatever was thrown. */
export function property(thrown: unknown, name: string): unknown {
  return typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, name) : undefined;
}

/** Whether the driver gave an error this label. */
export function hasLabel(thrown: unknown, label: string): boolean {
  const labels = property(thrown, "errorLabels");
  return Array.isArray(labels) && labels.includes(label);
}

/**
 * The server's code of an error. The error of a bulk wraps the server's, and so does the one by which the driver
 * says that a server refuses its retries.
 */
export function codeOf(thrown: unknown): number | undefined {
  const code = property(thrown, "code");
  if (typeof code === "number") return code;
  const wrapped = property(thrown, "cause") ?? property(thrown, "originalError");
  return wrapped === undefined ? undefined : codeOf(wrapped);
}

/** Codes of the operating system for a connection that broke: the driver lets some of them through as they are. */
const brokenConnection: ReadonlySet<unknown> = new Set(["EPIPE", "ECONNRESET", "ECONNREFUSED", "ETIMEDOUT"]);

/** The name by which the tables know an error of the driver. */
export function nameOf(thrown: unknown): string | undefined {
  if (brokenConnection.has(property(thrown, "code"))) return "MongoNetworkError";
  const name = property(thrown, "name");
  return typeof name === "string" ? name : undefined;
}
