import { isPlain, type ValueType, type ValueTypes } from "@everdraft/core/adapter";
import { readJson } from "@everdraft/git-history/text";
import { UsageError } from "../failure.ts";
import { dateOf as dayAndTime } from "./moment.ts";

/** States as JSON and back, exactly: MongoDB's Extended JSON, relaxed. */
export interface Codec {
  /** A value that JSON.stringify takes. */
  encode(value: unknown): unknown;
  /** On one line. */
  line(value: unknown): string;
  /** Facts on one line, in the order in which they are given. */
  record(facts: object): string;
  /** Over several lines, for people. */
  pretty(value: unknown): string;
  /** The value behind a result of JSON.parse. Throws UsageError for a form that it does not know. */
  decode(json: unknown): unknown;
  /** The value of a JSON text. Throws UsageError. */
  parse(text: string): unknown;
}

/**
 * Beside MongoDB's forms there are two: `{ "$literal": {…} }` is an object whose only key looks like one of the forms, and `{
 * "$value": { "type", "base64" } }` a kind of value that only the storage knows. A Long is always `$numberLong`: as a plain
 * number it would lose its type.
 */
const forms = new Set([
  ...["$date", "$binary", "$numberDouble", "$numberInt", "$numberLong", "$numberDecimal", "$oid", "$uuid"],
  ...["$literal", "$value"],
]);

/** The codec for the values that a storage knows. */
export function createCodec(declared: readonly ValueType[], types: ValueTypes): Codec {
  const typed = (name: string): ValueType | undefined => declared.find((type) => type.name === name);

  const encode = (value: unknown): unknown => {
    if (typeof value === "number") return Number.isFinite(value) ? value : { $numberDouble: String(value) };
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(encode);
    if (value instanceof Date) return { $date: dateText(value) };
    if (value instanceof Uint8Array) return { $binary: { base64: base64(value), subType: "00" } };
    if (!isPlain(value)) return encodeTyped(value, types.of(value));
    // the order of keys is no part of a state, so it is always the same: equal states are equal texts
    const keys = Object.keys(value).sort();
    const entries = Object.fromEntries(keys.map((key) => [key, encode(value[key])]));
    return formOf(value) === undefined ? entries : { $literal: entries };
  };

  const decode = (json: unknown): unknown => {
    if (json === null || typeof json !== "object") return json;
    if (Array.isArray(json)) return json.map(decode);
    const form = formOf(json);
    if (form !== undefined && form !== "$literal") return decodeForm(form, Reflect.get(json, form), typed);
    const literal: unknown = form === undefined ? json : Reflect.get(json, form);
    if (!isPlain(literal)) throw misformed("$literal", "an object");
    return Object.fromEntries(Object.entries(literal).map(([key, item]) => [key, decode(item)]));
  };

  return {
    encode,
    decode,
    line: (value) => JSON.stringify(encode(value)) ?? "null",
    record: (facts) =>
      JSON.stringify(Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, encode(value)]))),
    pretty: (value) => JSON.stringify(encode(value), undefined, 2) ?? "null",
    parse: (text) => decode(parseJson(text)),
  };
}

/** The value of a JSON text. Throws UsageError, also for a number that would become another one. */
function parseJson(text: string): unknown {
  const read = readJson(text);
  if ("value" in read) return read.value;
  if ("invalid" in read) throw new UsageError(`This is not JSON: ${read.invalid}.`);
  throw new UsageError(
    `It has ${read.lost}. Write it as a text, or where the storage has such values as { "$numberLong": "…" } or { "$numberDecimal": "…" }.`,
  );
}

function formOf(object: object): string | undefined {
  const [key, ...others] = Object.keys(object);
  return key !== undefined && others.length === 0 && forms.has(key) ? key : undefined;
}

// relaxed Extended JSON has dates as texts only where every reader has them
const firstShown = 0;
const lastShown = Date.parse("9999-12-31T23:59:59.999Z");

function dateText(date: Date): unknown {
  const time = date.getTime();
  return time >= firstShown && time <= lastShown ? date.toISOString() : { $numberLong: String(time) };
}

function base64(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
}

