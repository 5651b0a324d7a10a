#!/bin/sh
# The journal and the registry are nobody's to delete by the way: the folder in /var/lib stays even when all else is purged.
set -e
if [ "$1" = purge ]; then
    for unit in @UNITS@; do
        deb-systemd-helper purge "$unit" >/dev/null || true
        deb-systemd-helper unmask "$unit" >/dev/null || true
    done
    if [ -d /var/lib/@PACKAGE@ ]; then
        echo "@PACKAGE@: /var/lib/@PACKAGE@ holds personal data and stays; delete it yourself when it is no longer needed." >&2
    fi
fi
if [ "$1" = remove ]; then
    for unit in @UNITS@; do
        deb-systemd-helper mask "$unit" >/dev/null || true
    done
fi
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload || true
fi
