#!/bin/sh
# Makes the program's user, and starts its service again with the new version.
set -e
if [ "$1" = configure ]; then
    systemd-sysusers @PACKAGE@.conf
    chmod 0640 /etc/default/@PACKAGE@
    deb-systemd-helper unmask @PACKAGE@.service >/dev/null || true
    if deb-systemd-helper --quiet was-enabled @PACKAGE@.service; then
        deb-systemd-helper enable @PACKAGE@.service >/dev/null || true
    fi
    deb-systemd-helper update-state @PACKAGE@.service >/dev/null || true
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload || true
        deb-systemd-invoke restart @PACKAGE@.service >/dev/null || true
    fi
fi
