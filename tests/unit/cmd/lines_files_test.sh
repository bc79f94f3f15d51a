#!/bin/sh
# Formats of lines that people add: files NAME.lines in ingest.maps, and `formats --check NAME.lines`.
set -u
root=$(cd "$(dirname "$0")/../../.." && pwd)
hindcast=${HINDCAST:-build/debug/hindcast}
case $hindcast in /*) ;; *) hindcast=$root/$hindcast ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-lines-files.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
same() # NAME WANTED GOT
{
    if [ "$2" = "$3" ]; then echo "ok - $1"; else
        echo "not ok - $1"
        failed=1
        printf '# wanted: %s\n# got:    %s\n' "$2" "$3"
    fi
}
says() { grep -c -F -e "$1" out; }
check() { "$hindcast" formats --check "$@" >out 2>err; }
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" out | head -n 1; }

# The log of an imaginary ferry: `12:00 1 March 2026 | BERTH-3 | !! | gate stays shut`. A pattern of ours (iso) and
# one of its own.
mkdir maps
cat >maps/ferry.lines <<'EOF_LINES'
# Ferries.
[patterns]
berth = BERTH-\d+
[ferry_log]
about = The ferry's log
first = 0-9
bid = 90
levels = !!:error ..:info
line = %{iso:time} \| %{berth:host} \| (?<level>!!|\.\.) \| (?:(?<actor>\w+): )?(?<message>.*)
also = gate (?<gate>\d+)
[ferry_tide]
first = t
bid = 90
line = tide (?<height>\d+) at %{iso:time}
title = the tide is {height}
EOF_LINES
cat >ferry.log <<'EOF_LOG'
2026-03-01T10:00:00Z | BERTH-3 | !! | ada: gate 7 stays shut
2026-03-01T10:01:00Z | BERTH-3 | .. | ada: gate 7 opens
tide 31 at 2026-03-01T10:02:00Z
EOF_LOG

"$hindcast" read --format jsonl ferry.log >out 2>err
same "without the file the lines are text" text "$(field format)"
"$hindcast" read --format jsonl --ingest-maps maps ferry.log >out 2>err
same "a format of the folder reads them" "3 ferry_log 2026-03-01T10:00:00Z BERTH-3 ada" \
    "$(wc -l <out | tr -d ' ') $(field format) $(field time) $(field host) $(field actor)"
same "groups without a field are attributes" 2 "$(says '"gate":"7"')"
same "a second format of the file" "1 1" "$(says '"format":"ferry_tide"') $(says 'the tide is 31')"
same "formats lists it" 1 "$("$hindcast" formats --ingest-maps maps --format jsonl | grep -c '"format":"ferry_log"')"

check maps/ferry.lines ferry.log
cat >wanted <<'EOF_OUT'
ferry.lines       2 formats, no errors
ferry.log         ferry_log 90 (line 4); next: none      3 events
      time        2026-03-01T10:00:00Z
      severity    error
      level       !!
      title       gate 7 stays shut
      message     gate 7 stays shut
      host        BERTH-3
      actor       ada
      attributes  {"gate":"7"}
ties: none.
EOF_OUT
same "what the formats make of the file" "0 $(cat wanted)" "$? $(cat out)"
head -n 2 ferry.log >two.log
echo 'nothing of the kind' >other.log
check maps/ferry.lines two.log other.log
same "what is never used, and what others read" "1 1 1" \
    "$? $(says 'Formats never used: ferry_tide.') $(says 'other.log         no format of the file reads it; text does')"

# In place of one of ours.
printf '%s\n' '[nginx_error]' 'bid = 99' 'first = 0-9' 'line = (?<message>\d+ ours no more)' >web.lines
check web.lines
same "one of the same name replaces ours" "0 1" "$? $(says '[nginx_error] takes the place of web.lines:')"
cp web.lines maps/
echo '17 ours no more' >web.log
"$hindcast" read --format jsonl --ingest-maps maps web.log >out 2>err
same "and reads its lines" nginx_error "$(field format)"
echo '2026/03/01 10:00:00 [error] 7#7: *1 open() "/x" failed (2: No such file or directory), client: 10.0.0.1' >web.log
"$hindcast" read --format jsonl --ingest-maps maps web.log >out 2>err
same "which no longer reads its own" 0 "$(says '"format":"nginx_error"')"
"$hindcast" read --format jsonl web.log >out 2>err
same "where the folder is not read, ours does" nginx_error "$(field format)"
rm maps/web.lines

# A pattern that never comes to an end is given up, and the line is text.
printf '%s\n' '[slow]' 'bid = 95' 'line = (?<message>(?:a+)+)b' >maps/slow.lines
awk 'BEGIN { for (i = 0; i < 4000; i++) printf "a"; print "c" }' >slow.log
"$hindcast" read --format jsonl --ingest-maps maps slow.log >out 2>err
same "matching has a limit" text "$(field format)"
rm maps/slow.lines

# More patterns than the automaton of line starts holds (256): the last ones are matched without it.
awk 'BEGIN { for (i = 100; i < 290; i++) printf "[quay_%d]\nbid = 95\nline = quay %d (?<message>.*)\nline = dock %d (?<message>.*)\n", i, i, i }' \
    >maps/many.lines
printf '%s\n' 'quay 100 first' 'dock 289 last' >many.log
"$hindcast" read --format jsonl --ingest-maps maps many.log >out 2>err
same "many formats" "1 1" "$(says '"format":"quay_100"') $(says '"format":"quay_289"')"
rm maps/many.lines

# All errors, and nothing of the folder is used.
printf '%s\n' '[a]' 'bid = 90' 'line = (' '[alertmanager]' 'bid = 90' 'line = x' '[ferry_log]' 'bid = 90' 'line = y' \
    '[Ferry]' 'bid = 0' 'first =' 'inner = perhaps' 'line = %{none}' >maps/x.lines
"$hindcast" read --format jsonl --ingest-maps maps ferry.log >out 2>err
same "errors of a configuration have its code" 3 $?
same "all of a file are told" "maps/x.lines:3 maps/x.lines:10 maps/x.lines:11 maps/x.lines:12 maps/x.lines:13 maps/x.lines:14" \
    "$(sed -n 's/^\(maps[^ ]*[0-9]\): .*/\1/p' err | sort -t: -k2n -u | tr '\n' ' ' | sed 's/ $//')"
