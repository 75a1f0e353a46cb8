#!/bin/sh
# Builds the image by what works here, leaves it in that engine's store as `export-emulator`, and has
# image_test.py look into it. Takes no arguments.
#
# An engine works when it answers and has, or can pull, the base image. Where none does, a script beside the
# repository may build one: ../shared/image-try, which makes the base of this machine's own Debian packages.
# Exits 77 where nothing here can build an image and run it.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
image_try=$root/../shared/image-try
image=export-emulator

say() { echo "image: $*" >&2; }

skip() {
  echo "SKIPPED, because $*. The image was NOT built and NOT run."
  exit 77
}

# What is true of the tree: no revision where something is not committed.
version=$(sed -n "s/^ *version: '\(.*\)',$/\1/p" "$root/meson.build")
revision=
if [ -z "$(git -C "$root" status --porcelain 2>&1)" ]; then revision=$(git -C "$root" rev-parse HEAD); fi

has_base() {
  base=$(sed -n 's/^FROM \(debian:[^ ]*\) AS .*/\1/p' "$root/Dockerfile")
  "$1" inspect --type image "$base" >/dev/null 2>&1 || timeout 120 "$1" pull "$base" >/dev/null 2>&1
}

# The first whose daemon, if it has one, answers, and that has a base to build on.
find_builder() {
  for engine in docker podman buildah; do
    if command -v "$engine" >/dev/null && "$engine" info >/dev/null 2>&1 && has_base "$engine"; then
      echo "$engine"
      return
    fi
  done
  [ ! -x "$image_try" ] || echo image-try
}

# The OCI format has no place for a HEALTHCHECK.
build_by() {
  say "building by $1"
  set -- "$1" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" -t "$image" "$root"
  builder=$1 && shift
  case $builder in
    docker) docker build "$@" ;;
    podman) podman build --format docker "$@" ;;
    buildah) buildah bud --format docker "$@" ;;
    image-try) build_by_image_try ;;
  esac >&2
}

# It builds, runs checks of its own, and hands the image over as a file.
build_by_image_try() {
  mkdir -p "$root/build-image"
  file=$root/build-image/image.tar status=0
  "$image_try" -u /_emulator/readyz -a "VERSION=$version" -a "REVISION=$revision" -o "$file" "$root" || status=$?
  [ "$status" -ne 2 ] || return 77
  [ "$status" -eq 0 ] || return 1
  loaded=$(podman load -q -i "$file" | sed -n 's/^Loaded image: *//p')
  podman tag "$loaded" "$image"
  podman untag "$loaded"
  rm "$file"
}

[ "$(id -u)" -eq 0 ] || skip 'only root may look into a container'
for tool in curl nsenter python3; do
  command -v "$tool" >/dev/null || skip "there is no $tool here"
done
builder=$(find_builder)
[ -n "$builder" ] || skip 'no docker, podman or buildah here answers and can pull the base image'
status=0
build_by "$builder" || status=$?
[ "$status" -ne 77 ] || skip 'the base image can neither be pulled nor made here'
[ "$status" -eq 0 ] || exit 1

# What podman built, buildah and podman share.
case $builder in docker) set -- docker ;; *) set -- podman ;; esac
command -v "$1" >/dev/null || skip 'buildah built the image, but runs none'
# Without systemd nobody else keeps the control groups; and crun wants them all to be of the second kind.
if [ "$1" = podman ] && [ ! -d /run/systemd/system ]; then
  set -- podman --cgroup-manager=cgroupfs
  if command -v runc >/dev/null; then set -- "$@" --runtime="$(command -v runc)"; fi
fi
PYTHONDONTWRITEBYTECODE=1 exec python3 "$root/tests/image_test.py" "$image" "$version" "$revision" "$@"
