#!/usr/bin/env python3
"""The checks of ./dev release and the source archive that it makes, run in a small repository of the test."""

import hashlib
import pathlib
import shutil
import subprocess
import tarfile
import unittest

import program
from program import GUARD, ROOT, Case


class Release(Case):
    def setUp(self):
        self.tree = self.folder()
        shutil.copytree(ROOT / ".ci", self.tree / ".ci")
        self.write("meson.build", "project('x', 'cpp',\n  version: '1.2.0',\n  license: 'MIT')\n")
        self.write("CHANGELOG.md", "# Changelog\n\n## 1.2.0 (2026-01-01)\n\n- New.\n\n## 1.1.0\n")
        self.write(".gitignore", "/build*/\n")
        self.git("init", "-q")
        self.commit()

    def write(self, name, text):
        pathlib.Path(self.tree, name).write_text(text, encoding="utf-8")

    def git(self, *words):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false", *words],
                       cwd=self.tree, check=True, capture_output=True, timeout=GUARD, env=program.environment({
                           "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
                           "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}))

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-qm", "x")

    def release(self, version):
        return subprocess.run([self.tree / ".ci" / "release.sh", self.tree, version, "--archive-only"],
                              capture_output=True, text=True, timeout=GUARD, env=program.environment())

    def assert_refused(self, version, *words):
        done = self.release(version)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assert_words(words, done.stderr)
        self.assertEqual(list(self.tree.glob("build*")), [])

    def test_an_invalid_version_is_refused(self):
        for version in ("", "1.2", "v1.2.0", "1.2.0/..", "1.2.0\n", "1.02.0", "1.2.0\n1.2.0"):
            with self.subTest(version):
                self.assert_refused(version, "is not a version")

    def test_a_version_other_than_the_one_in_meson_build_is_refused(self):
        self.assert_refused("1.3.0", "meson.build has version 1.2.0")

    def test_a_version_without_a_heading_in_the_changelog_is_refused(self):
        self.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n## 1.2.01\n\n## 1x2.0\n")
        self.commit()
        self.assert_refused("1.2.0", "CHANGELOG.md has no heading '## 1.2.0'")

    def test_an_empty_section_of_the_changelog_is_refused(self):
        self.write("CHANGELOG.md", "# Changelog\n\n## 1.2.0\n\n\n## 1.1.0\n\n- Old.\n")
        self.commit()
        self.assert_refused("1.2.0", "CHANGELOG.md has no text under '## 1.2.0'")

    def test_a_tree_with_changes_is_refused(self):
        self.write("new.txt", "x")
        self.assert_refused("1.2.0", "not clean", "new.txt")

    def test_a_tagged_version_is_refused(self):
        self.git("tag", "v1.2.0")
        self.assert_refused("1.2.0", "the tag v1.2.0 exists")

    def test_the_source_archive_is_reproducible_and_has_a_checksum(self):
        contents = []
        for _ in range(2):
            done = self.release("1.2.0")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_words(["git tag", "v1.2.0", "1.2, 1"], done.stdout)
            contents.append((self.tree / "build-release-1.2.0" / "export-emulator-1.2.0.tar.gz").read_bytes())
        self.assertEqual(contents[0], contents[1])
        sums = (self.tree / "build-release-1.2.0" / "SHA256SUMS").read_text(encoding="ascii")
        self.assertEqual(sums, f"{hashlib.sha256(contents[0]).hexdigest()}  export-emulator-1.2.0.tar.gz\n")
        with tarfile.open(self.tree / "build-release-1.2.0" / "export-emulator-1.2.0.tar.gz") as archive:
            self.assertIn("export-emulator-1.2.0/meson.build", archive.getnames())


if __name__ == "__main__":
    unittest.main()
