#!/bin/sh
# What the measurements of ingest share; sourced by scripts that set: program, tools, work (a
# directory), partitions; and that run below scripts/with-servers.

say()
{
    echo "bench: $*" >&2
}

sql()
{
    PGOPTIONS='-c client_min_messages=warning' psql -X -q -At -v ON_ERROR_STOP=1 "$@"
}

empty()
{
    sql -c 'TRUNCATE ingest.log, ingest.event, evidence.segment, evidence.quarantine,
            evidence.batch, evidence.source_gap, evidence.stream,
            evidence.delta, evidence.reading, evidence.minute' -c CHECKPOINT
}

measured() # COMMAND...: what it prints goes to $work/said, what it cost to $work/cost
{
    "$tools/measure" "$work/cost" "$postmaster" "$broker" "$@" >"$work/said"
}

scaled() # ROWS SECONDS ALL: the seconds that all rows take at that rate
{
    awk -v rows="$1" -v seconds="$2" -v all="$3" 'BEGIN {
        if (rows <= 0 || seconds <= 0) { print "bench: too few records" >"/dev/stderr"; exit 1 }
        print seconds * all / rows }'
}

# Servers and a database of its own.
prepare() # DATABASE
{
    postmaster=$(sed 1q "$(sql -c 'SHOW data_directory')/postmaster.pid")
    broker=$(cat "$SERVERS_DIR/kafka/pid")
    PGDATABASE=postgres sql -c "CREATE DATABASE $1"
    export PGDATABASE=$1
    "$program" migrate >&2
}

# --- hindcast -----------------------------------------------------------------------------------

ingest_topic() # TOPIC WORKERS EVIDENCE: into emptied tables, with the decoding options of the environment
{
    empty
    "$program" config apply >/dev/null
    HINDCAST_KAFKA_BROKERS=$HINDCAST_KAFKA HINDCAST_KAFKA_TOPICS=$1 \
        HINDCAST_KAFKA_GROUP=bench HINDCAST_INGEST_WORKERS=$2 HINDCAST_INGEST_EVIDENCE=$3 \
        measured "$program" ingest --once 2>"$work/errors" || { cat "$work/errors" >&2 && exit 1; }
}

# From the first commit to the last. What the first transaction of each worker brought was decoded
# before the first commit, so it does not count.
ingest_seconds() # WORKERS: rows and seconds
{
    sql -F ' ' -v workers="$1" -f tests/bench/first_to_last.sql
}

# --- COPY ---------------------------------------------------------------------------------------

# Table and columns as hindcast's own COPY names them.
target_of() # QUERY
{
    sed -n '/^COPY/,/)/p' "sql/queries/$1.sql" | tr '\n' ' ' | sed 's/^COPY \([a-z.]*\) *\(([^)]*)\).*/\1 \2/'
}

# The log rows and segments of the last ingest as files, half of the partitions each; without an
# ORDER in that of the heap.
keep_tables() # PREFIX [ORDER]
{
    for table in log segment; do
        target=$(target_of "copy_$table")
        for half in 0 1; do
            sql -c "COPY (SELECT $(echo "${target#* }" | tr -d '()') FROM ${target%% *}
                          WHERE stream_id IN (SELECT stream_id FROM evidence.stream
                                              WHERE partition % 2 = $half) ${2:-})
                    TO STDOUT (FORMAT binary)" >"$1.$half.$table"
        done
    done
}

copy_tables() # PREFIX WORKERS EVIDENCE: those files into emptied tables, by as many backends
{
    empty
    log="COPY $(target_of copy_log) FROM STDIN (FORMAT binary)"
    segment="COPY $(target_of copy_segment) FROM STDIN (FORMAT binary)"
    at=$1
    workers=$2
    evidence=$3
    set --
    for half in 0 1; do
        [ "$half" = 0 ] || [ "$workers" = 1 ] || set -- "$@" --
        set -- "$@" "$log" "$at.$half.log"
        [ "$evidence" = false ] || set -- "$@" "$segment" "$at.$half.segment"
    done
    measured "$tools/copy_client" "$@"
}
