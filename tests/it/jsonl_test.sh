#!/bin/sh
# --format jsonl: every command that prints rows has it; each line is one JSON object, and there are as
# many as there are rows. Needs PG*, HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh).
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

topic=jsonl-$$
own_database jsonl_test
HINDCAST_KAFKA_BROKERS=$HINDCAST_KAFKA
HINDCAST_LOAD_TOPIC=$topic
HINDCAST_KAFKA_TOPICS=$topic
HINDCAST_KAFKA_GROUP=$topic
HINDCAST_RDKAFKA_SASL_PASSWORD=hidden-$$
export HINDCAST_KAFKA_BROKERS HINDCAST_LOAD_TOPIC HINDCAST_KAFKA_TOPICS HINDCAST_KAFKA_GROUP
cd "$work"
"$HINDCAST" migrate >/dev/null
"$HINDCAST" draft --demo --write demo >/dev/null
"$HINDCAST" load --state state demo >/dev/null
"$HINDCAST" ingest --once >/dev/null 2>&1
"$HINDCAST" correlate --once >/dev/null
psql -qX -c 'CREATE TABLE line (at serial, row jsonb)'

same() { # NAME WANTED GOT
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: wanted '$2', got '$3'"; fi
}
# Prints jsonl, and the same rows go into the table `line`: a line that is not JSON fails there.
tried=' '
rows() { # CODE COMMAND...
    wanted=$1
    shift
    code=0
    tried="$tried$1 "
    psql -qX -c 'TRUNCATE line'
    "$HINDCAST" "$@" --format jsonl >out 2>err || code=$?
    same "$1: exit code" "$wanted" "$code"
    if psql -qX -v ON_ERROR_STOP=1 -c \
        "\\copy line (row) FROM 'out' WITH (FORMAT csv, QUOTE E'\\001', DELIMITER E'\\002')" 2>err &&
        [ "$(value "SELECT count(*) FROM line WHERE jsonb_typeof(row) <> 'object'")" = 0 ]; then
        ok "$1: each line is an object"
    else
        not_ok "$1: each line is an object"
        sed 's/^/# /' err
    fi
}

rows 0 incidents
same "incidents: as many as there are" "$(value 'SELECT count(*) FROM analyst.incidents')" \
    "$(value "SELECT count(*) FROM line WHERE row ? 'incident_key'")"
rows 0 timeline latest --width full
same "timeline: as many as there are" \
    "$(value "SELECT count(*) FROM analyst.timeline WHERE incident = (SELECT min(row->>'incident') FROM line)")" \
    "$(value "SELECT count(*) FROM line WHERE row ? 'entry_id'")"
rows 0 duplicates
same "duplicates: one for each delivery" "$(value 'SELECT count(*) FROM correlate.delivery')" \
    "$(value "SELECT count(*) FROM line WHERE row ? 'uid' AND row ? 'offset'")"
same "duplicates: one counts of each event" \
    "$(value "SELECT count(DISTINCT row->>'uid') FROM line")" \
    "$(value "SELECT count(*) FROM line WHERE (row->>'counts')::boolean AND row->>'decided_by' IS NULL")"
rows 0 search checkout
same "search: an incident with its hits" t \
    "$(value "SELECT count(*) > 0 FROM line WHERE row ?& '{place,score,words,missing}' AND jsonb_array_length(row->'hits') > 0")"
same "search: the score is the sum of what it names" 0 "$(value "SELECT count(*) FROM line WHERE (row->>'score')::int <>
    (row->>'best')::int + (SELECT sum((w->>'points')::int) FROM jsonb_array_elements(row->'words') w)")"
rows 0 similar latest
same "similar: the first incident has none before it" 0 "$(value 'SELECT count(*) FROM line')"
rows 0 stats
same "stats: some" t "$(value 'SELECT count(*) > 0 FROM line')"
rows 0 query incidents
same "query: as many rows as the view has" "$(value 'SELECT count(*) FROM analyst.incidents')" "$(value 'SELECT count(*) FROM line')"
rows 0 why latest
same "why: as many as have episodes and milestones" "$(value "SELECT (SELECT count(*) FROM correlate.node n WHERE n.incident_no = i.incident_no) +
    (SELECT count(*) FROM correlate.milestone m WHERE m.incident_no = i.incident_no) FROM correlate.incident i WHERE raised
    ORDER BY first_time DESC LIMIT 1")" "$(value "SELECT count(*) FROM line WHERE row ? 'membership' OR row ? 'milestone'")"
rows 0 why-not demo/chat/inc-checkout/2026-03-03.json:189
same "why-not: the record that an incident holds" incident "$(value "SELECT row->>'fate' FROM line")"
rows 0 revisions latest
same "revisions: as many as there are" "$(value "SELECT count(*) FROM analyst.revisions WHERE incident = (SELECT min(row->>'incident') FROM line)")" \
    "$(value 'SELECT count(*) FROM line')"
