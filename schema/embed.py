#!/usr/bin/env python3
"""Writes a C++ source with the contents of files as constants.

    embed.py OUTPUT.cc NAME=FILE...

Writes bytes, not string literals: compilers need not accept a literal of more than 65,536 characters.
"""

import pathlib
import sys

output, *pairs = sys.argv[1:]
lines = ['#include "base/embedded.h"', "", "namespace emulator::embedded {", ""]
for pair in pairs:
    name, file = pair.split("=", 1)
    data = pathlib.Path(file).read_bytes()
    numbers = ",".join(str(byte if byte < 128 else byte - 256) for byte in data)
    lines.append(f"static constexpr char {name}Bytes[] = {{{numbers}}};")
    lines.append(f"const std::string_view {name}({name}Bytes, sizeof {name}Bytes);")
lines += ["", "}  // namespace emulator::embedded", ""]
pathlib.Path(output).write_text("\n".join(lines), encoding="utf-8")
