#!/bin/sh
# Makes what a release consists of, in build-release-VERSION/: the sources, a Linux program, their checksums; and says
# what is to be done by hand. Changes nothing else.
#
#     ./dev release VERSION          (behind it: .ci/release.sh ROOT VERSION [--archive-only])
#
# Refuses, with status 2, where VERSION is not what the tree says of itself. --archive-only, for the test of this:
# without the tests and without the program.
set -eu
root=$1 version=$2 only=${3:-}
folder=$root/build-release-$version
name=export-emulator-$version

say() { echo "release: $*" >&2; }

refuse() {
  say "$@"
  exit 2
}

# What CHANGELOG.md has under the version, without empty lines.
changes() {
  awk -v heading="## $version" '
    /^## / { is_it = $0 == heading || index($0, heading " ") == 1; found = found || is_it; next }
    is_it && NF
    END { exit !found }' "$root/CHANGELOG.md"
}

check_what_the_tree_says() {
  # On one line: what follows a newline is a part of the version, too.
  printf '%s' "$version" | tr '\n' '?' | grep -qE '^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}$' ||
    refuse "'$version' is no version; wanted: three numbers, as in 1.2.0"
  own=$(sed -n "s/^ *version: '\(.*\)',$/\1/p" "$root/meson.build")
  [ "$own" = "$version" ] || refuse "meson.build says version $own; put $version there, or release that"
  changes=$(changes) || refuse "CHANGELOG.md has no heading '## $version'; name what is under 'Unreleased' so"
  [ -n "$changes" ] || refuse "CHANGELOG.md says nothing under '## $version'; tell what changed"
  changed=$(git -C "$root" status --porcelain)
  [ -z "$changed" ] || refuse "the tree is not clean; commit or take away:
$changed"
  ! git -C "$root" rev-parse -q --verify "refs/tags/v$version" >/dev/null ||
    refuse "there is a tag v$version already; a version is released once"
}

# The same bytes from the same commit, wherever: git sorts, and takes the times of the commit; gzip -n none.
archive_sources() {
  git -C "$root" archive --format=tar --prefix="$name/" HEAD | gzip -9n >"$folder/$name.tar.gz"
}

# The libraries of a program, but for the C library's: a Linux whose own is as new as this machine's needs nothing else.
libraries() { ldd "$1" | grep -o '/[^ ]*' | grep -vE '/(ld-linux.*|lib(c|m)\.so.*)$'; }

# The Debian packages whose code is in a program and beside it: those of its libraries (where /lib is /usr/lib, a package
# knows a file by one of two paths), and those that are compiled into it.
packages() {
  libraries "$1" | sed -E 's|^(/usr)?/|*/|' | xargs dpkg-query --search | sed 's/:.*//' | sort -u
  printf '%s\n' libcli11-dev libsqlitecpp-dev libvalijson-dev nlohmann-json3-dev
}

# With its libraries in lib/ beside it, and their licences.
archive_program() {
  command -v dpkg-query >/dev/null || refuse 'the program is built on Debian, whose packages tell the licences of its libraries'
  binary=$name-linux-$(uname -m)
  to=$folder/$binary
  # shellcheck disable=SC2016 # the loader's word
  meson setup "$folder/build" "$root" --unity=on --buildtype=release -Dtests=false \
    -Dcpp_link_args='-Wl,--disable-new-dtags,-rpath,$ORIGIN/lib' >/dev/null
  meson compile -C "$folder/build" export-emulator >/dev/null
  mkdir -p "$to/lib" "$to/licences"
  install --strip "$folder/build/export-emulator" "$to/"
  for library in $(libraries "$to/export-emulator"); do cp "$library" "$to/lib/"; done
  for package in $(packages "$to/export-emulator"); do cp "/usr/share/doc/$package/copyright" "$to/licences/$package"; done
  cp "$root/README.md" "$root/CHANGELOG.md" "$root/LICENSE" "$to/"
  [ "$("$to/export-emulator" --version)" = "export-emulator $version" ] ||
    refuse "the program says $("$to/export-emulator" --version)"
  tar -C "$folder" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git -C "$root" log -1 --format=%ct)" \
    -cf - "$binary" | gzip -9n >"$folder/$binary.tar.gz"
  rm -rf "$folder/build" "$to"
}

check_what_the_tree_says
if [ -z "$only" ]; then "$root/dev" test >&2 || refuse 'tests fail; nothing was made'; fi
rm -rf "$folder"
mkdir -p "$folder"
archive_sources
if [ -z "$only" ]; then archive_program; fi
(cd "$folder" && sha256sum ./*.tar.gz | sed 's|\./||' >SHA256SUMS)
cat <<EOF
In build-release-$version/:
$(cd "$folder" && cat SHA256SUMS)

By hand, in this order:
  git tag -a v$version -m v$version && git push origin v$version
  ./dev image, then to your registry: tags $version, ${version%.*}, ${version%%.*}
  a release of the tag with these files, and as its notes what CHANGELOG.md says under $version
  meson.build: the next version; CHANGELOG.md: a new heading 'Unreleased'
EOF
