#!/bin/sh
# Runs a command in a copy of this tree on Debian 13, whose glibc is new enough for the newest TFX: debian_13.sh COMMAND...
# The system is made once, by debootstrap, and stays in the user's cache with the copy's environments. Needs root.
set -eu

MIRROR=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
PACKAGES="ca-certificates chromium fonts-dejavu-core g++ git make python3-dev python3-venv"

tree=$(cd "$(dirname "$0")/.." && pwd -P)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/segpipe
system=$cache/debian-13
copy=$cache/debian-13-tree
part=$system.part
inside=/checkout/$(basename "$tree") # where the copy is seen, with the tree's neighbours beside it, to read

if [ "$(id -u)" != 0 ]; then
    echo "$0: a Debian 13 is made and entered by root alone; run it with sudo, or on a system with glibc 2.39" >&2
    exit 1
fi
mkdir -p "$copy"
exec 9> "$cache/debian-13.lock"
flock --nonblock 9 || { echo "waiting for another run in $system" >&2; flock 9; }

# Certificates, because a proxy's own may be among this machine's.
bundle=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
seen=/etc/ssl/certs/ca-certificates.crt
environment="PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 UV_LINK_MODE=copy SSL_CERT_FILE=$seen PIP_CERT=$seen
    http_proxy=${http_proxy-} https_proxy=${https_proxy-} no_proxy=${no_proxy-}"

if [ ! -d "$system" ]; then
    echo "making a Debian 13 in $system: a minute or two, once" >&2
    command -v debootstrap > /dev/null ||
        { apt-get update -qq && apt-get install -qq --no-install-recommends debootstrap; } > /dev/null
    rm -rf "$part"
    debootstrap --variant=minbase trixie "$part" "$MIRROR" > "$cache/debian-13.log" ||
        { echo "$0: debootstrap failed: see $cache/debian-13.log" >&2; exit 1; }
    # shellcheck disable=SC2086 -- words, not a string
    chroot "$part" /usr/bin/env -i $environment DEBIAN_FRONTEND=noninteractive sh -c "
        apt-get update -qq && apt-get install -qq --no-install-recommends $PACKAGES && apt-get clean" > "$cache/debian-13.log" 2>&1 ||
        { echo "$0: apt-get failed: see $cache/debian-13.log" >&2; exit 1; }
    mv "$part" "$system"
fi

# What git would commit, and nothing that an earlier run left.
find "$copy" -mindepth 1 -maxdepth 1 ! -name .venv ! -name .uv ! -name .mlflow ! -name .kfp -exec rm -rf {} +
cd "$tree"
git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2> /dev/null | tar -cf - -T - | tar -xf - -C "$copy"

cp -L /etc/resolv.conf /etc/hosts "$system/etc/"
mkdir -p "$system/checkout" "$system/real-data"
if [ -n "${SEGPIPE_REAL_DATA-}" ]; then
    environment="$environment SEGPIPE_REAL_DATA=/real-data"
fi
export tree system copy inside bundle seen environment
# Mounts and processes of its own: both are gone when the command has ended, or has been ended.
exec unshare --mount --pid --fork --kill-child sh -euc '
    mount -t proc proc "$system/proc"
    mount --rbind /dev "$system/dev"
    mount -t tmpfs tmpfs "$system/checkout"
    for folder in "$(dirname "$tree")"/*/; do
        [ -d "$folder" ] || continue
        place=$system/checkout/$(basename "$folder")
        mkdir "$place"
        mount --rbind "$folder" "$place" # where a link leads, too
        mount -o remount,bind,ro "$place"
    done
    mount --bind "$copy" "$system$inside"
    [ -z "${SEGPIPE_REAL_DATA-}" ] || mount --rbind "$SEGPIPE_REAL_DATA" "$system/real-data"
    [ ! -e "$bundle" ] || mount --bind "$bundle" "$system$seen"
    exec chroot "$system" /usr/bin/env -i $environment sh -euc "cd \"\$0\" && exec \"\$@\"" "$inside" "$@"
' "$0" "$@"
