#!/bin/sh
# PostgreSQL servers that fail, with a real Kafka: a standby that takes no rows until it is promoted,
# a failover to a standby that is behind, and a disk that is full for a while. Each time ingest
# waits, says what for, goes on by itself, and the rows are exactly those that were sent.
#
# Needs HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh); starts two PostgreSQL servers of its
# own. The full disk needs the right to mount a small file system, and is skipped without it.
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

a=$work/a
b=$work/b
small=$work/small
stamp=$$
mounted=0

finish() {
    end_running
    "$root/scripts/postgres" stop --private --dir "$a" 2>/dev/null || true
    "$root/scripts/postgres" stop --private --dir "$b" 2>/dev/null || true
    [ "$mounted" = 0 ] || umount "$small" || umount -l "$small" || true
    clean_up
}
trap finish EXIT

on() { # FOLDER: the server of the commands that follow
    PGHOST=$1/run
    export PGHOST
}

# --- a primary and a standby --------------------------------------------------------------------

unset PGSERVICE || true
settings=$("$root/scripts/postgres" start --private --dir "$a")
eval "$settings"
[ "$PGHOST" = "$a/run" ] || { echo "not ok - the server's folder is $PGHOST" && exit 1; }
value "CREATE DATABASE failover"
PGDATABASE=failover
export PGDATABASE
"$HINDCAST" migrate >"$work/migrate.out"
mkdir "$b"
pg_basebackup -h "$a/run" -U postgres -D "$b/data" -R -X stream -c fast --no-sync
[ "$(id -u)" != 0 ] || chown -R --reference "$a/data" "$b/data"
"$root/scripts/postgres" start --private --dir "$b" >"$work/b.settings"

# --- a standby takes no rows --------------------------------------------------------------------

early=early-$stamp
main=main-$stamp
produce "$early" 0 500
on "$b"
start_ingest "$early"
early_pid=$ingest
wait_until "ingest on a standby says that it waits" says "$early" "during recovery"
check "it writes nothing there" 0 "$(records "$early")"

# --- a failover to a standby that is behind -----------------------------------------------------

produce "$main" 0 1000
start_ingest "$main" PGHOST="$a/run,$b/run" PGTARGETSESSIONATTRS=read-write
main_pid=$ingest
on "$a"
wait_until "rows reach the primary" has_records "$main" 1000
on "$b"
wait_until "and its standby" has_records "$main" 1000
value "ALTER SYSTEM SET primary_conninfo = ''"
value "SELECT pg_reload_conf()" >/dev/null
unplugged() { [ "$(value "SELECT count(*) FROM pg_stat_wal_receiver")" = 0 ]; }
wait_until "the standby is unplugged" unplugged
produce "$main" 1000 2000
on "$a"
wait_until "the primary goes on alone" has_records "$main" 2000
"$root/scripts/postgres" stop --private --dir "$a"
on "$b"
wait_until "without a primary ingest waits" says "$main" "cannot connect"
check "the standby is behind" 1000 "$(records "$main")"
value "SELECT pg_promote()" >/dev/null
wait_until "the offset went back, and is followed" has_records "$main" 2000
produce "$main" 2000 2500
wait_until "ingest goes on" has_records "$main" 2500
stop_ingest "it stops in order" "$main_pid"
check "after a failover the rows are exactly those that were sent" 0 "$(wrong "$main" 2500)"

wait_until "the standby takes rows once it is promoted" has_records "$early" 500
stop_ingest "by the process that waited" "$early_pid"
check "none is missing, none is doubled" 0 "$(wrong "$early" 500)"

# --- a full disk --------------------------------------------------------------------------------

mkdir "$small"
mount -t tmpfs -o size=48m tmpfs "$small" 2>/dev/null && mounted=1
if [ "$mounted" = 0 ]; then
    ok "a full disk # SKIP no right to mount a file system"
    exit "$failed"
fi
mkdir "$small/space"
chown --reference "$b/data" "$small/space"
value "CREATE TABLESPACE small LOCATION '$small/space'"
value "CREATE DATABASE small TABLESPACE small"
PGDATABASE=small
"$HINDCAST" migrate >"$work/migrate.out"
disk=disk-$stamp
produce "$disk" 0 500
start_ingest "$disk"
wait_until "rows reach the small disk" has_records "$disk" 500
dd if=/dev/zero of="$small/filler" bs=64k 2>/dev/null || true
produce "$disk" 500 6000
wait_until "ingest says that the disk is full" says "$disk" "No space left on device"
check "not everything found room" 1 "$([ "$(records "$disk")" -lt 6000 ] && echo 1)"
rm "$small/filler"
wait_until "once there is room it goes on" has_records "$disk" 6000
stop_ingest "and stops in order" "$ingest"
check "after a full disk the rows are exactly those that were sent" 0 "$(wrong "$disk" 6000)"
exit "$failed"
