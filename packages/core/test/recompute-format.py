"""Recomputes every test vector of docs/format.md from the words of that page alone, without the library.

Usage: python3 recompute-format.py docs/format.md
Prints the number of vectors of each kind, or each one that differs, and exits with 1.
"""

import base64
import hashlib
import json
import re
import struct
import sys


class Bytes(bytes):
    """Bytes as a value, which no text is."""


class Date(float):
    """A date as a value: its milliseconds."""


def plain(value):
    """A value as the vectors write it."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        if "$date" in value:
            return Date(value["$date"])
        if "$bytes" in value:
            return Bytes(bytes.fromhex(value["$bytes"]))
        if "$number" in value:
            return float(value["$number"].replace("Infinity", "inf"))
        return {key: plain(item) for key, item in value.items()}
    return value


def length(number):
    out = bytearray()
    while number > 127:
        out.append(number % 128 | 128)
        number //= 128
    out.append(number)
    return bytes(out)


def double(number):
    if number != number:
        return bytes.fromhex("7ff8000000000000")
    return struct.pack(">d", 0.0 if number == 0 else number)


def text(value):
    data = value.encode("utf-8")
    return length(len(data)) + data


def encode(value):
    if value is None:
        return b"\x00"
    if value is False:
        return b"\x01"
    if value is True:
        return b"\x02"
    if isinstance(value, Date):
        return b"\x05" + double(value)
    if isinstance(value, (int, float)):
        return b"\x03" + double(value)
    if isinstance(value, str):
        return b"\x04" + text(value)
    if isinstance(value, Bytes):
        return b"\x06" + length(len(value)) + value
    if isinstance(value, list):
        return b"\x07" + length(len(value)) + b"".join(encode(item) for item in value)
    keys = sorted(value, key=lambda key: key.encode("utf-8"))
    return b"\x08" + length(len(keys)) + b"".join(text(key) + encode(value[key]) for key in keys)


def sha256(data):
    return hashlib.sha256(data).digest()


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unbase64url(value):
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


TYPES = [
    "created", "edited", "reverted", "deleted", "restored", "imported", "blank",
    "undone", "adopted", "absorbed", "merged", "compacted", "erased",
]
OPTIONAL = ["act", "ref", "migrated", "tenant", "keyId", "base"]


def record(event, previous):
    """The record of an event and its hash."""
    content = {key: event[key] for key in ("patches", "reason", "meta", "given", "list") if key in event}
    salted = unbase64url(event["salt"]) + encode(content)
    gone = event.get("payload")
    digest = sha256(salted) if gone is None else unbase64url(gone["digest"])
    there = [name for name in OPTIONAL if name in event]
    flags = sum(1 << OPTIONAL.index(name) for name in there)
    listed = encode([event["doc"], event["by"], event["id"], *(event[name] for name in there)])
    header = struct.pack(
        ">BBHIddI", event["format"], TYPES.index(event["type"]) + 1, flags, 60 + len(listed),
        event["version"], event["at"], event["schema"],
    ) + digest + listed
    before = bytes(32) if previous is None else unbase64url(previous)
    link = sha256(before + header)
    if gone is None:
        rest = b"\x00" + salted
    elif gone["kind"] == "erased":
        rest = b"\x01"
    else:
        rest = b"\x02" + salted
    return header + link + rest, link


def state_bytes(holder):
    return encode(holder["state"]) if "state" in holder else b""


def main(path):
    with open(path, encoding="utf-8") as page:
        blocks = [plain(json.loads(block)) for block in re.findall(r"```json\n(.*?)```", page.read(), re.S)]
    values, chain, later, kept = blocks
    wrong = []

    def check(name, found, wanted):
        if found != wanted:
            wrong.append(f"{name}: found {found}, the page says {wanted}")

    for vector in values:
        data = encode(vector["value"])
        check(f"bytes of {vector['value']!r}", data.hex(), vector["bytes"])
        check(f"digest of {vector['value']!r}", base64url(sha256(data)), vector["digest"])
    for vector in chain + later:
        made, link = record(vector["event"], vector["previous"])
        name = f"{vector['event']['type']} {vector['event']['version']}"
        check(f"record of {name}", made.hex(), vector["record"])
        check(f"hash of {name}", base64url(link), vector["hash"])
    for vector in kept:
        if "snapshot" in vector:
            hashed = unbase64url(vector["snapshot"]["hash"]) + state_bytes(vector["snapshot"])
            check("digest of the snapshot", base64url(sha256(hashed)), vector["digest"])
            continue
        view = vector["view"]
        facts = [view[name] for name in ("version", "changed", "at", "by", "eventId", "schema", "head", "since")]
        check("digest of the view", base64url(sha256(encode(facts) + state_bytes(view))), vector["digest"])
    for line in wrong:
        print(line)
    print(f"{len(values)} values, {len(chain) + len(later)} events, {len(kept)} digests")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
