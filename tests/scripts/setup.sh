#!/bin/sh
# scripts/setup on machines that this one is not: no apt-get, no sudo, no packages.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check() # NAME COMMAND...
{
    name=$1
    shift
    if "$@"; then echo "ok - $name"; else echo "not ok - $name"; fi
}
exits() # STATUS COMMAND...
{
    want=$1
    shift
    got=0
    "$@" >"$work/out" 2>"$work/err" || got=$?
    [ "$got" = "$want" ]
}
says() # TEXT
{
    grep -Fq -e "$1" "$work/err"
}

check "nothing missing: silent" [ -z "$("$root/scripts/setup" demo 2>&1)" ]
check "an unknown argument: exit 2" exits 2 "$root/scripts/setup" frobnicate

# A machine with a shell and little else. Neither apt-get nor sudo can be reached from it.
mkdir "$work/bin"
for tool in sh cat sed awk dirname mktemp rm id; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
sed 's|/usr/lib/postgresql/\*/bin|/nowhere|' "$root/scripts/setup" >"$work/setup"
check "without apt-get: exit 1" exits 1 env PATH="$work/bin" sh "$work/setup" test
check "it names the compiler for Debian" says 'apt-get install make gcc libc6-dev'
check "the server too" says ' postgresql '
check "a Java" says 'openjdk-17-jre-headless'
check "Fedora's names" says 'dnf install make gcc glibc-devel'
check "Arch's" says 'pacman -S make gcc'
check "Homebrew's" says 'brew install make gcc'
check "demo does not ask for what only tests need" exits 1 env PATH="$work/bin" sh "$work/setup" demo
check "(no cmocka)" sh -c "! grep -q cmocka '$work/err'"

# With apt-get, but as a user without sudo: nothing may be installed.
printf '#!/bin/sh\necho 1000\n' >"$work/user-id"
printf '#!/bin/sh\necho called >>%s\n' "$work/apt-called" >"$work/bin/apt-get"
rm "$work/bin/id"
mv "$work/user-id" "$work/bin/id"
chmod +x "$work/bin/id" "$work/bin/apt-get"
check "neither root nor sudo: exit 1" exits 1 env PATH="$work/bin" sh "$work/setup" demo
check "and apt-get is not called" [ ! -e "$work/apt-called" ]

# As root, and the release offers a PostgreSQL that is too old.
printf '#!/bin/sh\necho 0\n' >"$work/bin/id"
printf '#!/bin/sh\necho "  Candidate: 14+238"\n' >"$work/bin/apt-cache"
chmod +x "$work/bin/apt-cache"
check "a PostgreSQL that is too old: exit 1" exits 1 env PATH="$work/bin" sh "$work/setup" demo
check "it says so" says 'PostgreSQL 15 or newer is needed, and this system offers 14'
check "before installing anything" [ ! -e "$work/apt-called" ]
