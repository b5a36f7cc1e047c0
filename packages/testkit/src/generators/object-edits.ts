import { type Edit, keyIn, type ObjectEditName, replaceAt, type Scene } from "./edit.ts";
import { isContainer } from "./places.ts";

/** The edits of a plain object. */
export const objectEdits: Readonly<
  Record<ObjectEditName, (object: Record<string, unknown>, scene: Scene) => void>
> = {
  set: (object, edit) => {
    object[keyIn(edit.place, edit)] = edit.value;
  },
  remove: (object, edit) => {
    const key = ownKey(object, edit);
    if (key !== undefined) delete object[key];
  },
  undo: (object, edit) => {
    const key = ownKey(object, edit);
    if (key === undefined || isContainer(object[key])) return;
    const before = object[key];
    object[key] = 77;
    object[key] = before;
  },
  removeAndSet: (object, edit) => {
    const key = ownKey(object, edit);
    if (key === undefined) return;
    delete object[key];
    object[key] = edit.value;
  },
  spread: (object, edit) => replaceAt(edit.place, { ...object, [keyIn(edit.place, edit)]: edit.value }),
  assign: (object, edit) => Object.assign(object, { [keyIn(edit.place, edit)]: edit.value, b: 1 }),
  writeBack: (object, edit) => {
    const key = ownKey(object, edit);
    const child = key === undefined ? undefined : object[key];
    const original = isContainer(child) ? edit.originalOf(child) : undefined;
    if (key !== undefined && original !== undefined) object[key] = original;
  },
};

function ownKey(object: object, { i }: Edit): string | undefined {
  const keys = Object.keys(object);
  return keys[i % keys.length];
}
