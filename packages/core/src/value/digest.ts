import { hash } from "node:crypto";
import {
  canonicalKeys,
  encode,
  tag,
  writeByte,
  writeBytes,
  writeLeaf,
  writeLength,
  writeText,
  written,
} from "./canonical.ts";
import { keepMeasure, keptMeasure, type Measure } from "./seal.ts";
import { isContainer, isPlain, type PlainObject } from "./value.ts";
import type { ValueTypes } from "./value-type.ts";

// kept with each sealed container, so a new state costs only the containers that are new in it
const digestLength = 32;

/** SHA-256. One call into the runtime: most inputs are short. */
function sha256(bytes: Uint8Array): Uint8Array {
  return hash("sha256", bytes, "buffer");
}

/** SHA-256 as a text in base64url. */
export function sha256Text(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64url");
}

function measure(container: PlainObject | readonly unknown[], types: ValueTypes): Measure {
  const known = keptMeasure(container);
  if (known !== undefined) return known;
  let inner = 0;
  const put = (child: unknown): void => {
    if (!isContainer(child)) {
      writeLeaf(child, types);
      return;
    }
    const measured = measure(child, types);
    writeByte(tag.digest);
    writeBytes(measured.digest);
    // the container's own bytes stand where its tag and digest are in this input
    inner += measured.bytes - 1 - digestLength;
  };
  const input = written(() => {
    if (isPlain(container)) {
      const keys = canonicalKeys(container);
      writeByte(tag.object);
      writeLength(keys.length);
      for (const key of keys) {
        writeText(key);
        put(container[key]);
      }
    } else {
      writeByte(tag.array);
      writeLength(container.length);
      for (const item of container) put(item);
    }
  });
  const measured = { digest: sha256(input), bytes: input.length + inner };
  keepMeasure(container, measured);
  return measured;
}

/**
 * The digest of a normalised value in base64url: a hash tree over its containers, so the digest of a sealed state costs
 * no more than its changed parts.
 */
export function digestOf(value: unknown, types: ValueTypes): string {
  const digest = isContainer(value) ? measure(value, types).digest : sha256(encode(value, types));
  return Buffer.from(digest).toString("base64url");
}

/** The size of a normalised value in canonical bytes, at the cost of its digest. */
export function bytesOf(value: unknown, types: ValueTypes): number {
  return isContainer(value) ? measure(value, types).bytes : encode(value, types).length;
}
