#!/bin/sh
# One configuration for everybody: correlators with other files side by side settle on what is applied
# and write nothing more; `config apply` changes it for all of them while they run; export, status and
# draft name it; a program that is older than the one that applied it stops; and two that rebuild at once agree.
# Needs PG*, HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh).
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

own_database configuration_test
"$HINDCAST" migrate >"$work/migrate.out"
cd "$work"

# Two sets of files, of other rules; what they make of a declaration is the same, rows included.
printf 'slow\tsymptom\t50\t-\tslow\n' >one.tsv
printf '# another\nslow\tsymptom\t40\t-\tslow\n' >two.tsv
printf '[correlate]\nrules = %s\ninterval = 20ms\n' "$work/one.tsv" >one.ini
printf '[correlate]\nrules = %s\ninterval = 20ms\nleast_severity = 3\n' "$work/two.tsv" >two.ini

digest_of() { sed -n "s/^# $1 = \([0-9a-f]*\) .*/\1/p" "$2"; }
"$HINDCAST" config --config one.ini >one.config
"$HINDCAST" config --config two.ini >two.config
one=$(digest_of config_digest one.config)
two=$(digest_of config_digest two.config)
check "digests are of 64 signs" "64 64" "${#one} ${#two}"
check "other files, another digest" other "$([ "$one" = "$two" ] && echo same || echo other)"
check "nothing is applied yet" 2 "$(cat one.config two.config | grep -c '^# applied_digest.*none was applied yet')"
"$HINDCAST" config --config one.ini --format jsonl >one.jsonl
check "the same for programs" 1 "$(grep -c "^{\"option\":\"config_digest\",\"value\":\"$one\"" one.jsonl)"

"$HINDCAST" declare --title 'It was slow' --from 2026-03-01T10:00:00Z --to 2026-03-01T11:00:00Z >declare.out 2>&1

follow() { # NAME
    "$HINDCAST" correlate --follow --config "$1.ini" --metrics-listen 127.0.0.1:0 >"$1.out" 2>"$1.log" &
    running="$running $!"
    wait_until "$1 began" test -f "$1.log"
    serves() { sed -n 's|^hindcast: serving http://\(.*\)/metrics$|\1|p' "$1.log" | grep . >"$1.at"; }
    wait_until "$1 serves metrics" serves "$1"
}
rounds() { # NAME: how many ended well
    curl -sf --max-time 30 "http://$(cat "$1.at")/metrics" |
        sed -n 's/^hindcast_correlate_rounds_total[^ ]* //p'
}
has_rounds() { # NAME N: since began.NAME
    now=$(rounds "$1") && [ "${now:-0}" -ge $(($(cat "began.$1") + $2)) ]
}
some_rounds() { # both have looked a few times from now on
    for name in one two; do rounds "$name" >"began.$name"; done
    for name in one two; do wait_until "$name goes on" has_rounds "$name" 5; done
}
versions() { # every row version of what a correlator writes
    value "SELECT md5(string_agg(x, ' ' ORDER BY x)) FROM (
        SELECT 'i' || xmin || ctid AS x FROM correlate.incident UNION ALL
        SELECT 'n' || xmin || ctid FROM correlate.node UNION ALL
        SELECT 'e' || xmin || ctid FROM correlate.entry UNION ALL
        SELECT 'c' || xmin || ctid FROM correlate.cursor UNION ALL
        SELECT 'r' || xmin || ctid FROM review.configuration) v"
}
settled() { # NAME: from now on nobody writes
    first=$(versions)
    some_rounds
    check "$1: nobody writes any more" "$first" "$(versions)"
}
correlated_with() { # NUMBER
    [ "$(value "SELECT string_agg(DISTINCT seq::text, ' ') FROM correlate.cursor WHERE stream_id = -1")" = "$1" ]
}

follow one
wait_until "the first applies its own" correlated_with 1
check "it is that of its files" "$one" "$(value 'SELECT config_digest FROM analyst.configuration WHERE counts')"
follow two
some_rounds
settled "two with other files"
check "nobody applied anything more" 1 "$(value 'SELECT count(*) FROM review.configuration')"
check "the one that differs says so, once" "0 1" "$(grep -c 'is not the one' one.log || true) $(grep -c 'is not the one' two.log)"
check "and which counts" 1 "$(grep -c "$(printf '%.12s' "$two"), is not .* $(printf '%.12s' "$one"), which counts" two.log)"

"$HINDCAST" export >export
check "the export begins with it" "{\"config_digest\":\"$one\",\"line\":\"scope\",\"scope\":\"default\"}" "$(head -n 1 export)"
"$HINDCAST" status --offline --config one.ini >status.one 2>&1 || true
"$HINDCAST" status --offline --config two.ini >status.two 2>&1 || true
check "status names it" 1 "$(grep -c "^configuration $(printf '%.12s' "$one"), applied" status.one)"
check "status tells who differs" "0 1" "$(grep -c 'another one' status.one || true) $(grep -c 'another one' status.two)"

# Whoever rebuilds, too.
"$HINDCAST" correlate --rebuild --config two.ini >rebuild.out 2>rebuild.err
check "a rebuild says that its files do not count" 1 "$(grep -c 'which counts' rebuild.err)"
"$HINDCAST" export >export.rebuilt
check "and gives the same" same "$(cmp -s export export.rebuilt && echo same)"
settled "after a rebuild"

