# A PostgreSQL server of its own, until standard input ends. $1: the folder of its programs, $2: its superuser's password.
# Prints the folder of its socket when it is ready, and once more after each line of input, on which it falls and rises. Whatever ends whoever started this, input ends, and all of it goes.
set -eu
folder=$(mktemp -d /tmp/sanse-postgres-XXXXXX)
server=
finish() {
    if [ -n "$server" ]; then
        kill -QUIT "$server" 2>/dev/null || true
        wait "$server" || true
    fi
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
printf '%s' "$2" >"$folder/password"
# A collation that is unlike the order of bytes: no query may depend on it.
"$1/initdb" --pgdata="$folder/data" --username=office --pwfile="$folder/password" --auth=scram-sha-256 --no-sync \
    --encoding=UTF8 --locale=C --locale-provider=icu --icu-locale=zh-Hans-CN >"$folder/log" 2>&1 || {
    cat "$folder/log" >&2
    exit 1
}
start() {
    "$1/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=400 -c fsync=off \
        -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB >"$folder/log" 2>&1 &
    server=$!
    until "$1/pg_isready" --quiet --host="$folder"; do
        kill -0 "$server" || {
            cat "$folder/log" >&2
            exit 1
        }
        sleep 0.05
    done
    echo "$folder"
}
start "$1"
while read -r _; do
    kill -QUIT "$server"
    wait "$server" || true
    start "$1"
done