rows 0 diff latest 1 1
same "diff: nothing differs from itself" '1|0' "$(value "SELECT count(*), sum((row->>'changed')::int) FROM line")"
: >empty.ini
rows 0 correlate --what-if empty.ini
same "correlate: what is applied changes nothing" 0 "$(value 'SELECT count(*) FROM line')"
rows 0 suppressed
same "suppressed: no rule, nothing" 0 "$(value 'SELECT count(*) FROM line')"
rows 0 clocks
rows 0 graph show
same "graph: no edges" 0 "$(value 'SELECT count(*) FROM line')"
"$HINDCAST" decide key latest 14:24:45 --by ana >/dev/null
"$HINDCAST" correlate --once >/dev/null
rows 0 decide list latest
same "decide: the decision as it is kept" ana "$(value "SELECT row->>'author' FROM line")"
rows 2 decide key latest 14:24:45 --by ana
rows 0 status --offline
"$HINDCAST" status --offline --json >again || true
same "status: the same members as --json" "$(value 'SELECT count(*) FROM line, jsonb_object_keys(row)')" \
    "$(value "SELECT count(*) FROM jsonb_object_keys('$(sed "s/'/''/g" again)'::jsonb)")"
rows 0 verify --all
same "verify: the totals come last" "$(value 'SELECT count(*) FROM correlate.entry')|0" \
    "$(value "SELECT row->>'entries', row->>'breaks' FROM line ORDER BY at DESC LIMIT 1")"
psql -qX -c "UPDATE evidence.segment SET data = overlay(data PLACING '\\x00'::bytea FROM 40)"
rows 1 verify latest
same "verify: a row for each break" "$(value "SELECT row->>'breaks' FROM line ORDER BY at DESC LIMIT 1")" \
    "$(value "SELECT count(*) FROM line WHERE row ? 'broken' AND row->>'incident_key' IS NOT NULL")"
same "verify: some broke" t "$(value "SELECT count(*) > 0 FROM line WHERE row ? 'broken' AND row ? 'offset'")"
rows 0 formats
same "formats: as many as in the table" "$("$HINDCAST" formats | sed 1d | wc -l)" \
    "$(value "SELECT count(*) FROM line WHERE row ?& '{format,kinds,title,identity}'")"
# What read shows is what load and ingest made of the same files; what a source calls a line, which does
# not count here (dedup = none), only read tells.
rows 0 read demo
told="row->>'format', (row->>'time')::timestamptz, row->>'time_source', row->>'source_time_text', row->>'service',
    row->>'host', row->>'actor', row->>'severity_text', row->>'ref', CASE row->>'kind' WHEN 'log' THEN NULL ELSE row->>'identity' END,
    row->>'body'"
stored="format, event_time, time_source::text, source_time_text, service, host, actor, severity_text, ref"
stored="SELECT $stored, NULL, body FROM ingest.log UNION ALL
    SELECT $stored, CASE kind WHEN 'log' THEN NULL ELSE identity END, body FROM ingest.event"
same "read: as many events as are stored" "$(value "SELECT count(*) FROM ($stored) AS s")" "$(value 'SELECT count(*) FROM line')"
same "read: they say the same" 0 "$(value "SELECT count(*) FROM (SELECT $told FROM line EXCEPT ALL ($stored)) AS t")"
export HINDCAST_RDKAFKA_SASL_PASSWORD
rows 0 config
same "config: as many as are shown" "$("$HINDCAST" config | grep -c ' # ')" \
    "$(value "SELECT count(*) FROM line WHERE row ?& '{option,value,origin,where}'")"
same "config: where a value comes from" "$topic|environment|HINDCAST_KAFKA_GROUP" \
    "$(value "SELECT row->>'value', row->>'origin', row->>'where' FROM line WHERE row->>'option' = 'kafka.group'")"
same "config: a secret is not told" "|true" \
    "$(value "SELECT row->>'value', row->>'hidden' FROM line WHERE row->>'option' = 'rdkafka.sasl.password'")"
same "config: nowhere" 0 "$(grep -c "hidden-$$" out || true)"
unset HINDCAST_RDKAFKA_SASL_PASSWORD
rows 0 retention --dry-run --retention-logs 2d
same "retention: as many as would go" "$("$HINDCAST" retention --dry-run --retention-logs 2d | wc -l)" \
    "$(value "SELECT count(*) FROM line WHERE row->>'act' = 'would remove' AND row ? 'partition'")"
same "retention: some would" t "$(value 'SELECT count(*) > 0 FROM line')"

# Who prints rows, and what these tests do not know yet.
for command in $("$HINDCAST" help --list); do
    if "$HINDCAST" help "$command" | grep -q -e '--format [a-z|]*jsonl'; then
        case $tried in *" $command "*) ;; *) not_ok "$command has --format jsonl and was tried" ;; esac
    fi
done
code=0
"$HINDCAST" incidents --format csv >out 2>err || code=$?
same "a format that the command does not have" "2 hindcast: incidents: --format takes text or jsonl, not 'csv'" \
    "$code $(cat err)"
exit "$failed"
