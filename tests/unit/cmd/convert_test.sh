#!/bin/sh
# `hindcast report FOLDER|FILE.md`: an edited draft in another form, without any database.
set -u
root=$(cd "$(dirname "$0")/../../.." && pwd)
hindcast=${HINDCAST:-build/debug/hindcast}
case $hindcast in /*) ;; *) hindcast=$root/$hindcast ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-convert.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset PGHOST PGSERVICE
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
    "$hindcast" report "$@" >out 2>err || status=$?
    echo "$status"
}

mkdir draft
printf '# T\n\nCustomers could not pay.[^1]\n\n[^1]: e:1\n' >draft/postmortem.md
printf '# S\n' >draft/summary.md
same "a folder" 0 "$(code draft --format jira)"
same "its draft, as it was edited" "h1. T" "$(head -n 1 out)"
same "with its footnote" 1 "$(grep -c 'Customers could not pay\. \[1|#evidence1\]' out)"
same "another document of it" 0 "$(code draft/ --document summary --format text)"
same "is that" S "$(cat out)"
same "a file" 0 "$(code draft/postmortem.md --format confluence --out form.xml)"
same "written where it is asked for" "<h1>T</h1>" "$(head -n 1 form.xml)"
same "Markdown" 0 "$(code draft)"
same "is what lies there" "" "$(cmp out draft/postmortem.md)"
same "a form of records" 2 "$(code draft --format html)"
same "says what to do" 1 "$(grep -c 'is made from records, not from a draft in a file' err)"
same "for the public" 2 "$(code draft --public)"
same "a file that is not there" 1 "$(code none.md)"
printf '\377\n' >bad.md
same "what is not UTF-8" 6 "$(code bad.md --format text)"
exit "$failed"