same "nothing is read" 0 "$(wc -c <out | tr -d ' ')"
for name in alertmanager logfmt jira_webhook; do
    printf '%s\n' "[$name]" 'bid = 90' 'line = x' >maps/x.lines
    "$hindcast" read --ingest-maps maps ferry.log >out 2>err
    same "$name is the name of another format" "3 1" "$? $(grep -c "x.lines:1: \[$name\] has the name of a format that is not" err)"
done
printf '%s\n' '[ferry_log]' 'bid = 90' 'line = x' >maps/x.lines
"$hindcast" read --ingest-maps maps ferry.log >out 2>err
same "two of one name in the folder" "3 maps/x.lines:1: [ferry_log] is there twice" "$? $(head -n 1 err)"
HINDCAST_INGEST_MAPS=maps "$hindcast" formats --check maps/ferry.lines >out 2>err
same "and so says a check, which needs the folder to be read" 3 $?
# Limits.
rm -f maps/*
refused() { # NAME WORDS: of maps/x.lines
    "$hindcast" read --ingest-maps maps ferry.log >out 2>err
    same "$1" "3 yes" "$? $(grep -q -F -e "$2" err && echo yes || head -n 2 err)"
}
awk 'BEGIN { for (i = 0; i <= 200; i++) printf "[f%d]\nbid = 90\nline = x\n", i }' >maps/x.lines
refused "formats of a file" 'maps/x.lines:601: more formats in a file than the limit: 200'
awk 'BEGIN { print "[f]\nbid = 90"; for (i = 0; i <= 16; i++) print "line = x" }' >maps/x.lines
refused "patterns of a key" 'maps/x.lines:19: more patterns than the limit'
awk 'BEGIN { printf "[f]\nbid = 90\nline = "; for (i = 0; i <= 48; i++) printf "(?<n%d>x)", i; print "" }' >maps/x.lines
refused "names of groups" 'maps/x.lines:3: more names of groups than the limit: n'
awk 'BEGIN { printf "[f]\nbid = 90\nline = "; for (i = 0; i < 64; i++) printf "(x)"; print "" }' >maps/x.lines
refused "groups of a pattern" 'maps/x.lines:3: more groups than the limit: 63'
awk 'BEGIN { printf "[f]\nbid = 90\nline = "; for (i = 0; i < 17000; i++) printf "x"; print "" }' >maps/x.lines
refused "the length of a value" 'maps/x.lines:3: a value is longer than the limit: 16384 bytes'
awk 'BEGIN { printf "[f%050d]\nbid = 90\nline = x\n", 0 }' >maps/x.lines
refused "the length of a name" 'maps/x.lines:1: a format is named by at most 49'
awk 'BEGIN { for (i = 0; i < 21000; i++) print "# a comment of fifty bytes, again and again, to the end" }' >maps/x.lines
refused "the size of a file" 'maps/x.lines is larger than 1 MiB'
rm maps/x.lines
i=0
while [ $i -le 1000 ]; do
    : >"maps/$i.lines"
    i=$((i + 1))
done
refused "files of a folder" 'maps has more than 1000 maps'
rm -f maps/*
check nowhere.lines
same "a file that is not there" "3 hindcast: cannot read nowhere.lines: No such file or directory" "$? $(cat err)"
exit $failed
