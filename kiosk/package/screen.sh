#!/bin/sh
# Shows the gate's page, full screen, on the first console, and shows it again when it has ended: systemd starts this again.
#
# The compositor is a child of this and does not take its place. What systemd starts with a session of PAM's has a child that it did
# not make (`sd-pam`, which ends after it), and a cage that finds no display waits for every child that it has: it would never end.
set -u
address=${1:-http://127.0.0.1:7381/}
for browser in chromium chromium-browser; do
    command -v "$browser" >/dev/null && break
done
# Its processes belong to the session and not to the unit: whoever stops the unit stops this, and this stops them.
shown=
trap 'kill "$shown" 2>/dev/null; wait "$shown" 2>/dev/null; exit 0' TERM INT HUP
exec 3<&0
# What was shown for a minute and fell is started again by systemd at once, with a console made new. Where there is no display, it is
# looked for less and less often, twice a minute at last: every attempt writes into the system's log, which may lie on a card that wears.
pause=1
while :; do
    began=$(date +%s)
    # Nothing of the browser is kept: it works with a read-only root as well.
    cage -d -- "$browser" --ozone-platform=wayland --kiosk --no-first-run --noerrdialogs --disable-infobars \
        --disable-session-crashed-bubble --autoplay-policy=no-user-gesture-required \
        --user-data-dir="$HOME/chromium" --app="$address" <&3 &
    shown=$!
    wait "$shown"
    if [ $(($(date +%s) - began)) -ge 60 ]; then exit 0; fi
    sleep "$pause" &
    shown=$!
    wait "$shown"
    pause=$((pause * 2))
    if [ "$pause" -gt 30 ]; then pause=30; fi
done
