#!/usr/bin/env bash
# Installs the Debian packages that tests use and this machine lacks.
#
#   ops/machine.sh [NAME…]      NAME: chromium maven java postgresql fonts; without names, all of them
#
# Exits 0 when everything is there. Where it may not install (not root, no apt-get), it says what is missing and exits 1:
# the tests that need it are then skipped with a reason.
set -euo pipefail

present() {
  case "$1" in
    chromium) command -v chromium >/dev/null ;;
    maven) command -v mvn >/dev/null ;;
    java) compgen -G '/usr/lib/jvm/java-17-openjdk-*/bin/java' >/dev/null ;;
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
    fonts) [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] && [ -d /usr/share/fonts/truetype/lxgw-wenkai ] ;;
    *) echo "ops/machine.sh knows no '$1'" >&2; exit 2 ;;
  esac
}

packages_of() {
  case "$1" in
    chromium) echo chromium ;;
    maven) echo maven ;;
    java) echo openjdk-17-jre-headless ;;
    postgresql) echo postgresql ;;
    fonts) echo fonts-noto-cjk fonts-lxgw-wenkai ;;
  esac
}

names=("$@")
[ ${#names[@]} -gt 0 ] || names=(chromium maven java postgresql fonts)
missing=()
for name in "${names[@]}"; do
  present "$name" || missing+=("$name")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Missing here: ${missing[*]}. Tests that need them are skipped; an administrator can run: ops/machine.sh" >&2
  exit 1
fi

packages=()
for name in "${missing[@]}"; do
  read -ra more <<<"$(packages_of "$name")"
  packages+=("${more[@]}")
done
echo "Installing Debian packages: ${packages[*]}"
# No package may start a service here: tests start and stop their own.
guard=/usr/sbin/policy-rc.d
if [ ! -e "$guard" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$guard"
  chmod 755 "$guard"
  trap 'rm -f "$guard"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
if ! { apt-get -o DPkg::Lock::Timeout=300 update && apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1 </dev/null; then
  tail -n 20 "$log" >&2
  exit 1
fi
rm -f "$log"
