#!/bin/sh
# scripts/run-tests and test-summary: the count must be right when tests fail, crash, hang or are none.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
BUILD_DIR=$work/build
export BUILD_DIR
check() # NAME COMMAND...
{
    name=$1
    shift
    if "$@"; then echo "ok - $name"; else echo "not ok - $name"; fi
}
stub() # NAME: a test program from standard input
{
    { echo '#!/bin/sh' && cat; } >"$work/$1"
    chmod +x "$work/$1"
}
options=stage
counts() # EXPECTED_LAST_LINE EXPECTED_STATUS TEST...
{
    want=$1 status=$2
    shift 2
    rm -rf "$BUILD_DIR"
    # shellcheck disable=SC2086 # a list of words
    "$root/scripts/run-tests" --timeout 2 $options "$@" >"$work/out" 2>&1 || true
    got=0
    "$root/scripts/test-summary" >"$work/summary" || got=$?
    [ "$(tail -n 1 "$work/summary")" = "$want" ] && [ "$got" = "$status" ]
}

stub good <<'EOF'
echo '[ RUN      ] a'; echo '[       OK ] a'; echo '[==========] 2 test(s) run.'
echo '[  PASSED  ] 2 test(s).'; echo '[==========] 1 test(s) run.'; echo '[  PASSED  ] 1 test(s).'
EOF
stub bad <<'EOF'
echo 'the reason'; echo '[  FAILED  ] b'; echo '[  PASSED  ] 1 test(s).'
echo '[  FAILED  ] 2 test(s), listed below:'; echo '[  FAILED  ] b'; exit 2
EOF
stub crash <<'EOF'
echo '[       OK ] a'; echo '[       OK ] b'; kill -ABRT $$
EOF
stub hang <<'EOF'
echo '[       OK ] a'; exec sleep 30
EOF
stub none <<'EOF'
exit 0
EOF
stub leak <<'EOF'
echo '[  PASSED  ] 3 test(s).'; exit 1
EOF
stub tap.sh <<'EOF'
echo 'ok - one'; echo 'ok 2 two'; echo 'not ok - three'; echo 'ok - four # skip no network'; echo okay
EOF

check "groups of one program add up" counts '3 passed, 0 failed' 0 "$work/good"
check "failures count" counts '1 passed, 2 failed' 1 "$work/bad"
check "and their log is shown" grep -q 'the reason' "$work/out"
check "a crash counts as one, what passed before it stays" counts '2 passed, 1 failed' 1 "$work/crash"
check "a program that hangs is ended" counts '1 passed, 1 failed' 1 "$work/hang"
check "it is said that time ran out" grep -q 'ran out of its 2 seconds' "$work/out"
check "a program that tests nothing has failed" counts '0 passed, 1 failed' 1 "$work/none"
check "all passed, but a bad exit status" counts '3 passed, 1 failed' 1 "$work/leak"
check "shell tests" counts '2 passed, 1 failed' 1 "$work/tap.sh"
check "several programs" counts '5 passed, 1 failed' 1 "$work/good" "$work/crash"
check "nothing at all is no success" counts '0 passed, 0 failed' 1

# Two that pass only while both run, and one that passes only when both have ended.
for name in here there; do
    case $name in here) other=there ;; *) other=here ;; esac
    stub $name <<EOF
touch "$work/began.$name"
until [ -e "$work/began.$other" ]; do sleep 0.05; done
touch "$work/ended.$name"
echo 'ok - met'
EOF
done
stub after <<EOF
[ -e "$work/ended.here" ] && [ -e "$work/ended.there" ] && echo 'ok - alone'
EOF
options='--jobs 2 --alone after stage'
check "two at once, and one alone after them" counts '3 passed, 0 failed' 0 "$work/after" "$work/here" "$work/there"
rm -f "$work"/began.* "$work"/ended.*
options='--jobs 1 stage'
check "one at a time is what it says" counts '1 passed, 1 failed' 1 "$work/here" "$work/there"
options='--jobs 2 stage'
check "failures count among several at once" counts '9 passed, 5 failed' 1 \
    "$work/good" "$work/bad" "$work/crash" "$work/leak" "$work/none"
check "and their log is shown whole" test "$(grep -c '^---- ' "$work/out")" = 4

# What ends the runner of a test must not end the count.
stub vanish <<'EOF'
kill -KILL "$(ps -o ppid= -p $PPID | tr -d ' ')" # the parent is timeout(1)
EOF
check "what nobody saw end has failed" counts '3 passed, 1 failed' 1 "$work/good" "$work/vanish"
check "and is told" grep -q 'results of' "$work/out"

# Tests of one name in two rooms have logs of their own.
mkdir -p "$work/tests/stage/one" "$work/tests/stage/two"
printf '#!/bin/sh\necho "ok - one"\n' >"$work/tests/stage/one/same"
printf '#!/bin/sh\necho "not ok - two"\n' >"$work/tests/stage/two/same"
chmod +x "$work"/tests/stage/*/same
check "tests of one name" counts '1 passed, 1 failed' 1 "$work/tests/stage/one/same" "$work/tests/stage/two/same"
check "each has a log" grep -q 'ok - two' "$BUILD_DIR/test-logs/stage-two-same.log"
options='--jobs 0 stage'
check "no number of jobs is refused" counts '0 passed, 0 failed' 1 "$work/good"
