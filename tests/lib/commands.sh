# Checks that a command succeeds, fails as it should, or that a file says something: sourced after
# program.sh by scripts in tests/it.

check() { # NAME COMMAND...: the command succeeds; else what it says is shown
    name=$1
    shift
    if "$@" >"$work/said" 2>&1; then ok "$name"; else
        not_ok "$name"
        tail -n 20 "$work/said" | cut -c1-400 | sed 's/^/# /'
    fi
}
# What check() itself runs says goes to $work/said, so that is no FILE of these.
holds() { grep -q -e "$1" "$work/$2" || { tail -n 20 "$work/$2" && return 1; }; } # PATTERN FILE
lacks() { ! grep -e "$1" "$work/$2"; }
fails_with() { # CODE COMMAND...: its output is in $work/out, its errors in $work/errors
    wanted=$1
    shift
    code=0
    "$@" >"$work/out" 2>"$work/errors" || code=$?
    [ "$code" = "$wanted" ] || { echo "exit code $code" && cat "$work/out" "$work/errors" && return 1; }
}
