#!/bin/sh
# Builds and tests this tree with the compiler and the libraries of a newer Debian.
#
#     tests/newer_debian.sh [SUITE]     (trixie, which is Debian 13)
#
# Makes a chroot of the suite in build-SUITE/ from the archive that this machine's apt uses, and runs ./dev test in it.
# Reuses an existing chroot. Needs root, about 3 GB and, the first time, a quarter of an hour. CI does not run it.
set -eu
suite=${1:-trixie}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
debian=$root/build-$suite

say() { echo "newer_debian: $*" >&2; }

die() {
  say "$@"
  exit 2
}

[ "$(id -u)" -eq 0 ] || die 'root is required to make and enter a chroot'
command -v apt-get >/dev/null || die 'apt-get not found; it gives the address of the Debian archive'
command -v mmdebstrap >/dev/null ||
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends mmdebstrap >/dev/null ||
  die 'cannot install mmdebstrap'

# Prints this machine's Debian sources with the other suite.
sources() {
  here=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  # shellcheck disable=SC2016 # variables of apt
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' 'Created-By: Packages' |
    awk -v here="$here" -v suite="$suite" \
      '$3 == "main" && $4 == "Debian" && sub("^" here, suite, $2) { print "deb", $1, $2, "main" }' | sort -u
}

if [ ! -e "$debian/made" ]; then
  say "making $suite in $debian"
  rm -rf "$debian"
  mkdir -p "$debian"
  sources | mmdebstrap --mode=root --variant=minbase --dpkgopt=force-unsafe-io "$suite" "$debian/root" - \
    >"$debian/log" 2>&1 || { tail -n 20 "$debian/log" >&2 && die "mmdebstrap failed: $debian/log"; }
  touch "$debian/made"
fi

# Copies the files of this tree, committed or not, over the last copy: unchanged files are not compiled again.
mkdir -p "$debian/root/src"
git -C "$root" ls-files -z --cached --others --exclude-standard |
  tar -C "$root" --null --files-from=- -cf - | tar -C "$debian/root/src" -xf -
cp /etc/hosts /etc/resolv.conf "$debian/root/etc/"

# The mounts disappear when the command ends.
# shellcheck disable=SC2016 # expanded by the inner shell
exec unshare --mount --fork sh -euc '
  mount --rbind /dev "$1/dev"
  mount -t proc proc "$1/proc"
  exec chroot "$1" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    sh -euc "cd /src && apt-get -qq update && ./dev test &&
      dpkg-query -W g++ libcpp-httplib-dev nlohmann-json3-dev libssl-dev libsqlite3-dev"
' sh "$debian/root"
