#!/bin/sh
# Makes the files of a release in build-release-VERSION/: the sources, a Linux program and their checksums. Prints the
# manual steps that follow. Changes nothing else.
#
#     ./dev release VERSION          (calls .ci/release.sh ROOT VERSION [--archive-only])
#
# Ends with status 2 if VERSION does not match the tree. --archive-only omits the tests and the program; release_test.py
# uses it.
set -eu
root=$1 version=$2 only=${3:-}
folder=$root/build-release-$version
name=export-emulator-$version

say() { echo "release: $*" >&2; }

refuse() {
  say "$@"
  exit 2
}

# Prints the section of the version in CHANGELOG.md, without empty lines.
changes() {
  awk -v heading="## $version" '
    /^## / { is_it = $0 == heading || index($0, heading " ") == 1; found = found || is_it; next }
    is_it && NF
    END { exit !found }' "$root/CHANGELOG.md"
}

check_tree() {
  # Join lines first: grep would accept a version with a newline in it.
  printf '%s' "$version" | tr '\n' '?' | grep -qE '^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}$' ||
    refuse "'$version' is not a version. Use three numbers, such as 1.2.0"
  own=$(sed -n "s/^ *version: '\(.*\)',$/\1/p" "$root/meson.build")
  [ "$own" = "$version" ] || refuse "meson.build has version $own. Change it to $version, or release $own"
  changes=$(changes) || refuse "CHANGELOG.md has no heading '## $version'. Rename the heading 'Unreleased'"
  [ -n "$changes" ] || refuse "CHANGELOG.md has no text under '## $version'. Describe the changes"
  changed=$(git -C "$root" status --porcelain)
  [ -z "$changed" ] || refuse "the tree is not clean. Commit or remove:
$changed"
  ! git -C "$root" rev-parse -q --verify "refs/tags/v$version" >/dev/null ||
    refuse "the tag v$version exists. Choose a new version"
}

# Reproducible: git sorts the files and uses the time of the commit; gzip -n stores no time.
archive_sources() {
  git -C "$root" archive --format=tar --prefix="$name/" HEAD | gzip -9n >"$folder/$name.tar.gz"
}

# Prints the shared libraries of a program except the C library: the target needs a C library at least as new as ours.
libraries() { ldd "$1" | grep -o '/[^ ]*' | grep -vE '/(ld-linux.*|lib(c|m)\.so.*)$'; }

# Prints the Debian packages whose code is in the program or its libraries, including header-only ones. If /lib is
# /usr/lib, a package lists a file under one of two paths.
packages() {
  libraries "$1" | sed -E 's|^(/usr)?/|*/|' | xargs dpkg-query --search | sed 's/:.*//' | sort -u
  printf '%s\n' libsqlitecpp-dev libvalijson-dev nlohmann-json3-dev
}

# Archives the program with its libraries in lib/ and their licences.
archive_program() {
  command -v dpkg-query >/dev/null ||
    refuse 'build the program on Debian: the licences of its libraries come from packages'
  binary=$name-linux-$(uname -m)
  to=$folder/$binary
  # shellcheck disable=SC2016 # a variable of the dynamic loader
  meson setup "$folder/build" "$root" --unity=on --buildtype=release -Dtests=false \
    -Dcpp_link_args='-Wl,--disable-new-dtags,-rpath,$ORIGIN/lib' >/dev/null
  meson compile -C "$folder/build" export-emulator >/dev/null
  mkdir -p "$to/lib" "$to/licences"
  install --strip "$folder/build/export-emulator" "$to/"
  for library in $(libraries "$to/export-emulator"); do cp "$library" "$to/lib/"; done
  for package in $(packages "$to/export-emulator"); do
    cp "/usr/share/doc/$package/copyright" "$to/licences/$package"
  done
  "$to/export-emulator" man >"$to/export-emulator.1"
  cp -R "$root/README.md" "$root/ARCHITECTURE.md" "$root/CONTRIBUTING.md" "$root/CHANGELOG.md" "$root/LICENSE" "$root/docs" "$to/"
  [ "$("$to/export-emulator" --version)" = "export-emulator $version" ] ||
    refuse "the program prints $("$to/export-emulator" --version)"
  tar -C "$folder" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git -C "$root" log -1 --format=%ct)" \
    -cf - "$binary" | gzip -9n >"$folder/$binary.tar.gz"
  rm -rf "$folder/build" "$to"
}

check_tree
if [ -z "$only" ]; then "$root/dev" test >&2 || refuse 'the tests failed. No files were made'; fi
rm -rf "$folder"
mkdir -p "$folder"
archive_sources
if [ -z "$only" ]; then archive_program; fi
(cd "$folder" && sha256sum ./*.tar.gz | sed 's|\./||' >SHA256SUMS)
cat <<EOF
In build-release-$version/:
$(cd "$folder" && cat SHA256SUMS)

Then, by hand and in this order:
  git tag -a v$version -m v$version && git push origin v$version
  ./dev image, then push it to your registry with the tags $version, ${version%.*}, ${version%%.*}
  make a release of the tag with these files; its notes: the section $version of CHANGELOG.md
  meson.build: set the next version; CHANGELOG.md: add a heading 'Unreleased'
EOF
