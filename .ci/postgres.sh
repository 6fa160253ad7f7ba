#!/bin/sh
# A private Postgres for tests: `postgres.sh start DIR` makes a cluster in DIR, starts it on a free port of the
# loopback and prints its URL; `postgres.sh stop DIR` stops it and removes DIR. Never touches a cluster of the machine.
set -eu

usage() {
    echo "usage: $0 start|stop DIR" >&2
    exit 2
}

[ $# -eq 2 ] || usage
directory=$2

find_binaries() {
    for binaries in /usr/lib/postgresql/*/bin; do
        [ -x "$binaries/initdb" ] && echo "$binaries" && return
    done
    command -v initdb >/dev/null && dirname "$(command -v initdb)"
}

# Postgres refuses to run as root.
as_owner() {
    if [ "$(id -u)" -eq 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

install_postgres() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "Install Postgres first (Debian's package is called postgresql)." >&2
        exit 1
    fi
    {
        apt-get update -q
        DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends postgresql
    } >&2
}

start() {
    binaries=$(find_binaries) || { install_postgres; binaries=$(find_binaries); }
    mkdir -p "$directory"
    [ "$(id -u)" -ne 0 ] || chown postgres "$directory"
    cd "$directory" # a directory that postgres may read, unlike root's
    as_owner "$binaries/initdb" -D "$directory/data" -U vykup -A trust -E UTF8 --locale=C >&2
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    # Its data are thrown away: it need not survive a power cut.
    as_owner "$binaries/pg_ctl" -D "$directory/data" -l "$directory/log" -w \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$directory -c fsync=off -c max_connections=200" \
        start >&2
    echo "postgresql://vykup@127.0.0.1:$port/postgres"
}

stop() {
    binaries=$(find_binaries)
    cd "$directory"
    as_owner "$binaries/pg_ctl" -D "$directory/data" -m immediate -w stop >&2 || true
    cd /
    rm -rf "$directory"
}

case $1 in
    start) start ;;
    stop) stop ;;
    *) usage ;;
esac
