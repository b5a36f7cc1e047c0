import { fits, keyIn, type PlaceEditName, replaceAt, type Scene } from "./edit.ts";
import { holds } from "./places.ts";

/** The edits of the container at a place. */
export const placeEdits: Readonly<Record<PlaceEditName, (scene: Scene) => void>> = {
  alias: (edit) => insert(edit, edit.place.container),
  wrapInObject: (edit) => insert(edit, { inner: edit.place.container }),
  wrapInList: (edit) => insert(edit, [{ was: edit.place.container }]),
  wrapSpread: (edit) => {
    const { container } = edit.place;
    insert(edit, Array.isArray(container) ? [...container] : { ...container });
  },
  move: (edit) => {
    const { parent, key } = edit.place;
    if (!fits(edit) || parent === undefined || key === undefined || Array.isArray(parent.container)) return;
    const { container } = edit.place;
    delete parent.container[key];
    insert(edit, container);
  },
  swap: ({ place, target }) => {
    if (place.parent === undefined || target.parent === undefined) return;
    const crossed =
      holds(place.container, target.parent.container) || holds(target.container, place.parent.container);
    if (crossed) return;
    replaceAt(place, target.container);
    replaceAt(target, place.container);
  },
  originalElsewhere: (edit) => {
    const original = edit.originalOf(edit.place.container);
    if (original !== undefined) insert(edit, original);
  },
};

function insert(edit: Scene, value: unknown): void {
  const { container } = edit.target;
  if (!fits(edit)) return;
  if (Array.isArray(container)) container.push(value);
  else container[keyIn(edit.target, edit)] = value;
}
