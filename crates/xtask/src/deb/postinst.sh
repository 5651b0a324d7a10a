#!/bin/sh
# Makes the program's user, and starts its service again with the new version.
set -e
if [ "$1" = configure ]; then
    systemd-sysusers @PACKAGE@.conf
    chmod 0640 /etc/default/@PACKAGE@
    # Removing it has masked them.
    for unit in @UNITS@; do
        deb-systemd-helper unmask "$unit" >/dev/null || true
    done
    if deb-systemd-helper --quiet was-enabled @PACKAGE@.service; then
        deb-systemd-helper enable @PACKAGE@.service >/dev/null || true
    fi
    # What is turned on later is known as well when it is purged.
    for unit in @UNITS@; do
        deb-systemd-helper update-state "$unit" >/dev/null || true
    done
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload || true
        deb-systemd-invoke restart @PACKAGE@.service >/dev/null || true
    fi
fi
