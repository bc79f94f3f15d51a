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
counts() # EXPECTED_LAST_LINE EXPECTED_STATUS TEST...
{
    want=$1 status=$2
    shift 2
    rm -rf "$BUILD_DIR"
    "$root/scripts/run-tests" --timeout 2 stage "$@" >"$work/out" 2>&1 || true
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