function encodeTyped(value: object, type: ValueType | undefined): unknown {
  if (type === undefined) return String(value);
  const encoded = Buffer.from(type.toBytes(value));
  switch (type.name) {
    case "ObjectId":
      return { $oid: encoded.toString("hex") };
    case "UUID":
      return { $uuid: encoded.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-") };
    case "Long":
      return { $numberLong: String(encoded.readBigInt64BE()) };
    case "Decimal128":
      return { $numberDecimal: String(value) };
    case "Binary": {
      const subType = encoded.subarray(0, 1).toString("hex");
      return { $binary: { base64: encoded.subarray(1).toString("base64"), subType } };
    }
  }
  return { $value: { type: type.name, base64: encoded.toString("base64") } };
}

type Typed = (name: string) => ValueType | undefined;

function decodeForm(form: string, given: unknown, typed: Typed): unknown {
  switch (form) {
    case "$date":
      return dateOf(given);
    case "$numberDouble":
    case "$numberInt":
      return numberOf(form, given);
    case "$numberLong":
      return longOf(given, typed("Long"));
    case "$numberDecimal":
      return decimalOf(given, known(typed, "Decimal128"));
    case "$oid":
      return known(typed, "ObjectId").fromBytes(hex(form, given, 12));
    case "$uuid":
      return known(typed, "UUID").fromBytes(hex(form, String(given).replaceAll("-", ""), 16));
    case "$binary":
      return binaryOf(given, typed);
  }
  const { type, base64: content } = fields(form, given);
  return known(typed, String(type)).fromBytes(Buffer.from(String(content), "base64"));
}

function known(typed: Typed, name: string): ValueType {
  const type = typed(name);
  if (type !== undefined) return type;
  throw new UsageError(`A value is of the type ${name}, which this storage does not have.`);
}

function dateOf(given: unknown): Date {
  const date =
    typeof given === "string" ? dayAndTime(given) : new Date(Number(fields("$date", given).$numberLong));
  if (date === undefined || Number.isNaN(date.getTime())) throw misformed("$date", "an ISO 8601 date");
  return date;
}

function numberOf(form: string, given: unknown): number {
  const number = Number(given);
  if (typeof given === "string" && given !== "" && (!Number.isNaN(number) || given === "NaN")) return number;
  throw misformed(form, "a number as a text");
}

function longOf(given: unknown, type: ValueType | undefined): unknown {
  const text = String(given);
  if (!/^-?\d{1,19}$/.test(text) || BigInt.asIntN(64, BigInt(text)) !== BigInt(text))
    throw misformed("$numberLong", "a whole number of 64 bits as a text");
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(BigInt(text));
  if (type !== undefined) return type.fromBytes(buffer);
  if (Number.isSafeInteger(Number(text))) return Number(text);
  throw new UsageError("A value is of the type Long, which this storage does not have.");
}

function decimalOf(given: unknown, type: ValueType): unknown {
  // the storage's own class, whichever copy of the driver it comes from
  const fromString: unknown = Reflect.get(type.fromBytes(new Uint8Array(16)).constructor, "fromString");
  if (typeof fromString !== "function" || typeof given !== "string")
    throw misformed("$numberDecimal", "a decimal number as a text");
  return fromString(given);
}

function binaryOf(given: unknown, typed: Typed): unknown {
  const { base64: content, subType } = fields("$binary", given);
  if (typeof content !== "string" || typeof subType !== "string" || !/^[0-9a-f]{1,2}$/i.test(subType))
    throw misformed("$binary", "{ base64, subType }");
  const bytes = Buffer.from(content, "base64");
  const kind = Number.parseInt(subType, 16);
  if (kind === 0) return Uint8Array.from(bytes);
  if (kind === 4) return known(typed, "UUID").fromBytes(bytes);
  return known(typed, "Binary").fromBytes(Uint8Array.from([kind, ...bytes]));
}

function hex(form: string, given: unknown, length: number): Uint8Array {
  if (typeof given === "string" && given.length === length * 2 && /^[0-9a-f]*$/i.test(given))
    return Uint8Array.from(Buffer.from(given, "hex"));
  throw misformed(form, `${length * 2} hexadecimal digits`);
}

function fields(form: string, given: unknown): Readonly<Record<string, unknown>> {
  if (isPlain(given)) return given;
  throw misformed(form, "an object");
}

function misformed(form: string, wanted: string): UsageError {
  return new UsageError(`This is no Extended JSON: ${form} takes ${wanted}.`);
}
