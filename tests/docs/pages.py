#!/usr/bin/env python3
"""Writes the generated parts of docs/*.md, or checks them.

    tests/docs/pages.py GENERATOR [--check]

GENERATOR is the program generate-docs. A page has its generated part between two comments, `begin generated: NAME` and
`end generated`; the text around them is written by hand. With --check, the script changes nothing, and exits with 1 if
a page differs from the program.
"""

import pathlib
import re
import subprocess
import sys

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
PART = re.compile(r"(<!-- begin generated: ([a-z-]+) -->\n).*?(<!-- end generated -->)", re.S)


def check_markers(generator, pages):
    """Exits unless each part of the generator is in one page: a misspelt marker would never be written or compared."""
    parts = subprocess.run([generator], check=True, capture_output=True, text=True).stdout.split()
    found = sorted(match[2] for text in pages.values() for match in PART.finditer(text))
    if not parts or found != sorted(parts):
        sys.exit(f"docs/*.md have the generated parts {found}; the program has {sorted(parts)}")


def generated(generator, name):
    printed = subprocess.run([generator, name], check=True, capture_output=True, text=True).stdout.strip()
    if not printed:
        sys.exit(f"{generator} {name} printed nothing")
    return f"\n{printed}\n\n"


def main(generator, *options):
    pages = {page: page.read_text(encoding="utf-8") for page in sorted(DOCS.glob("*.md"))}
    check_markers(generator, pages)
    new = {page: PART.sub(lambda match: match[1] + generated(generator, match[2]) + match[3], text)
           for page, text in pages.items()}
    changed = [page for page in pages if new[page] != pages[page]]
    if options == ("--check",):
        for page in changed:
            print(f"docs/{page.name} differs from the program. Run ./dev docs.", file=sys.stderr)
        return 1 if changed else 0
    for page in changed:
        page.write_text(new[page], encoding="utf-8")
        print(f"wrote docs/{page.name}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--check"]):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
