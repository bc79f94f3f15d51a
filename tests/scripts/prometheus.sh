#!/bin/sh
# The alert rules: promtool finds them sound, each is tried by tests/prometheus, asks for metrics that there are,
# and has a section in the runbook, which has no other. Prints TAP.
set -eu

failed=0
ok() { echo "ok - $1"; }
not_ok() { echo "not ok - $1"; failed=1; }
check() { # NAME COMMAND...
    name=$1
    shift
    if said=$("$@" 2>&1); then ok "$name"; else
        not_ok "$name"
        printf '%s\n' "$said" | sed 's/^/# /'
    fi
}
same() { [ "$1" = "$2" ] || { printf '%s\n-- and --\n%s\n' "$1" "$2" && return 1; }; }

cd "$(dirname "$0")/../.."
rules=packaging/prometheus/hindcast.rules.yml
tests=tests/prometheus/hindcast.rules.test.yml
command -v promtool >/dev/null 2>&1 || {
    not_ok "promtool is here: Debian's package prometheus has it"
    exit 1
}

check "promtool finds nothing wrong with the rules" promtool check rules "$rules"
check "nor with the configuration" promtool check config packaging/prometheus/prometheus.yml
check "each alert is quiet where it should be and fires where it should" promtool test rules "$tests"

alerts=$(sed -n 's/^ *- alert: //p' "$rules" | LC_ALL=C sort)
check "each alert is tried" same "$alerts" "$(sed -n 's/^  - name: //p' "$tests" | LC_ALL=C sort)"
check "each has a section of the runbook, and none is of an alert that is not there" \
    same "$alerts" "$(sed -n 's/^## \(Hindcast.*\)/\1/p' docs/runbook.md | LC_ALL=C sort)"
check "each names that section" same \
    "$(printf '%s\n' "$alerts" | tr '[:upper:]' '[:lower:]' | sed 's|^|docs/runbook.md#|')" \
    "$(sed -n 's/^ *runbook_url: //p' "$rules" | LC_ALL=C sort)"

known=$(sed -n 's/^| `\(hindcast_[a-z_]*\)`.*/\1/p' docs/metrics.md)
used=$(grep -oh 'hindcast_[a-z_]*' "$rules" packaging/grafana/dashboards/*.json | LC_ALL=C sort -u)
missing=$(for metric in $used; do printf '%s\n' "$known" | grep -qx "$metric" || echo "$metric"; done)
check "rules and dashboards ask for metrics that docs/metrics.md has" same "" "$missing"
problems=$(grep -oh 'problem=~*"[^"]*"' "$rules" | sed 's/.*"\(.*\)"/\1/' | tr '|' '\n')
missing=$(for problem in $problems; do grep -q "^PROBLEM($problem," observe/status_problems.def || echo "$problem"; done)
check "and for problems that status knows" same "" "$missing"

exit $failed
