#!/bin/sh
# Exchanges what a stick carries, if an office has signed it: mounted so that nothing on it is run or honoured, and only for this.
set -eu
at=/run/sanse-kiosk-stick
mkdir -p "$at"
# File systems without owners belong to the program's user; others are what they are.
mount -o nodev,nosuid,noexec,uid=sanse-kiosk,gid=sanse-kiosk,umask=0077 "$1" "$at" 2>/dev/null ||
    mount -o nodev,nosuid,noexec "$1" "$at"
trap 'umount "$at"' EXIT
# Somebody's own stick: nothing else on it is looked at.
[ -f "$at/sanse-gate/stick" ] || exit 0
runuser -u sanse-kiosk -- env SANSE_KIOSK_DATA=/var/lib/sanse-kiosk kiosk stick "$at"
