# `hindcast ingest` beside servers of a test's own: sourced by scripts in tests/it. Needs
# HINDCAST_KAFKA and what program.sh needs, which it sources.

: "${HINDCAST_KAFKA:?}"
# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"

check() { # NAME WANTED FOUND
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: wanted '$2', found '$3'"; fi
}

# Lines FROM to TO - 1 of the topic, "line 0" and so on, in the order and partitions of `load`.
produce() { # TOPIC FROM TO
    awk -v from="$2" -v to="$3" 'BEGIN { for (i = from; i < to; i++)
        printf "{\"time\":\"2026-03-01T10:%02d:%02dZ\",\"kind\":\"log\",\"service\":\"cart\",\"text\":\"line %d\"}\n",
            int(i / 60) % 60, i % 60, i }' >"$work/$1-$2.jsonl"
    "$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic "$1" --state "$work/state" \
        "$work/$1-$2.jsonl" >"$work/load.out" 2>&1 || {
        not_ok "load $1 $2 $3"
        exit 1
    }
}

# Starts ingest of a topic in the background: $ingest is its process, its words go to $work/TOPIC.log.
start_ingest() { # TOPIC [NAME=VALUE...]
    topic=$1
    shift
    env HINDCAST_INGEST_BATCH_ROWS=200 HINDCAST_INGEST_WORKERS=1 "$@" "$HINDCAST" ingest \
        --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" --kafka-group "$topic" \
        >"$work/$topic.out" 2>"$work/$topic.log" &
    ingest=$!
    running="$running $ingest"
}

stop_ingest() { # NAME PID: SIGTERM, and the exit code is to be 0
    kill -TERM "$2" 2>/dev/null || true
    code=0
    wait "$2" || code=$?
    check "$1" 0 "$code"
}

says() { # TOPIC WORDS: did its ingest write that it waits for this?
    grep -q "waiting: .*$2" "$work/$1.log"
}

# The following ask the server of the PG* variables.
records() { value "SELECT coalesce(sum(records), 0) FROM evidence.stream WHERE topic = '$1'"; }
has_records() { [ "$(records "$1" 2>/dev/null)" = "$2" ]; } # TOPIC NUMBER

# Rows that are missing or too many, and partitions whose ledger does not add up.
wrong() { # TOPIC SENT
    value "WITH want AS (SELECT 'line ' || i AS text FROM generate_series(0, $2 - 1) AS i),
        have AS (SELECT body AS text FROM ingest.log JOIN evidence.stream USING (stream_id)
                 WHERE topic = '$1'),
        more AS (TABLE have EXCEPT ALL TABLE want), less AS (TABLE want EXCEPT ALL TABLE have)
        SELECT (SELECT count(*) FROM more) + (SELECT count(*) FROM less)
            + (SELECT count(*) FROM analyst.ledger WHERE topic = '$1' AND NOT adds_up)
            + (SELECT count(*) FROM evidence.stream WHERE topic = '$1' AND records <> stored)"
}
