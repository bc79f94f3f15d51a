#!/bin/sh
# `hindcast report lint`: exit codes, standard input, --fix on files as they are, rules of a team.
set -u
root=$(cd "$(dirname "$0")/../../.." && pwd)
hindcast=${HINDCAST:-build/debug/hindcast}
case $hindcast in /*) ;; *) hindcast=$root/$hindcast ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-lint.XXXXXX")
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
code() # ARGUMENT...: the exit code; what is said is in out and err
{
    status=0
    "$hindcast" report lint "$@" >out 2>err || status=$?
    echo "$status"
}

echo 'The canary should have caught it.' >warning.md
echo 'It was human error.' >error.md
echo 'It was a nightmare.' >note.md
echo 'The pool held ten connections.' >clean.md

same "nothing found" 0 "$(code clean.md)"
same "and nothing said" "" "$(cat out err)"
same "a warning" 7 "$(code warning.md)"
same "as compilers write it" "warning.md:1:12: warning: “should have caught”" "$(sed 's/: describes.*//' out)"
same "a warning is below an error" 0 "$(code --level error warning.md)"
same "an error" 7 "$(code --level error clean.md error.md)"
same "a note is below a warning" 0 "$(code note.md)"
same "but told" note "$(cut -d ' ' -f 2 out | tr -d :)"
same "a note where notes count" 7 "$(code --level note note.md)"
same "standard input" 7 "$(code - <error.md)"
same "is called -" "-:1:8:" "$(cut -d ' ' -f 1 out)"
same "a file that is not there" 1 "$(code nowhere.md)"
same "no file" 2 "$(code)"
same "standard input twice" 2 "$(code - -)"
same "standard input to be mended" 2 "$(code --fix -)"
printf 'a\377\n' >latin.md
same "not UTF-8" 6 "$(code clean.md latin.md)"
same "is told with its name" "hindcast: latin.md: not UTF-8 text" "$(cat err)"
same "SARIF" 7 "$(code --format sarif error.md)"
same "is one line" 1 "$(wc -l <out)"

# --- --fix

printf 'Obviously it was slow.\r\n\r\nIn hindsight, the cache\r\nwas cold. Human error.' >fix.md
chmod 640 fix.md
ln -s fix.md link.md
same "what cannot be mended is found" 7 "$(code --fix link.md)"
printf 'It was slow.\r\n\r\nThe cache\r\nwas cold. Human error.' >wanted
same "what can be is, and ends of lines stay" "$(od -c wanted)" "$(od -c fix.md)"
same "and the mode" 640 "$(stat -c %a fix.md)"
same "and the link" fix.md "$(readlink link.md)"
same "what was done is told" "link.md:1:1: fixed: “Obviously i” became “I” [PM316 hindsight]
link.md:3:1: fixed: “In hindsight, t” became “T” [PM316 hindsight]" "$(cat err)"
same "nothing is left beside it" "" "$(find . -name '.*part')"
before=$(stat -c %Y.%i fix.md)
code --fix fix.md >/dev/null
same "nothing to mend: the file stays" "$before" "$(stat -c %Y.%i fix.md)"

# --- rules of a team

cat >team.ini <<'EOF'
[our-codename]
severity = error
pattern = \bproject zebra\b
message = a name that only we know
instead = what it is
fires = Project Zebra was late.
quiet = A zebra was late.
[PM304]
severity = off
EOF
echo 'Project Zebra should have caught it.' >ours.md
same "a team's rule" 7 "$(code --report-lint_rules team.ini ours.md)"
same "and nothing of one that is off" "ours.md:1:1: error: “Project Zebra”: a name that only we know; write what it is [our-codename]" \
    "$(cat out)"
same "from the environment" 7 "$(HINDCAST_REPORT_LINT_RULES=team.ini code ours.md)"
echo 'nonsense' >>team.ini
same "an error in it" 3 "$(code --report-lint_rules team.ini ours.md)"
same "is told with its line" "hindcast: team.ini:10: neither [name], @name = words nor key = value: 'nonsense'" "$(cat err)"
same "no such file" 1 "$(code --report-lint_rules none.ini ours.md)"
same "the rules are listed" 0 "$(code --rules)"
same "each with its id and severity" "PM301 blame-label error" "$(awk 'NR == 1 { print $1, $2, $3 }' out)"
printf '[mine]\nid = PM304\nmessage = m\npattern = x\n' >team.ini
same "an id that another rule has" 3 "$(code --report-lint_rules team.ini ours.md)"
same "is told with its line" "hindcast: team.ini:2: another rule has the id 'PM304'" "$(cat err)"
printf '[mine]\nid = our-1\nmessage = m\npattern = x\n' >team.ini
same "what is not an id" 3 "$(code --report-lint_rules team.ini ours.md)"
printf 'It was human error. <!-- lint: allow PM301 a title -->\n' >allowed.md
same "allowed by its id" 0 "$(code allowed.md)"
exit "$failed"
