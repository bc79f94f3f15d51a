#!/bin/sh
# What the measurements of correlators that follow share, beside parts.sh; sourced by scripts that set: program, work, topic.

# --- what a history is made of ------------------------------------------------------------------

# When a history begins, in seconds since 1970: a million events end before today.
beginning=480000000

# history EVENTS FROM COUNT NAME : an alert every 20 minutes of one of 24 services, each 20th a deploy; from number FROM on
history()
{
    awk -v events="$1" -v from="$2" -v count="$3" -v name="$4" -v beginning="$beginning" 'BEGIN {
        srand(from + 1)
        for (i = from; i < from + count; i++) {
            s = int(rand() * 24)
            h = int(rand() * 3)
            at = strftime("%Y-%m-%dT%H:%M:%SZ", beginning + i * 1200 + int(rand() * 1200), 1)
            if (i % 20 == 7)
                printf "{\"time\":\"%s\",\"kind\":\"deploy\",\"source\":\"cd\",\"service\":\"s%d\",\"text\":\"deployed s%d v%d\",\"id\":\"%s%d\"}\n", at, s, s, i, name, i
            else
                printf "{\"time\":\"%s\",\"kind\":\"alert\",\"source\":\"am\",\"service\":\"s%d\",\"host\":\"s%d-%d\",\"severity\":\"critical\",\"phase\":\"trigger\",\"dedup_key\":\"%d\",\"text\":\"errors in s%d\",\"id\":\"%s%d\"}\n", at, s, s, h, i, s, name, i
        }
    }'
}

# lines COUNT FROM SECONDS : INFO lines as Filebeat ships them, into a topic of their own, evenly over SECONDS from FROM (seconds since 1970) on
lines()
{
    build/release/tests/bench/send_records info "$HINDCAST_KAFKA" "$topic-lines" 4 "$1" none "$2" $(($3 * 1000000 / $1)) >"$work/load.log"
}

produce() # FILE
{
    "$program" load --kafka-brokers "$HINDCAST_KAFKA" --load-topic "$topic" --again "$1" >"$work/load.log" 2>&1
}

deliver() # FILE
{
    produce "$1"
    ingest_once "$topic"
}

# ingest_once TOPIC
ingest_once()
{
    "$program" ingest --once --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$1" --kafka-group "$topic" >"$work/ingest.log" 2>&1
}

# --- what it costs ------------------------------------------------------------------------------

rows_read()
{
    sql -c "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_user_tables WHERE schemaname IN ('correlate', 'ingest', 'review')"
}

rows_written()
{
    sql -c "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables WHERE schemaname IN ('correlate', 'review')"
}

# cpu_us PID... : of processes that go on
cpu_us()
{
    for pid in "$@"; do
        sed 's/^.*) //' "/proc/$pid/stat" 2>/dev/null || true
    done | awk '{ ticks += $12 + $13 } END { printf "%d\n", ticks * 10000 }'
}

median() # COLUMN FILE
{
    cut -d ' ' -f "$1" "$2" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# --- programs that follow -----------------------------------------------------------------------

following=''
trap 'kill $following 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

follow() # NAME OPTION... : $! is its process, $work/NAME.log what it says
{
    name=$1
    shift
    "$program" "$@" >"$work/$name.log" 2>&1 &
    following="$following $!"
}

follow_ingest()
{
    follow ingest ingest --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" --kafka-group "$topic"
}

end_following()
{
    # shellcheck disable=SC2086 # one word each
    kill $following
    # shellcheck disable=SC2086
    wait $following || true
    following=''
}

# Backends of correlators, the newest one last.
backends()
{
    sql -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'hindcast' AND datname = current_database() ORDER BY backend_start"
}

until_is() # WANTED SQL
{
    tries=0
    while [ "$(sql -c "$2")" != "$1" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 24000 ] || { echo "bench: '$2' is never $1" >&2 && exit 1; }
        sleep 0.05
    done
}

# Scopes that have something to take in.
behind="SELECT count(*) FROM (SELECT DISTINCT unnest(scopes) AS scope FROM evidence.batch) s WHERE EXISTS (
    SELECT FROM evidence.batch b LEFT JOIN correlate.cursor c ON c.scope = s.scope AND c.stream_id = b.stream_id
    WHERE b.seq > coalesce(c.seq, 0) AND s.scope = ANY (b.scopes))"
