#!/bin/sh
# Man pages and completions that the program makes of its tables: checked by mandoc and by the shells
# themselves, and put where they belong by `make install`.
set -eu
program=${HINDCAST:-build/debug/hindcast}
case $program in /*) ;; *) program=$PWD/$program ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-manual.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0
ok() { echo "ok - $1"; }
not_ok() { echo "not ok - $1"; failed=1; }
check() # NAME COMMAND...
{
    name=$1
    shift
    if "$@"; then ok "$name"; else not_ok "$name"; fi
}
same() # NAME WANTED GOT
{
    if [ "$2" = "$3" ]; then ok "$1"; else
        not_ok "$1"
        printf '# wanted: %s\n# got:    %s\n' "$2" "$3"
    fi
}

# --- man pages

commands=$("$program" help --list)
[ "$(echo "$commands" | wc -w)" -ge 18 ] || not_ok "help --list names the commands"
"$program" help --format man >"$work/hindcast.1"
for command in $commands; do
    "$program" help "$command" --format man >"$work/hindcast-$command.1"
done
# They have no date on purpose: the same tables give the same bytes.
found=$(mandoc -Tlint -Wwarning "$work"/*.1 | grep -v 'missing date' || true)
same "mandoc finds nothing to say about the man pages" "" "$found"
mandoc -Tutf8 "$work/hindcast.1" | sed 's/.\x08//g' >"$work/hindcast.text"
for command in $commands; do
    grep -qF "hindcast-$command(1)" "$work/hindcast.text" || not_ok "hindcast(1) names hindcast-$command(1)"
done
check "hindcast(1) has the options of the configuration" grep -qe '--kafka-brokers HOST:PORT' "$work/hindcast.text"
mandoc -Tutf8 "$work/hindcast-timeline.1" | sed 's/.\x08//g' >"$work/timeline.text"
check "a page has the command's options" grep -qe '--format text|md|csv|jsonl' "$work/timeline.text"
check "and the options that it uses" grep -qe '--database-conninfo STRING' "$work/timeline.text"
# shellcheck disable=SC2016 # sh expands it
check "but no others" sh -c '! grep -qe --kafka-brokers "$1"' sh "$work/timeline.text"
check "and its examples" grep -q 'hindcast timeline latest --width key' "$work/timeline.text"

"$program" help | sed '/^options/,$d' | grep '^  ' >"$work/list"
check "the list of commands has its columns" sh -c '! grep -qvE "^.{49} [^ ]" "$1"' sh "$work/list"

"$program" report lint --help >"$work/report-lint.help"
mandoc -Tutf8 "$work/hindcast-report-lint.1" | sed 's/.\x08//g' >"$work/lint.text"
check "a verb has a page of its own" grep -q 'hindcast report lint FILE' "$work/lint.text"
check "and help by both its words" sh -c '"$1" help report lint | cmp - "$2"' sh "$program" "$work/report-lint.help"

# --- bash

"$program" completion bash >"$work/hindcast.bash"
bash=$(
    cd "$work"
    mkdir -p folder
    : >file.json
    bash -u -e -c '
        source ./hindcast.bash
        offers() # WORDS... the last is being typed
        {
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
            _hindcast
            echo "${*:1}> ${COMPREPLY[*]-}"
        }
        complete -p hindcast
        offers hindcast ti
        offers hindcast --config a.ini expo
        offers hindcast timeline --fo
        offers hindcast timeline --format ""
        offers hindcast timeline --format = js
        offers hindcast timeline --format jsonl --wid
        offers hindcast timeline --kafka-b
        offers hindcast ingest --kafka-b
        offers hindcast draft fi
        offers hindcast draft --out f
        offers hindcast draft --title f
        offers hindcast help timel
        offers hindcast completion z
        offers hindcast migrate f
        offers hindcast report l
        offers hindcast report lint --fo
        offers hindcast report lint --format s
        offers hindcast report lint fi
        offers hindcast report --out x l
        offers hindcast help report-l
        offers hindcast re
    ' | sed 's/ *$//'
)
same "bash completes" "complete -F _hindcast hindcast
hindcast ti> timeline
hindcast --config a.ini expo> export
hindcast timeline --fo> --format
hindcast timeline --format > text md csv jsonl svg
hindcast timeline --format = js> jsonl
hindcast timeline --format jsonl --wid> --width
hindcast timeline --kafka-b>
hindcast ingest --kafka-b> --kafka-brokers
hindcast draft fi> file.json
hindcast draft --out f> folder
hindcast draft --title f>
hindcast help timel> timeline
hindcast completion z> zsh
hindcast migrate f>
hindcast report l> lint
hindcast report lint --fo> --format
hindcast report lint --format s> sarif
hindcast report lint fi> file.json
hindcast report --out x l>
hindcast help report-l> report-lint
hindcast re> read revisions report retention" "$bash"

# --- fish and zsh

"$program" completion fish >"$work/hindcast.fish"
check "fish reads its completions" fish --no-execute "$work/hindcast.fish"
fish=$(HOME=$work fish --private -c "
    source $work/hindcast.fish
    complete -C 'hindcast ti'
    complete -C 'hindcast timeline --fo'
    complete -C 'hindcast timeline --format '
    complete -C 'hindcast timeline --kafka-b'
    complete -C 'hindcast ingest --kafka-b'
    complete -C 'hindcast report l'
    complete -C 'hindcast report --fo'
    complete -C 'hindcast report lint --le'
" 2>&1 | cut -f 1)
same "fish completes" "timeline
--format
csv
jsonl
md
svg
text
--kafka-brokers
lint
--format
--level" "$fish"

mkdir -p "$work/functions"
"$program" completion zsh >"$work/functions/_hindcast"
check "zsh reads its completions" zsh -n "$work/functions/_hindcast"
same "zsh knows whose they are" "_hindcast" "$(HOME=$work zsh -f -c "
    fpath=($work/functions \$fpath)
    autoload -U compinit
    compinit -D -u
    echo \$_comps[hindcast]")"

# --- installed and removed

mode=$(basename "$(dirname "$program")")
make -s install "MODE=$mode" DESTDIR="$work/root" PREFIX=/usr >/dev/null
installed=$(cd "$work/root" && find . -type f | LC_ALL=C sort)
wanted=$(
    {
        echo ./usr/bin/hindcast
        echo ./usr/share/bash-completion/completions/hindcast
        echo ./usr/share/fish/vendor_completions.d/hindcast.fish
        echo ./usr/share/man/man1/hindcast.1
        for command in $commands; do echo "./usr/share/man/man1/hindcast-$command.1"; done
        echo ./usr/share/zsh/site-functions/_hindcast
    } | LC_ALL=C sort
)
same "make install puts all in its place" "$wanted" "$installed"
check "with the bytes of the program" cmp "$work/hindcast-verify.1" "$work/root/usr/share/man/man1/hindcast-verify.1"
: >"$work/root/usr/share/man/man1/hindcast-other.1"
make -s uninstall "MODE=$mode" DESTDIR="$work/root" PREFIX=/usr >/dev/null
same "make uninstall takes it away, and nothing else" "./usr/share/man/man1/hindcast-other.1" \
    "$(cd "$work/root" && find . -type f)"
exit "$failed"
