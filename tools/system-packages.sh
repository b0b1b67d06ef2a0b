#!/bin/sh
# Installs Debian packages that are missing, when that can be done; else says which, and goes on: tests that need them are skipped with
# the reason. Only packages that start no service are ever named here.
set -u
missing=""
for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing:$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # a list of words is meant
    apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing >/dev/null 2>&1 ||
        { apt-get -qq update >/dev/null && apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing >/dev/null; } ||
        { echo "Could not install:$missing" >&2; [ -z "${CI:-}" ] || exit 1; }
else
    echo "Not installed:$missing (not root on Debian); tests that need them are skipped." >&2
    [ -z "${CI:-}" ] || exit 1
fi
exit 0
