# The program under test, and what a test has of its own: a folder, databases, processes in the
# background. Sourced first by scripts in tests/it; needs HINDCAST = the program. Prints TAP. $work is
# a folder that goes away at the end, with the databases of own_database() and the processes that
# $running names. A test with more to end sets a trap of its own that calls clean_up.

# Tests count the records of files; those that load writes about files are for manifest_test.sh.
HINDCAST_LOAD_MANIFEST=no
export HINDCAST_LOAD_MANIFEST

: "${HINDCAST:?}"
case $HINDCAST in /*) ;; *) HINDCAST=$PWD/$HINDCAST ;; esac
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-it.XXXXXX")
chmod 0755 "$work" # servers run under another name
failed=0
running=
own_databases=
first_database=${PGDATABASE:-postgres}

end_running() { # without waiting for anything
    for pid in $running; do kill -9 "$pid" 2>/dev/null || true; done
    running=
}

clean_up() {
    end_running
    for database in $own_databases; do
        PGDATABASE=$first_database psql -qX -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" >/dev/null 2>&1 || true
    done
    rm -rf "$work"
}
trap clean_up EXIT

ok() { echo "ok - $1"; }
not_ok() { echo "not ok - $1"; failed=1; }

# Until COMMAND succeeds, for at most 90 s; a test that waits in vain ends here.
wait_until() { # NAME COMMAND...
    name=$1
    shift
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ "$tries" -lt 900 ] || {
            not_ok "$name: waited in vain"
            tail -n 5 "$work"/*.log 2>/dev/null | sed 's/^/# /'
            exit 1
        }
        sleep 0.1 # between looks at the condition
    done
}

# Asks the server and the database of the PG* variables.
value() { psql -qXAt -v ON_ERROR_STOP=1 -c "$1"; }

# A fresh database, which all that follows is to use.
own_database() { # NAME
    PGDATABASE=$first_database value "CREATE DATABASE $1_$$"
    own_databases="$own_databases $1_$$"
    PGDATABASE=$1_$$
    export PGDATABASE
}
