const message = 2013;

/** Cuts a stream of bytes into the messages of MongoDB's protocol: each begins with its length. */
export function framer(): (bytes: Buffer) => readonly Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const messages: Buffer[] = [];
    while (rest.length >= 4) {
      const length = rest.readInt32LE(0);
      if (rest.length < length) break;
      messages.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    return messages;
  };
}

/** Which write a message asks for, or undefined: the first key of its body is the command. */
export function commandOf(bytes: Buffer): "insert" | "update" | "bulkWrite" | undefined {
  if (bytes.length < 40 || bytes.readInt32LE(12) !== message || bytes[20] !== 0) return undefined;
  // header (16), flags (4), kind (1), length of the body (4), type of the first value (1), its key
  const end = bytes.indexOf(0, 26);
  const key = bytes.toString("latin1", 26, end);
  return key === "insert" || key === "update" || key === "bulkWrite" ? key : undefined;
}
