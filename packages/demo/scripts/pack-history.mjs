// node scripts/pack-history.mjs SOURCE [ID]: makes data/history.jsonl.br, the history that the demo imports by default,
// from SOURCE, brotli JSON Lines with the histories of many documents (data/README.md says where those come from).
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

const [source, id = "package.json"] = process.argv.slice(2);
if (source === undefined) {
  console.error("Usage: node scripts/pack-history.mjs SOURCE [ID]");
  process.exit(2);
}

const lines = brotliDecompressSync(readFileSync(source)).toString("utf8").split("\n");
const revisions = lines
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line))
  .filter((revision) => revision.id === id)
  // the subjects of the commits name people
  .map(({ note: _, ...revision }) => revision);
if (revisions.length === 0) {
  console.error(`${source} has no revision of ${id}`);
  process.exit(1);
}

const text = revisions.map((revision) => `${JSON.stringify(revision)}\n`).join("");
const packed = brotliCompressSync(text, {
  params: {
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    // every revision repeats most of the one before it, so all of them must fit into the window
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text),
  },
});
const target = new URL("../data/history.jsonl.br", import.meta.url);
writeFileSync(target, packed);
console.log(`${id}: ${revisions.length} revisions, ${text.length} bytes packed into ${packed.length}`);
