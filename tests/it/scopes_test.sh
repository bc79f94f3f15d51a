#!/bin/sh
# Scopes that records name: each tenant's records make incidents of their own, what names another
# scope or none is in quarantine, and is read when it is allowed. Needs PG*, HINDCAST_KAFKA and
# HINDCAST (see tests/lib/ingest.sh).
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

own_database scopes_test
"$HINDCAST" migrate >"$work/migrate.out"
cd "$work"

for tenant in acme globex initech; do
    printf '{"time":"2026-03-01T10:00:00Z","kind":"alert","service":"cart","severity":"critical","title":"cart is down","attributes":{"tenant":"%s"}}\n' "$tenant"
done >tenants.jsonl
echo '{"time":"2026-03-01T10:01:00Z","kind":"note","service":"cart","text":"whose is this"}' >>tenants.jsonl
printf '[topic.tenants]\nscope_by = attribute:tenant\nscopes = acme globex\n' >two.ini
printf '[topic.tenants]\nscope_by = attribute:tenant\nscopes = acme globex initech\n' >three.ini
"$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic tenants --state "$work/state" tenants.jsonl >load.out 2>&1
"$HINDCAST" ingest --once --config two.ini --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics tenants \
    --kafka-group tenants >ingest.out 2>ingest.log || not_ok "ingest"
scopes() { value "SELECT string_agg(scope || ' ' || n, ', ' ORDER BY scope) FROM (SELECT scope, count(*) AS n FROM ingest.event GROUP BY scope) s"; }
check "each record is where it says" "acme 1, globex 1" "$(scopes)"
check "what names another one or none is set aside" "scope 2" \
    "$(value "SELECT string_agg(DISTINCT reason, ' ') || ' ' || count(*) FROM evidence.quarantine")"
"$HINDCAST" correlate --once >correlate.log 2>&1 || not_ok "correlate"
check "tenants share no incident" "acme 1, globex 1" \
    "$(value "SELECT string_agg(scope || ' ' || n, ', ' ORDER BY scope) FROM (SELECT scope, count(*) AS n FROM correlate.incident GROUP BY scope) s")"

"$HINDCAST" config apply --config three.ini >apply.out
"$HINDCAST" ingest --redecode --config three.ini >redecode.out 2>redecode.log || not_ok "redecode"
check "who is allowed later is read then" "acme 1, globex 1, initech 1" "$(scopes)"
check "what names none stays" "1" "$(value "SELECT count(*) FROM evidence.quarantine")"
check "the ledger adds up" 0 "$(value "SELECT count(*) FROM analyst.ledger WHERE NOT adds_up")"

check "a place that cannot be meant is refused" "3 ingest.scope_by" \
    "$("$HINDCAST" ingest --once --ingest-scope-by tenant --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics tenants \
        2>refused.log >refused.out && echo 0 || echo "$? $(sed -n 's/^hindcast: \(ingest.scope_by\):.*/\1/p' refused.log)")"
exit $failed
