#!/usr/bin/env python3
"""Cuts the golden files from a saved page of the vendor's documentation.

    tests/cut_golden.py PAGE.txt FOLDER           write FOLDER/<status>.json
    tests/cut_golden.py --check PAGE.txt FOLDER   write nothing; fail when a file differs

A page shows each response as a line "Response 404 Not Found", prose, a line "json", and the example.
The example is minified with its member order kept and nothing else changed: that is the body the
emulator must answer, byte for byte.
"""

import json
import pathlib
import re
import sys


def cut(page):
    """Yields (status, body) for every response of the page that shows a JSON example."""
    decoder = json.JSONDecoder()
    parts = re.split(r"^Response (\d{3}) .*$", page, flags=re.MULTILINE)
    for status, text in zip(parts[1::2], parts[2::2]):
        marker = re.search(r"^json\s*$\s*", text, flags=re.MULTILINE)
        if marker:
            example, _ = decoder.raw_decode(text[marker.end():])
            yield status, json.dumps(example, separators=(",", ":"), ensure_ascii=False)


def main(arguments):
    check = arguments[:1] == ["--check"]
    if len(arguments) != 2 + check:
        sys.exit(__doc__)
    page, folder = pathlib.Path(arguments[-2]), pathlib.Path(arguments[-1])
    goldens = dict(cut(page.read_text(encoding="utf-8")))
    if not goldens:
        sys.exit(f"{page}: no response with a JSON example found")
    if check:
        wrong = [s for s, body in goldens.items() if (folder / f"{s}.json").read_text(encoding="utf-8") != body]
        extra = {f.stem for f in folder.glob("*.json")} - goldens.keys()
        if wrong or extra:
            sys.exit(f"{folder} differs from {page}: {', '.join(sorted([*wrong, *extra]))}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for status, body in goldens.items():
        (folder / f"{status}.json").write_text(body, encoding="utf-8")
        print(f"{folder / status}.json: {len(body.encode())} bytes")


main(sys.argv[1:])
