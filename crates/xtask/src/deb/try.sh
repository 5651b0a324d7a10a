#!/bin/sh
# Installs both packages in a copy of this machine, starts what they bring, removes and purges them. What is written lies in memory, below
# the folder given first, and is gone when this ends: it runs in a mount namespace of its own.
set -eu
place=$1
shift
mount -t tmpfs -o mode=0755 tmpfs "$place"
mkdir "$place/upper" "$place/work" "$place/root"
mount -t overlay -o "lowerdir=/,upperdir=$place/upper,workdir=$place/work" overlay "$place/root"
mount -t proc proc "$place/root/proc"
mount --rbind /dev "$place/root/dev"
# Without packages: whether there can be such a copy, with what is installed in it.
[ -s "$place/root/var/lib/dpkg/status" ]
[ $# -gt 0 ] || exit 0
mkdir -p "$place/root/tried"
cp "$@" "$place/root/tried/"
cat > "$place/root/tried/inside.sh" <<'INSIDE'
set -eu
fail() { echo "the packages: $*" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive

# As systemd would: the user, the settings and the command of the unit. Until it says where it listens; then it is asked to end.
start() {
    package=$1 said=/tried/$1.said
    unit=/usr/lib/systemd/system/$package.service
    install -d -o "$package" -m 0700 "/var/lib/$package"
    set -a
    . "/etc/default/$package"
    eval "$(sed -n 's/^Environment=//p' "$unit")"
    set +a
    : > "$said"
    setpriv --reuid "$package" --regid "$package" --init-groups $(sed -n 's/^ExecStart=//p' "$unit") > "$said" 2>&1 &
    pid=$!
    tries=0
    until grep -q 'http://127\.77\.' "$said"; do
        kill -0 "$pid" 2>/dev/null || fail "$package has ended: $(cat "$said")"
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || fail "$package says nothing: $(cat "$said")"
        sleep 0.1
    done
    kill -TERM "$pid"
    wait "$pid" || fail "$package ended with $?: $(cat "$said")"
}

dpkg --install /tried/*.deb
# The same again, as an update does.
dpkg --install /tried/*.deb
for package in sanse-issuer sanse-kiosk; do
    [ "$(stat -c %a "/etc/default/$package")" = 640 ] || fail "who may read /etc/default/$package?"
    [ -L "/etc/systemd/system/multi-user.target.wants/$package.service" ] || fail "$package does not start by itself"
done
echo SANSE_ISSUER_LISTEN=127.77.38.0:17380 >> /etc/default/sanse-issuer
echo SANSE_KIOSK_LISTEN=127.77.38.1:17381 >> /etc/default/sanse-kiosk
start sanse-issuer
start sanse-kiosk
[ -s /var/lib/sanse-issuer/office.sqlite ] || fail "the office has no registry"

dpkg --remove sanse-issuer sanse-kiosk
for gone in /usr/bin/issuer /usr/bin/kiosk; do
    [ ! -e "$gone" ] || fail "$gone stays when the package is removed"
done
# Back again: nothing of the removal is left, and the screen may be turned on.
dpkg --install /tried/*.deb
systemctl --quiet enable sanse-kiosk-screen.service
masked=$(find /etc/systemd/system -name 'sanse-*' -lname /dev/null)
[ -z "$masked" ] || fail "this stays masked when it is installed again: $masked"
dpkg --remove sanse-issuer sanse-kiosk
[ -e /etc/default/sanse-issuer ] || fail "settings are gone when the package is removed"
dpkg --purge sanse-issuer sanse-kiosk
left=$(find /etc /usr/lib/systemd /usr/lib/sysusers.d /var/lib/systemd -name '*sanse-*' -not -path '/etc/passwd*')
[ -z "$left" ] || fail "this stays when they are purged: $left"
for kept in /var/lib/sanse-issuer /var/lib/sanse-kiosk; do
    [ -d "$kept" ] || fail "$kept is nobody's to delete"
done
INSIDE
chroot "$place/root" sh /tried/inside.sh
