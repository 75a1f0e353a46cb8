#!/usr/bin/env python3
"""Writes a C++ source that holds files as string constants, so that the program needs no files.

    embed.py OUTPUT.cc NAME=FILE...
"""

import pathlib
import sys

output, *pairs = sys.argv[1:]
lines = ['#include "embedded.h"', "", "namespace emulator::embedded {", ""]
for pair in pairs:
    name, file = pair.split("=", 1)
    text = pathlib.Path(file).read_text(encoding="utf-8")
    assert ')embed"' not in text
    lines.append(f'const std::string_view {name} = R"embed({text})embed";')
lines += ["", "}  // namespace emulator::embedded", ""]
pathlib.Path(output).write_text("\n".join(lines), encoding="utf-8")
