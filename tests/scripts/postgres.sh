#!/bin/sh
# scripts/postgres: its whole life, in places and with accidents that users have.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
script=$root/scripts/postgres
unset PGHOST PGPORT PGUSER PGDATABASE PGSERVICE PGHOSTADDR PGPASSWORD PGOPTIONS
work=$(mktemp -d)
# Long enough that no socket could live below it, with a space and a quote to trip over.
dir="$work/a folder whose name's length alone is more than a unix socket's path may have in all/x/pg"
mkdir -p "${dir%/*}"
trap '"$script" stop --dir "$dir" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
check() # NAME COMMAND...
{
    name=$1
    shift
    if "$@"; then echo "ok - $name"; else echo "not ok - $name"; fi
}
ask() # QUERY ANSWER
{
    [ "$(psql -XAtqc "$1" 2>&1)" = "$2" ]
}
exits() # STATUS COMMAND...
{
    want=$1
    shift
    got=0
    "$@" >"$work/out" 2>"$work/err" || got=$?
    [ "$got" = "$want" ]
}

check "status of a server that never was: exit 3" exits 3 "$script" status --dir "$dir"
settings=$("$script" start --dir "$dir")
(
    eval "$settings"
    check "the printed settings reach it as the superuser" ask 'select current_user' postgres
    check "encoding, locale, time zone" \
        ask "select current_setting('server_encoding') || datcollate || current_setting('timezone')
            from pg_database where datname = 'postgres'" UTF8CUTC
    check "no TCP port" ask "select current_setting('listen_addresses')" ''
    check "the socket's folder is private" [ "$(stat -c %a "$PGHOST")" = 700 ]
    psql -Xqc 'create table kept (n int); checkpoint'
    check "start again prints the same, with PGHOST set by it" \
        [ "$("$script" start --dir "$dir")" = "$settings" ]
)
check "status prints the settings" [ "$("$script" status --dir "$dir")" = "$settings" ]

eval "$settings"
data=$(psql -XAtqc 'show data_directory')
pid=$(sed -n 1p "$data/postmaster.pid")
kill -KILL "$pid"
while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done # until it is gone
unset PGHOST PGPORT PGUSER PGDATABASE
check "status after kill -9: exit 3" exits 3 "$script" status --dir "$dir"
# The number in the stale pid file now belongs to a living process that is not PostgreSQL.
sed -i "1s/.*/$$/" "$data/postmaster.pid"
eval "$("$script" start --dir "$dir")"
check "starts after kill -9 with a pid file that names another process" ask 'table kept' ''
check "stop --keep keeps the data" exits 0 "$script" stop --keep --dir "$dir"
eval "$("$script" start --durable --dir "$dir")"
check "and start finds it, now durable" ask "select current_setting('fsync') from (table kept union all select 1) x" on
"$script" stop --keep --dir "$dir"
number=$(($(od -An -N2 -tu2 /dev/urandom) % 12000 + 20000))
echo 'local all all trust
host all all 127.0.0.1/32 trust' >"$work/hba"
eval "$("$script" start --dir "$dir" --port "$number" --set work_mem=5MB --file "pg_hba.conf=$work/hba")"
check "--port listens on loopback, and is printed" \
    ask "select current_setting('listen_addresses') || ' ' || current_setting('port')" "127.0.0.1 $PGPORT"
check "the port is the wanted one" [ "$PGPORT" = "$number" ]
check "it answers there" env PGHOST=127.0.0.1 psql -XAtqc 'set x.y = 1'
check "--set wins over ours" ask 'show work_mem' 5MB
check "--file is copied, readable by the server only" \
    ask "select count(*), pg_read_file('pg_hba.conf') like 'local%' from pg_hba_file_rules" '2|t'
check "status prints the port" sh -c "\"\$1\" status --dir \"\$2\" | grep -qx 'export PGPORT=$number'" sh "$script" "$dir"
check "--port without a number: exit 2" exits 2 "$script" start --port x
check "--file without a path: exit 2" exits 2 "$script" start --file x
check "stop, with its own PGHOST set" exits 0 "$script" stop --dir "$dir"
check "leaves nothing behind" [ ! -e "$dir" ]
check "not even in the folder of the socket" [ ! -e "$PGHOST" ]
check "stop of a stopped server: exit 0" exits 0 "$script" stop --private --dir "$dir"

PGHOST=/nowhere
export PGHOST
check "PGHOST names an existing server: nothing is started" exits 0 "$script" start --dir "$dir"
check "it is printed" grep -qx "export PGHOST='/nowhere'" "$work/out"
check "and nothing is made" [ ! -e "$dir" ]
check "--private ignores it: status exits 3" exits 3 "$script" status --private --dir "$dir"
check "from standard input, as the program runs it" \
    exits 0 sh -s -- start --private --dir "$dir" <"$script"
check "an unknown argument: exit 2" exits 2 "$script" start --frob

mkdir "$work/bin"
for tool in sh id sed cat dirname readlink mkdir; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
no_programs() # only where this machine has none in the usual folders either
{
    sed 's|/usr/lib/postgresql/\*/bin|/nowhere|' "$script" >"$work/blind"
    exits 1 env PATH="$work/bin" sh "$work/blind" start --private --dir "$work/none" &&
        grep -q 'apt-get install postgresql' "$work/err"
}
check "without PostgreSQL it says what to install" no_programs
