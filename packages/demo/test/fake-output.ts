import type { Output } from "../src/output.ts";

/** Keeps the text that is written to it; a terminal where `columns` are given. */
export interface FakeOutput extends Output {
  text(): string;
}

export function fakeOutput(columns?: number): FakeOutput {
  let written = "";
  return {
    ...(columns !== undefined && { isTTY: true, columns }),
    write(text) {
      written += text;
      return true;
    },
    text: () => written,
  };
}
