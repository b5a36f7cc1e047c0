import type { Cell, RunCell } from "./cell.ts";
export function saveRow(_cell: Cell, _run: RunCell): void {}
