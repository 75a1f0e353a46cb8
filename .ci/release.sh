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

check_what_the_tree_says() {
  case $version in
    *[!0-9.]* | *.*.*.* | .* | *..* | *.) well_formed= ;;
    *.*.*) well_formed=yes ;;
    *) well_formed= ;;
  esac
  [ -n "$well_formed" ] || refuse "'$version' is no version; wanted: three numbers, as in 1.2.0"
  own=$(sed -n "s/^ *version: '\(.*\)',$/\1/p" "$root/meson.build")
  [ "$own" = "$version" ] || refuse "meson.build says version $own; put $version there, or release that"
  grep -qE "^## $(printf '%s' "$version" | sed 's/\./\\./g')( |$)" "$root/CHANGELOG.md" ||
    refuse "CHANGELOG.md has no heading '## $version'; name what is under 'Unreleased' so"
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

# Linked against the libraries of the Debian that it is built on, which must be there where it runs.
archive_program() {
  binary=$name-linux-$(uname -m)
  meson setup "$folder/build" "$root" --buildtype=release >/dev/null
  meson compile -C "$folder/build" export-emulator >/dev/null
  mkdir -p "$folder/$binary"
  install --strip "$folder/build/export-emulator" "$folder/$binary/"
  cp "$root/README.md" "$root/CHANGELOG.md" "$root/LICENSE" "$folder/$binary/"
  [ "$("$folder/$binary/export-emulator" --version)" = "export-emulator $version" ] ||
    refuse "the program says $("$folder/$binary/export-emulator" --version)"
  tar -C "$folder" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git -C "$root" log -1 --format=%ct)" \
    -cf - "$binary" | gzip -9n >"$folder/$binary.tar.gz"
  rm -rf "$folder/build" "${folder:?}/$binary"
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