check "applying what differs" "applied the configuration $two; every scope is correlated anew" \
    "$("$HINDCAST" config apply --config two.ini | head -n 1)"
check "applying it again" "the configuration $two is applied already" \
    "$("$HINDCAST" config apply --config two.ini | head -n 1)"
wait_until "those who run take it up" correlated_with 2
settled "after another was applied"
check "now the other one says so" "1 1" "$(grep -c 'is not the one' one.log) $(grep -c 'is not the one' two.log)"
"$HINDCAST" export >export
check "the export has the other digest" "$two" "$(head -n 1 export | sed 's/.*"config_digest":"\([0-9a-f]*\)".*/\1/')"
check "config tells both" "$one $two" \
    "$("$HINDCAST" config --config one.ini >both && echo "$(digest_of config_digest both) $(digest_of applied_digest both)")"

printf 'one column\n' >broken.tsv
code=0
"$HINDCAST" config apply --correlate-rules broken.tsv >broken.out 2>&1 || code=$?
check "what cannot be correlated with is not applied" "3 2" "$code $(value 'SELECT count(*) FROM review.configuration')"

# A newer program takes over: what runs is older now, and leaves its rows alone.
value "SELECT review.apply_configuration(content, derivation + 1, configuration_no)
    FROM analyst.configuration WHERE counts" >number
first=$(versions)
ended() { for pid in $running; do ! kill -0 "$pid" 2>/dev/null || return 1; done; }
wait_until "the older ones stop" ended
codes=
for pid in $running; do
    code=0
    wait "$pid" || code=$?
    codes="$codes $code"
done
running=
check "with the exit code of a database that is too new" " 4 4" "$codes"
check "and say why" "1 1" "$(grep -c 'DB_SCHEMA.*derivation\|derivation.*this program' one.log) $(grep -c 'DB_SCHEMA.*derivation\|derivation.*this program' two.log)"
for how in --once --rebuild; do
    code=0
    "$HINDCAST" correlate "$how" >older.out 2>&1 || code=$?
    check "$how stops as well" 4 "$code"
done
check "nothing was written" "$first" "$(versions)"
"$HINDCAST" export >export.late
check "what is there can be read" same "$(cmp -s export export.late && echo same)"

# Two that rebuild at once with other files, on a database where nothing was applied: one set for both.
own_database configuration_rebuild_test
"$HINDCAST" migrate >migrate.out
for hour in 10 12 14; do
    "$HINDCAST" declare --title "It was slow at $hour" --from "2026-03-01T$hour:00:00Z" --to "2026-03-01T$hour:30:00Z" >declare.out 2>&1
done
rebuild() { # NAME [NAME=VALUE...]: in the background
    name=$1
    shift
    env "$@" "$HINDCAST" correlate --rebuild --config "$name.ini" >"$name.out" 2>"$name.log" &
    running="$running $!"
    eval "rebuild_$name=$!"
}
stands() { [ "$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -c1)" = T ]; }
counting() { value "SELECT config_digest FROM analyst.configuration WHERE counts"; }
exported() { "$HINDCAST" export >"$1" && head -n 1 "$1" | sed 's/.*"config_digest":"\([0-9a-f]*\)".*/\1/'; } # FILE

rebuild one HINDCAST_FAILPOINT=correlate_before_save:1:stop
wait_until "one stands before it saves" stands "$rebuild_one"
check "nothing is derived yet" 0 "$(value 'SELECT count(*) FROM correlate.entry')"
rebuild two
wait "$rebuild_two" && ok "the other one rebuilds meanwhile" || not_ok "the other one rebuilds meanwhile"
check "with what the first one applied" "1 1 $one" "$(value 'SELECT count(*) FROM review.configuration') $(grep -c 'which counts' two.log) $(counting)"
check "as the export says" "$one" "$(exported between)"
kill -CONT "$rebuild_one"
wait "$rebuild_one" && ok "the first one ends well" || not_ok "the first one ends well: $(tail -1 one.log)"
check "with the same set" "$one" "$(exported after)"
check "and the same rows" same "$(cmp -s between after && echo same)"

# What the first one computed is of a set that no longer counts when it goes on.
rebuild one HINDCAST_FAILPOINT=correlate_before_save:1:stop
wait_until "one stands before it saves" stands "$rebuild_one"
"$HINDCAST" config apply --config two.ini >apply.out
rebuild two
wait "$rebuild_two" && ok "the other one rebuilds with the new set" || not_ok "the other one rebuilds with the new set"
check "which the export names" "$two" "$(exported between)"
kill -CONT "$rebuild_one"
wait "$rebuild_one" && ok "the first one ends well" || not_ok "the first one ends well: $(tail -1 one.log)"
check "and did not put the set before back" "$two" "$(exported after)"
check "nor its rows" same "$(cmp -s between after && echo same)"

# As they come.
codes=
for _ in 1 2 3 4 5; do
    rebuild one
    rebuild two
    for pid in $rebuild_one $rebuild_two; do
        code=0
        wait "$pid" || code=$?
        codes="$codes$code"
    done
done
check "ten at once end well" 0000000000 "$codes"
check "with what counts" "$two 2" "$(exported after) $(value 'SELECT count(*) FROM review.configuration')"
check "and the same rows" same "$(cmp -s between after && echo same)"
exit "$failed"
