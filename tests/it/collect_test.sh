#!/bin/sh
# The rsyslog configuration of docs/collect.md, run as it stands there but for paths and the broker: lines
# of a file reach PostgreSQL with the time and severity that they write themselves.
# Needs PG*, HINDCAST_KAFKA, HINDCAST (see tests/lib/ingest.sh), rsyslogd and its omkafka.
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

rsyslogd=$(PATH=$PATH:/usr/sbin command -v rsyslogd) || {
    echo "ok - rsyslog # SKIP rsyslogd is not installed"
    exit 0
}
own_database collect_test
"$HINDCAST" migrate >"$work/migrate.out"
mkdir "$work/shop" "$work/spool"

# The block below the heading, without the indentation of Markdown.
sed -n '/^### rsyslog$/,/^### Vector$/s/^    //p' "$root/docs/collect.md" |
    sed -e "s|localhost:9092|$HINDCAST_KAFKA|" -e "s|/var/log/shop|$work/shop|" >"$work/block.conf"
check "the page has the block" 2 "$(grep -c 'module(load' "$work/block.conf")"
printf 'global(workDirectory="%s/spool")\n' "$work" | cat - "$work/block.conf" >"$work/rsyslog.conf"
"$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic app-logs --state "$work/state" /dev/null >/dev/null 2>&1 || true

"$rsyslogd" -n -f "$work/rsyslog.conf" -i "$work/rsyslog.pid" >"$work/rsyslog.log" 2>&1 &
running="$running $!"
{
    echo '2026-03-10T14:04:12+01:00 ERROR cannot reach the ledger'
    echo '2026-03-10T14:04:13+01:00 INFO trying again'
} >"$work/shop/cart.log"

start_ingest app-logs
stored() { [ "$(value "SELECT count(*) FROM ingest.log WHERE body LIKE '%the ledger%' OR body LIKE '%trying%'")" = 2 ]; }
wait_until "both lines are stored" stored
check "with the times and severities that they write" "2026-03-10 13:04:12+00 error 2026-03-10 13:04:13+00 info" \
    "$(value "SET timezone = 'UTC'; SELECT string_agg(event_time || ' ' || CASE WHEN severity >= 17 THEN 'error' ELSE 'info' END, ' ' ORDER BY event_time) FROM ingest.log")"
stop_ingest "ingest ends well" "$ingest"
exit "$failed"
