#!/usr/bin/env python3
"""Checks the prose of the project: no private words, and no line of prose longer than 120 characters.

    tests/prose.py [FILE...]     (without FILE: all files that git tracks or would add)

Words are checked in server/, docs/, tests/ and README.md. Prose is Markdown without code blocks and tables, and the
comments and docstrings of sources. Prints a line for each violation and exits with 1.
"""

import ast
import io
import pathlib
import re
import subprocess
import sys
import tokenize

ROOT = pathlib.Path(__file__).resolve().parents[1]
LONGEST = 120
# Words of old names. Written so that a plain search for the words does not find this file.
WORDS = re.compile(r"visito[r]|seque[l]|renditio[n]|struc[k]|blackou[t]|doubt[s]|whenc[e]|farewel[l]", re.IGNORECASE)
WITH_WORDS = re.compile(r"(server|docs|tests)/|README\.md$")
# Recorded data, and files that tools write.
SKIPPED = re.compile(r"(^|/)(node_modules|golden|corpus|pages)/|package-lock\.json$")
COMMENT = {".cc": "//", ".h": "//", ".mjs": "//", ".ts": "//", ".sql": "--", ".sh": "#", ".yaml": "#", ".yml": "#",
           ".build": "#", ".txt": "#", ".dict": "#", ".supp": "#", "": "#"}


def files():
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            stdout=subprocess.PIPE, text=True, check=True).stdout
    return sorted(name for name in set(listed.split("\0")) if name and (ROOT / name).is_file())


def markdown_prose(text):
    """Yields (line number, line) outside of code blocks, tables and link definitions."""
    fence = None
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r"\s*(```+|~~~+)", line)
        if mark and fence is None:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = None
        elif fence is None and not re.match(r"\s*\||\[[^]]+\]: ", line):
            yield number, line


def python_prose(text):
    """Yields (line number, line) of comments and docstrings."""
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.line.rstrip("\n")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(node):
            for number in range(node.body[0].lineno, node.body[0].end_lineno + 1):
                yield number, lines[number - 1]


def comment_lines(text, mark):
    """Yields (line number, line) of lines that are a comment."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith((mark, "/*", "* ")):
            yield number, line


def prose(name, text):
    suffix = pathlib.Path(name).suffix
    if suffix == ".md":
        return markdown_prose(text)
    if suffix == ".py":
        return python_prose(text)
    return comment_lines(text, COMMENT[suffix]) if suffix in COMMENT else []


def is_breakable(line):
    """Whether a line has a space at which it can be wrapped: a long URL has none."""
    return " " in re.sub(r"^\W+", "", line.strip())


def check(name):
    """Yields the violations of a file."""
    try:
        text = (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    if WITH_WORDS.match(name):
        for number, line in enumerate(text.splitlines(), 1):
            for word in WORDS.findall(line):
                yield f"{name}:{number}: \"{word}\" is an old private word. Use the term of the glossary"
    for number, line in prose(name, text):
        if len(line) > LONGEST and is_breakable(line):
            yield f"{name}:{number}: {len(line)} characters. Wrap the line at {LONGEST}"


def main(names):
    if not names:
        sys.exit("no files to check")
    violations = [violation for name in names if not SKIPPED.search(name) for violation in check(name)]
    for violation in violations:
        print(violation)
    return bool(violations)


if __name__ == "__main__":
    sys.exit(main([str(pathlib.Path(name).resolve().relative_to(ROOT)) for name in sys.argv[1:]] or files()))
