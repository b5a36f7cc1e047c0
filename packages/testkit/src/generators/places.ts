/** An array or plain object that can be changed. */
export type Container = Record<string, unknown> | unknown[];

/** A container inside a state. */
export interface Place {
  /** The array or object. */
  readonly container: Container;
  /** The one around it and its key there; undefined for the whole state. */
  readonly parent?: Place;
  readonly key?: string;
}

/** Whether a value is an array or plain object, a draft of one included. */
export function isContainer(value: unknown): value is Container {
  return Array.isArray(value) || isObject(value);
}

/** Whether a value is a plain object, a draft of one included. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

const atMost = 40;
const deepest = 6;

/** The first containers of a state, breadth first, the state itself before all others. */
export function places(state: Container): Place[] {
  const found: (Place & { readonly depth: number })[] = [{ container: state, depth: 0 }];
  for (const place of found) {
    if (place.depth >= deepest) continue;
    for (const [key, child] of Object.entries(place.container)) {
      if (found.length >= atMost) return found;
      if (isContainer(child)) found.push({ container: child, parent: place, key, depth: place.depth + 1 });
    }
  }
  return found;
}

/**
 * Whether a container is, or holds, another one: then the one cannot be put into the other without a cycle.
 */
export function holds(container: unknown, sought: unknown): boolean {
  if (container === sought) return true;
  return isContainer(container) && Object.values(container).some((child) => holds(child, sought));
}

/** Puts a value at a key of an object or at the index of an array. */
export function put(container: Container, key: string, value: unknown): void {
  if (Array.isArray(container)) container[Number(key)] = value;
  else container[key] = value;
}
