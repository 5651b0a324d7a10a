#!/bin/sh
# Exchanges what a stick carries, if an office has signed it: mounted so that nothing on it is run or honoured, and only for this.
set -eu
at=/run/sanse-issuer-stick
mkdir -p "$at"
# One after the other: a machine may be office and gate, and a stick that was formatted whole may show up as a disk and as a partition of it.
exec 9>/run/lock/sanse-gate-stick
flock 9
# Of the file systems that sticks are sold with; no other of the kernel's reads what a stranger has made.
mount -t vfat,exfat -o nodev,nosuid,noexec,uid=sanse-issuer,gid=sanse-issuer,umask=0077 "$1" "$at"
trap 'umount "$at"' EXIT
# Somebody's own stick: nothing else on it is looked at.
[ -f "$at/sanse-gate/stick" ] || exit 0
runuser -u sanse-issuer -- env SANSE_ISSUER_DATA=/var/lib/sanse-issuer issuer stick visit "$at" 9>&-
