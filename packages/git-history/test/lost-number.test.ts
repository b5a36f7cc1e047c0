import { expect, test } from "vitest";
import { lossOf, lostNumber } from "../src/lost-number.ts";

test("A number is kept where it is the one that its text says, however that is written", () => {
  const kept = [
    ...[
      "0",
      "-0",
      "0.0",
      "0e999",
      "1",
      "-12.50",
      "1e22",
      "10000000000000000000000",
      "0.1",
      "0.1000",
      "100e-3",
    ],
    // as programs write the same numbers: exactly, with 17 digits, with 20
    ...["9007199254740992", "9223372036854775808", "9223372036854776000", "123456789012345680000"],
    ...["0.10000000000000001", "0.30000000000000004", "0.10000000000000000555", "3.141592653589793"],
    // halfway between two texts of as many digits, either of which programs write
    ...["2073731440740329.2", "2073731440740329.3", "2887146301767.5312"],
    ...["1.7976931348623157e308", "2.2250738585072014E-308", "5e-324", "4.9406564584124654e-324"],
    ...["0x1F", "0o17", "+7", "007", "0xFFFFFFFFFFFFF800", ".5", "5.", ".inf", "-.INF", ".NaN"],
  ];
  for (const text of kept) expect(lossOf(text), text).toBeUndefined();
});

test("A number that would become another one is told by its kind", () => {
  for (const text of [
    "9007199254740993",
    "-9223372036854775807",
    "92233720368547758100",
    "0xFFFFFFFFFFFFFFFF",
  ])
    expect(lossOf(text), text).toBe("integer");
  for (const text of [
    "12345678901234567.89",
    "1234567890123456.7",
    "3.14159265358979323846",
    "123456789012345678.0",
  ])
    expect(lossOf(text), text).toBe("digits");
  for (const text of [
    "1e400",
    "-1e309",
    "9".repeat(400),
    `0x${"f".repeat(300)}`,
    "1e-400",
    "4e-324",
    "0.2e-323",
  ])
    expect(lossOf(text), text).toBe("range");
  expect(lossOf(`0.${"1".repeat(300)}`)).toBe("digits");
});

test("In a JSON text the first such number is found, and digits within texts and keys are not", () => {
  const text =
    '{ "n9007199254740993": "1e400 \\" 9007199254740993 \\\\",\n "a": [1.5, { "b": -1e400 }], "c": 1e999 }';
  expect(lostNumber(text)).toBe(
    "a number that is too large or too small for a number to hold (line 2, column 20)",
  );
  expect(lostNumber("[9007199254740993]")).toBe("an integer that no number can hold (column 2)");
  expect(
    lostNumber('{ "a": "9007199254740993", "b": [1, 2.25, 1e5], "c": 9007199254740992 }'),
  ).toBeUndefined();
});

test("A text of many megabytes is looked through", () => {
  const long = JSON.stringify({ text: `\\"${"x".repeat(20_000_000)}`, escapes: '"'.repeat(1_000_000) });
  expect(lostNumber(`[${long}, 1e400]`)).toMatch(/^a number that is too large .* \(column 22\d{6}\)$/);
});
