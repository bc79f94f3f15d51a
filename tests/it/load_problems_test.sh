#!/bin/sh
# `hindcast load` and `draft` as an ordinary user with files that cannot be read, are cut or fail:
# what was not sent is not noted, is told each time, and is sent once it is mended. Names of files
# keep every byte in the state file. A first SIGTERM ends pipes, standard input and bombs. Needs
# HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh).
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

topic=problems-$$
finish() {
    kill -9 "$(cat "$work/home/pid" 2>/dev/null)" 2>/dev/null || true
    chmod -R u+rwx "$work"
    clean_up
}
trap finish EXIT
cp "$HINDCAST" "$work/hindcast" # the way to it may be closed to others
cd "$work"
mkdir in home
if [ "$(id -u)" = 0 ]; then
    # Nobody is too mighty to be refused.
    user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
    own() { chown -R 65534:65534 "$@"; }
else
    user() { "$@"; }
    own() { :; }
fi
load() { # CODE NAME ARGUMENT...: the summary is in out
    wanted=$1 name=$2 code=0
    shift 2
    own in home
    user env HOME="$work/home" ./hindcast load --brokers "$HINDCAST_KAFKA" --topic "$topic" "$@" \
        >out 2>err || code=$?
    check "$name: exit code" "$wanted" "$code"
}
sent() { # NAME NUMBER
    check "$1: records sent" "$2" "$(sed -n 's/^sent  *\([0-9]*\) records*[ ,].*/\1/p' out)"
}
tells() { # NAME WORDS
    if grep -q "^- .* not read: .*$2\|^    .*$2" out; then ok "$1: tells '$2'"; else
        not_ok "$1: tells '$2'"
        sed 's/^/# /' out err
    fi
}

printf 'one\ntwo\n' >in/good.log
printf 'three\n' >in/closed.log
mkdir in/room
printf 'four\n' >in/room/far.log
chmod 0 in/closed.log in/room
load 6 "closed files" in
sent "closed files" 2
tells "closed files" "Permission denied"
load 6 "closed files again" in
sent "closed files again" 0
tells "closed files again" "Permission denied"
chmod 0600 in/closed.log
chmod 0700 in/room
load 0 "opened files" in
sent "opened files" 2
load 0 "opened files again" in
sent "opened files again" 0

# Cut archives, each format; mended by the whole file.
rm -rf in/*
awk 'BEGIN { for (i = 0; i < 20000; i++) print "line", i, (i * 7919) % 10007 }' >line.log
for pack in gzip bzip2 xz zstd; do
    command -v "$pack" >/dev/null 2>&1 || continue
    "$pack" -c line.log >"whole.$pack"
done
tar -cf whole.tar line.log
for whole in whole.*; do
    size=$(wc -c <"$whole")
    head -c $((size / 2)) "$whole" >"in/$whole"
done
kinds=$(ls in | wc -l)
load 6 "cut archives" in
tells "cut archives" "runcated"
check "cut archives: none is noted" 0 "$(sed -n 's/^files  *\([0-9]*\) read.*/\1/p' out)"
load 6 "cut archives again" in
# The last line before the cut may be a part of a record: it comes again, with the same id.
again=$(sed -n 's/^sent  *\([0-9]*\) records*[ ,].*/\1/p' out)
check "cut archives again: no more than the last record of each" yes \
    "$([ "$again" -le "$kinds" ] && echo yes)"
cp whole.* in/
load 0 "whole archives" in
sent "whole archives" $((kinds * 20000))

# A file whose reads fail, and a directory of users that is closed or cut.
load 1 "failing reads" /proc/self/mem
tells "failing reads" "Input/output error"
rm -rf in/*
mkdir -p in/chat/ops
printf '[{"id":"U1","name":"ann"}]' >users.json
cp users.json in/chat/users.json
printf '[]' >in/chat/channels.json
printf '[{"type":"message","user":"U1","text":"hi","ts":"1772546400.000200"}]' >in/chat/ops/2026-03-03.json
chmod 0 in/chat/users.json
load 1 "closed users.json" in
tells "closed users.json" "users.json"
chmod 0600 in/chat/users.json
printf '[{"id":"U1","na' >in/chat/users.json
load 1 "cut users.json" in
cp users.json in/chat/users.json
load 0 "mended users.json" in
sent "mended users.json" 1

# Every byte of a name survives.
rm -rf in/*
new=$(printf 'in/new\nline \\n\\x41 \377\001 end ')
mkdir "$new"
printf 'five\n' >"$new/$(printf 'a\nb \\ c\361.log')"
printf 'six\n' >"$new/plain.log"
load 0 "odd names" "$new"
sent "odd names" 2
load 0 "odd names again" "$new"
sent "odd names again" 0
load 0 "odd names, another state" --state "home/state" in
load 0 "odd names, another state again" --state "home/state" in
sent "odd names, another state again" 0

# The first SIGTERM: the program is to end by itself, with 1.
reads_pipe() { # it catches SIGTERM (15, bit 14), and has opened what it reads from
    grep -q '^SigCgt:.*[4567cdef]...$' /proc/"$(cat home/pid 2>/dev/null || echo none)"/status \
        2>/dev/null || return 1
    for fd in /proc/"$(cat home/pid 2>/dev/null || echo none)"/fd/*; do
        case $(readlink "$fd") in "$work/pipe") return 0 ;; esac
    done
    return 1
}
gone() { [ ! -d "/proc/$(cat home/pid)/fd" ] || ! ls "/proc/$(cat home/pid)/fd/" 2>/dev/null | grep -q .; }
stopped() { # NAME PATH INPUT
    rm -f home/pid
    own home
    # shellcheck disable=SC2016 # the inner shell expands it
    user env HOME="$work/home" sh -c 'echo $$ >home/pid && exec ./hindcast "$@"' sh \
        load --brokers "$HINDCAST_KAFKA" --topic "$topic" "$2" >out 2>err <"$3" &
    child=$!
    wait_until "$1: reads" reads_pipe
    kill -TERM "$(cat home/pid)"
    wait_until "$1: ends" gone
    code=0
    wait "$child" || code=$?
    check "$1: exit code" 1 "$code"
    if grep -q '^stopped' out; then ok "$1: says so"; else not_ok "$1: says so"; fi
}
[ -d /proc/self/fd ] || { ok "pipes # SKIP there is no /proc" && exit "$failed"; }
mkfifo pipe
own pipe
stopped "a pipe without a writer" pipe /dev/null
exec 9<>pipe
printf 'seven\nhalf a li' >&9
stopped "a pipe that says no more" pipe /dev/null
stopped "standard input" - pipe
exec 9>&-
exit "$failed"
