#!/bin/sh
# `hindcast config` takes what the other commands take, and nothing else: what it prints is what runs.
set -u
root=$(cd "$(dirname "$0")/../../.." && pwd)
hindcast=${HINDCAST:-build/debug/hindcast}
case $hindcast in /*) ;; *) hindcast=$root/$hindcast ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

refused() # NAME OPTION...: by config and by ingest, with the same words and exit code 3
{
    name=$1
    shift
    "$hindcast" config "$@" >config.out 2>config.err
    config=$?
    "$hindcast" ingest --kafka-brokers 127.0.0.1:1 --once "$@" >ingest.out 2>ingest.err
    ingest=$?
    if [ "$config" = 3 ] && [ "$ingest" = 3 ] && cmp -s config.err ingest.err; then
        echo "ok - $name"
    else
        echo "not ok - $name (config $config, ingest $ingest)" && cat config.err ingest.err
    fi
}

refused "more workers than ingest starts" --ingest-workers 65
refused "a format that nobody reads" --ingest-format nonsense
refused "a format of one topic that nobody reads" --per-topic t.format=nonsense
refused "a zone that does not exist" --ingest-assumed-zone Mars
refused "no group" --kafka-group ""
if "$hindcast" config --ingest-workers 64 --output-time-zone UTC --ingest-format ecs >out 2>&1; then
    echo "ok - what is in order is printed"
else
    echo "not ok - what is in order is printed" && cat out
fi
"$hindcast" config --output-time-zone Mars/Olympus >out 2>&1
[ $? = 3 ] && echo "ok - a time zone that does not exist" || { echo "not ok - a time zone that does not exist" && cat out; }
