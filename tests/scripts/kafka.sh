#!/bin/sh
# scripts/kafka: start, use, a killed broker, and a pid that is somebody else's.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
script=$root/scripts/kafka
unset HINDCAST_KAFKA
work=$(mktemp -d)
dir="$work/a broker"
trap '"$script" stop --dir "$dir" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
check() # NAME COMMAND...
{
    name=$1
    shift
    if "$@"; then echo "ok - $name"; else echo "not ok - $name"; fi
}
exits() # STATUS COMMAND...
{
    want=$1
    shift
    got=0
    "$@" >"$work/out" 2>"$work/err" || got=$?
    [ "$got" = "$want" ]
}

check "status of a broker that never was: exit 3" exits 3 "$script" status --dir "$dir"
check "a listener without protocol: exit 2" exits 2 "$script" start --listener EXTRA
check "a user without password: exit 2" exits 2 "$script" start --user somebody
both=$("$script" start --dir "$dir" --set num.partitions=3 --listener EXTRA=PLAINTEXT --user me:word)
settings=$(echo "$both" | sed 1q)
check "start prints a loopback address" expr "$settings" : 'HINDCAST_KAFKA=127\.0\.0\.1:[0-9]*$' >/dev/null
check "and that of the extra listener" expr "$both" : '.*LISTENER_EXTRA=127\.0\.0\.1:[0-9]*$' >/dev/null
check "start again prints the same" [ "$("$script" start --dir "$dir")" = "$both" ]
check "status prints the same" [ "$("$script" status --dir "$dir")" = "$both" ]
port=$(printf '%04X' "${both##*:}")
check "something listens there" grep -q "0100007F:$port" /proc/net/tcp /proc/net/tcp6
check "--set comes last in the settings" [ "$(tail -n 1 "$dir/server.properties")" = num.partitions=3 ]
check "it listens on loopback only" [ -z "$(sed -n 's/^listeners=//p' "$dir/server.properties" |
    tr , '\n' | grep -v '//127\.0\.0\.1:')" ]

pid=$(cat "$dir/pid")
kill -KILL "$pid"
while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
check "status after kill -9: exit 3" exits 3 "$script" status --dir "$dir"

echo $$ >"$dir/pid"
check "a pid file that names another process: exit 3" exits 3 "$script" status --dir "$dir"
check "stop leaves that process alone" exits 0 "$script" stop --keep --dir "$dir"
check "stop --keep keeps the data" [ -f "$dir/data/meta.properties" ]
check "it comes back on the same port" [ "$("$script" start --dir "$dir")" = "$settings" ]
check "stop" exits 0 "$script" stop --dir "$dir"
check "leaves nothing behind" [ ! -e "$dir" ]

HINDCAST_KAFKA=elsewhere:9092
export HINDCAST_KAFKA
check "HINDCAST_KAFKA names a broker: nothing is started" exits 0 "$script" start --dir "$dir"
check "it is printed" grep -qx 'HINDCAST_KAFKA=elsewhere:9092' "$work/out"
check "and nothing is made" [ ! -e "$dir" ]
check "an unknown argument: exit 2" exits 2 "$script" start --frob

cache=$work/cache/hindcast/kafka-4.1.1
mkdir -p "$cache"
echo forged >"$cache/kafka-clients-4.1.1.jar"
unset HINDCAST_KAFKA
forged()
{
    exits 1 env XDG_CACHE_HOME="$work/cache" "$script" fetch && grep -q 'remove that folder' "$work/err"
}
check "jars that are not the listed ones are refused" forged
real=${XDG_CACHE_HOME:-$HOME/.cache}/hindcast/kafka-4.1.1
ln -sf "$real"/*.jar "$cache/"
check "the listed ones pass" env XDG_CACHE_HOME="$work/cache" "$script" fetch
echo more >"$cache/extra.jar"
check "one too many is refused" forged
rm "$cache/extra.jar" "$cache/kafka-clients-4.1.1.jar"
check "one too few is refused" forged
