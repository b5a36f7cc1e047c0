// this entry needs no git: a command that only reads JSON does not load it
export { type ReadJson, readJson } from "./read-json.ts";
export { shellWord } from "./shell-word.ts";
