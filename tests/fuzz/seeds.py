"""Writes the invalid fixture files and command lines of tests/program/malformed_test.py as seeds.

    seeds.py FOLDER    makes FOLDER/fixture and FOLDER/options
"""

import os
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "program"))
os.environ["EXPORT_EMULATOR_PROGRAM"] = "none"  # only the tables are used

import malformed_test  # noqa: E402 (needs the lines above)


def write(folder, seeds):
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (folder / f"malformed-{number}").write_bytes(seed)


def main():
    root = pathlib.Path(sys.argv[1])
    texts = [text if isinstance(text, bytes) else text.encode()
             for _, text, _, _ in malformed_test.FILES]
    write(root / "fixture", [text for text in texts if len(text) < 5000])
    write(root / "options", ["".join(f"{argument}\n" for argument in arguments).encode()
                             for arguments, _, _, _ in malformed_test.COMMAND_LINES])


if __name__ == "__main__":
    main()
