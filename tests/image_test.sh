#!/bin/sh
# Builds the image `export-emulator` with the first usable container engine and runs image_test.py on it. Takes no
# arguments.
#
# An engine is usable if it responds and has, or can pull, the base image. If there is none, an optional script beside
# the repository builds the image: ../shared/image-try, which makes the base image from this machine's Debian packages.
# Exits with 77 if no image can be built and run.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
image_try=$root/../shared/image-try
image=export-emulator

say() { echo "image: $*" >&2; }

skip() {
  echo "SKIPPED: $*. The image was NOT built and NOT run."
  exit 77
}

# No revision if the tree has uncommitted changes.
version=$(sed -n "s/^ *version: '\(.*\)',$/\1/p" "$root/meson.build")
revision=
if [ -z "$(git -C "$root" status --porcelain 2>&1)" ]; then revision=$(git -C "$root" rev-parse HEAD); fi

has_base() {
  base=$(sed -n 's/^FROM \(debian:[^ ]*\) AS .*/\1/p' "$root/Dockerfile")
  "$1" inspect --type image "$base" >/dev/null 2>&1 || timeout 120 "$1" pull "$base" >/dev/null 2>&1
}

# Prints the first usable engine.
find_builder() {
  for engine in docker podman buildah; do
    if command -v "$engine" >/dev/null && "$engine" info >/dev/null 2>&1 && has_base "$engine"; then
      echo "$engine"
      return
    fi
  done
  [ ! -x "$image_try" ] || echo image-try
}

# Format docker: the OCI format has no HEALTHCHECK.
build_with() {
  say "building with $1"
  builder=$1
  set -- -t "$image" --label "org.opencontainers.image.version=$version" \
    --label "org.opencontainers.image.revision=$revision"
  case $builder in
    docker) docker build "$@" "$root" ;;
    podman) podman build --format docker "$@" "$root" ;;
    buildah) buildah bud --layers --format docker "$@" "$root" ;;
    image-try) build_with_image_try "$@" ;;
  esac >&2
}

# The script builds the image, runs checks of its own and writes the image to a file; it does not set labels.
build_with_image_try() {
  mkdir -p "$root/build-image"
  file=$root/build-image/image.tar status=0
  "$image_try" -u /_emulator/readyz -o "$file" "$root" || status=$?
  [ "$status" -ne 2 ] || return 77
  [ "$status" -eq 0 ] || return 1
  loaded=$(podman load -q -i "$file" | sed -n 's/^Loaded image: *//p') && rm "$file" &&
    printf 'FROM %s\n' "$loaded" | podman build -q --pull=never --format docker "$@" -f - "$root/build-image" &&
    podman untag "$loaded" "$loaded" # with one argument, untag removes every name
}

[ "$(id -u)" -eq 0 ] || skip 'checking a container needs root'
for tool in curl nsenter python3; do
  command -v "$tool" >/dev/null || skip "$tool is not installed"
done
builder=$(find_builder)
[ -n "$builder" ] || skip 'no docker, podman or buildah responds and has or can pull the base image'
status=0
build_with "$builder" || status=$?
[ "$status" -ne 77 ] || skip 'the base image can be neither pulled nor made'
[ "$status" -eq 0 ] || exit 1

# podman and buildah share their image store.
case $builder in docker) set -- docker ;; *) set -- podman ;; esac
command -v "$1" >/dev/null || skip 'buildah built the image, but cannot run it, and podman is not installed'
# Without systemd, podman must manage control groups itself; crun then requires version 2 of all of them.
if [ "$1" = podman ] && [ ! -d /run/systemd/system ]; then
  set -- podman --cgroup-manager=cgroupfs
  if command -v runc >/dev/null; then set -- "$@" --runtime="$(command -v runc)"; fi
fi
PYTHONDONTWRITEBYTECODE=1 exec python3 "$root/tests/image_test.py" "$image" "$version" "$revision" "$@"
