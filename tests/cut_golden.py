#!/usr/bin/env python3
"""Extracts the golden files from a saved page of the vendor's documentation.

    tests/cut_golden.py PAGE.txt FOLDER           write FOLDER/<status>.json and sentences.txt
    tests/cut_golden.py --check PAGE.txt FOLDER   write nothing; fail if a file differs

A page shows each response as a line "Response 404 Not Found", prose, a line "json", and the example.
The example is minified; its member order is kept and nothing else changes. The emulator must answer
this body byte for byte. Reasons of refusals may cite the sentences of the prose.
"""

import json
import pathlib
import re
import sys


def cut(page):
    """Yields (name, text) for every golden file."""
    decoder = json.JSONDecoder()
    parts = re.split(r"^Response (\d{3}) .*$", page, flags=re.MULTILINE)
    for status, text in zip(parts[1::2], parts[2::2]):
        marker = re.search(r"^json\s*$\s*", text, flags=re.MULTILINE)
        if marker:
            example, _ = decoder.raw_decode(text[marker.end():])
            yield f"{status}.json", json.dumps(example, separators=(",", ":"), ensure_ascii=False)
    sentences = [line for line in page.splitlines() if re.match(r"[A-Z].*\.$", line)]
    yield "sentences.txt", "".join(f"{sentence}\n" for sentence in sentences)


def main(arguments):
    check = arguments[:1] == ["--check"]
    if len(arguments) != 2 + check:
        sys.exit(__doc__)
    page, folder = pathlib.Path(arguments[-2]), pathlib.Path(arguments[-1])
    goldens = dict(cut(page.read_text(encoding="utf-8")))
    if len(goldens) < 2:
        sys.exit(f"{page}: no response with a JSON example found")
    if check:
        found = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
        wrong = {name for name in goldens.keys() | found.keys() if goldens.get(name) != found.get(name)}
        if wrong:
            sys.exit(f"{folder} differs from {page}: {', '.join(sorted(wrong))}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in goldens.items():
        (folder / name).write_text(text, encoding="utf-8")
        print(f"{folder / name}: {len(text.encode())} bytes")


main(sys.argv[1:])
