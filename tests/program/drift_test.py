"""`export-emulator drift`: its exit codes, and the vendor's page if a copy is beside this tree."""

import json
import sys
import unittest

from program import ROOT, Case, run

OPERATION = "get-export-connection"
VENDOR_PAGE = ROOT.parent / "shared" / "page" / f"{OPERATION}.txt"


def saved_page():
    """As in tests/support/saved_page.h: a page in our own words with the golden files as its examples."""
    text = (ROOT / "tests" / "pages" / f"{OPERATION}.txt").read_text(encoding="utf-8")
    for status in (200, 401, 403, 404, 429):
        golden = json.loads((ROOT / "tests" / "golden" / OPERATION / f"{status}.json").read_text(encoding="utf-8"))
        text = text.replace(f"@{status}@", json.dumps(golden, indent=4))
    return text


class Drift(Case):

    def drift(self, text):
        page = self.folder() / "page.txt"
        page.write_text(text, encoding="utf-8")
        return run("drift", page)

    def test_exit_0_if_the_page_agrees(self):
        done = self.drift(saved_page())
        self.assertEqual((done.code, done.out, done.err), (0, "no difference\n", ""))

    def test_exit_1_and_a_line_for_each_difference(self):
        done = self.drift(saved_page().replace("export:read.", "itwin-platform."))
        self.assertEqual((done.code, done.err), (1, ""))
        self.assertEqual(done.out, 'scope: the page asks for "itwin-platform" alone; the emulator by default also takes '
                                   '"export:read"\n')

    def test_the_page_may_be_standard_input(self):
        self.assertEqual(run("drift", "-", stdin=saved_page().encode()).code, 0)

    def test_exit_2_and_a_message_if_the_file_is_not_a_page(self):
        for text in ("", "Hello", "GET https://api.bentley.com/export/connections\n", "\x00\xff", "json\n{"):
            with self.subTest(text):
                done = self.drift(text)
                self.assertEqual((done.code, done.out), (2, ""))
                self.assert_words(["export-emulator: PAGE:", "page.txt"], done.err)
        for arguments in ([], ["/no/such/page.txt"]):
            self.assertEqual(run("drift", *arguments).code, 2, arguments)

    def test_the_vendors_page_gives_no_difference(self):
        if not VENDOR_PAGE.exists():
            reason = "no copy of the vendor's page is beside this tree, so it was NOT compared"
            print(f"SKIPPED: {reason}", file=sys.stderr)
            self.skipTest(reason)
        done = run("drift", VENDOR_PAGE)
        self.assertEqual((done.code, done.out), (0, "no difference\n"))


if __name__ == "__main__":
    unittest.main()
