#!/bin/sh
# A PostgreSQL that lets nobody in without TLS, and each login with the least it needs: migrate by an
# owner that is no superuser, ingest and correlate by members of one role each with a client
# certificate, a reader with a SCRAM password. What each may not do, it cannot. Needs HINDCAST_KAFKA,
# HINDCAST = the program, and openssl. Prints TAP.
set -eu
HINDCAST_LOAD_MANIFEST=no # records are counted
export HINDCAST_LOAD_MANIFEST

: "${HINDCAST:?}" "${HINDCAST_KAFKA:?}"
case $HINDCAST in /*) ;; *) HINDCAST=$PWD/$HINDCAST ;; esac
scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
. "$(dirname "$0")/../lib/certificates.sh"
for name in $(env | sed -n 's/^\(PG[A-Z]*\)=.*/\1/p'); do unset "$name"; done
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-tls.XXXXXX")
trap '"$scripts/postgres" stop --private --dir "$work/pg" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
trap 'exit 143' INT TERM
failed=0
ok() { echo "ok - $1"; }
not_ok() { # NAME
    echo "not ok - $1"
    failed=1
    sed 's/^/# /' "$work/out" "$work/err" 2>/dev/null | tail -n 6
}
secret=s3cret-of-the-reader
topic=tls-test-$$

# succeeds NAME COMMAND...; refused NAME WORDS HINT COMMAND...: neither shows the secret. The hints
# are those of a refusal, which stops at once; of a server that is down another one is given.
run()
{
    status=0
    "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    ! grep -q "$secret" "$work/out" "$work/err" || not_ok "a secret is shown by $*"
}
succeeds()
{
    said=$1
    shift
    run "$@"
    if [ "$status" = 0 ]; then ok "$said"; else not_ok "$said (exit code $status)"; fi
}
refused()
{
    said=$1 words=$2 hint=$3
    shift 3
    run "$@"
    if [ "$status" = 4 ] && grep -q "$words" "$work/err" && grep -q "^  .*$hint" "$work/err" &&
        ! grep -q waiting "$work/err"; then
        ok "$said"
    else
        not_ok "$said (exit code $status)"
    fi
}

# --- the server: TLS only, certificates for the services, a password for people ------------------

authority "$work/ca"
authority "$work/other-ca"
certificate "$work/ca" "$work/server" /CN=server IP:127.0.0.1,DNS:localhost
certificate "$work/ca" "$work/migrator" /CN=migrator DNS:migrator
certificate "$work/ca" "$work/ingester" /CN=ingester DNS:ingester
certificate "$work/ca" "$work/correlator" /CN=correlator DNS:correlator
certificate "$work/other-ca" "$work/forged" /CN=ingester DNS:ingester
cat >"$work/hba" <<EOF
local   all postgres            trust
hostssl all reader    all       scram-sha-256
hostssl all all       all       cert
EOF
tries=0
until server=$("$scripts/postgres" start --private --dir "$work/pg" --set ssl=on \
    --port $(($(od -An -N2 -tu2 /dev/urandom) % 12000 + 20000)) --set password_encryption=scram-sha-256 \
    --set "ssl_ca_file='ca.pem'" --file "ca.pem=$work/ca.pem" --file "server.crt=$work/server.pem" \
    --file "server.key=$work/server.key" --file "pg_hba.conf=$work/hba" 2>"$work/err"); do
    tries=$((tries + 1))
    [ "$tries" -lt 5 ] || { cat "$work/err" && exit 1; }
done
eval "$server"
psql -Xq -v ON_ERROR_STOP=1 <<EOF
CREATE ROLE migrator LOGIN CREATEROLE;
CREATE ROLE ingester LOGIN;
CREATE ROLE correlator LOGIN;
CREATE ROLE reader LOGIN PASSWORD '$secret';
CREATE DATABASE incidents OWNER migrator;
EOF
super() { psql -XAtq -h "$PGHOST" -p "$PGPORT" -U postgres -d incidents -c "$1"; }
at="host=127.0.0.1 port=$PGPORT dbname=incidents sslmode=verify-full sslrootcert=$work/ca.pem"
with_cert() { echo "$at user=$1 sslcert=$work/$1.pem sslkey=$work/$1.key"; }
tls() # LOGIN COMMAND...: connection string by configuration file
{
    file=$work/$1.ini
    printf '[database]\nconninfo = %s\n' "$(with_cert "$1")" >"$file"
    shift
    env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE "$HINDCAST" --config "$file" "$@"
}

# --- the whole way, nobody a superuser ----------------------------------------------------------

succeeds "the owner of the database migrates, with a client certificate" tls migrator migrate
succeeds "and may grant the roles to the logins" psql -Xq "$(with_cert migrator)" \
    -c 'GRANT hindcast_ingest TO ingester; GRANT hindcast_correlate TO correlator;
        GRANT hindcast_responder TO reader'
succeeds "migrating again changes nothing" tls migrator migrate
"$HINDCAST" draft --demo --write "$work/demo" >/dev/null
succeeds "load" env -u PGHOST "$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic "$topic" \
    --state "$work/state" "$work/demo/alerts" "$work/demo/chat" "$work/demo/changes"
cp "$work/out" "$work/out.load"
ingest() { tls ingester ingest --once --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" \
    --kafka-group "$topic" "$@"; }
succeeds "ingest, a member of hindcast_ingest only" ingest
sent=$(sed -n 's/^sent  *\([0-9]*\) records*[ ,].*/\1/p' "$work/out.load")
if [ "$(super 'SELECT sum(records) FROM evidence.stream')" = "$sent" ]; then
    ok "all $sent records are accounted for"
else
    not_ok "all $sent records are accounted for"
fi
if [ "$(super "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = relowner
    WHERE relispartition AND rolname <> 'hindcast_owner'")" = 0 ]; then
    ok "the partitions it needed belong to the owner"
else
    not_ok "the partitions it needed belong to the owner"
fi
succeeds "correlate, a member of hindcast_correlate only" tls correlator correlate --once
export PGSSLMODE=verify-full PGSSLROOTCERT="$work/ca.pem" PGHOSTADDR=127.0.0.1
printf '127.0.0.1:*:*:reader:%s\n' "$secret" >"$work/passfile"
chmod 600 "$work/passfile"
reader() { env PGHOST=127.0.0.1 PGUSER=reader PGDATABASE=incidents "$@"; }
succeeds "a reader with a password file" reader env PGPASSFILE="$work/passfile" "$HINDCAST" incidents
incident=$(sed -n 's/.*\(INC-[0-9]*-[0-9]*\).*/\1/p' "$work/out" | sed 1q)
succeeds "reads a timeline" reader env PGPASSFILE="$work/passfile" "$HINDCAST" timeline "$incident"
# Who may not is told the role that would do.
as_reader() { reader env PGPASSFILE="$work/passfile" "$HINDCAST" "$@"; }
for command in verify "verify --all" export "status --offline" "correlate --once"; do
    case $command in verify) command="verify $incident" ;; esac
    # shellcheck disable=SC2086 # words
    refused "a reader may not: $command" 'permission denied' 'needs the role .*hindcast_correlate' \
        as_reader $command
done
for command in incidents "timeline latest" "report latest" duplicates "search errors" "similar latest"; do
    # shellcheck disable=SC2086 # words
    refused "ingest's login may not: $command" 'permission denied' 'needs the role .*hindcast_responder' \
        tls ingester $command
done
refused "nor declare" 'permission denied' 'needs the role hindcast_responder' \
    tls ingester declare --title x --from 2026-03-03T10:00:00Z
refused "the correlator's may not ingest" 'permission denied' 'needs the role hindcast_ingest' \
    tls correlator ingest --once --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" \
    --kafka-group "$topic-2"
psql -Xq "$(with_cert migrator)" -c 'REVOKE hindcast_responder FROM reader; GRANT hindcast_analyst TO reader'
succeeds "hindcast_analyst is enough: duplicates" as_reader duplicates
succeeds "and for a search" as_reader search errors
for command in incidents "timeline latest" "report latest"; do
    # shellcheck disable=SC2086 # words
    refused "an analyst sees no text: $command" 'permission denied' 'needs the role hindcast_responder' \
        as_reader $command
done
psql -Xq "$(with_cert migrator)" -c 'REVOKE hindcast_analyst FROM reader; GRANT hindcast_responder TO reader'
succeeds "the correlator's login proves it" tls correlator verify "$incident"

# --- settings by environment, and what the server turns away ------------------------------------

by_environment() { env PGHOST=127.0.0.1 PGUSER=ingester PGDATABASE=incidents "$@" "$HINDCAST" ingest \
    --once --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" --kafka-group "$topic"; }
succeeds "PGSSL* variables" by_environment PGSSLCERT="$work/ingester.pem" PGSSLKEY="$work/ingester.key"
refused "no certificate" 'client certificate' sslcert by_environment PGSSLCERT=/nonexistent
refused "a certificate of another authority" 'unknown ca' sslcert \
    by_environment PGSSLCERT="$work/forged.pem" PGSSLKEY="$work/forged.key"
refused "the certificate of another login" 'certificate authentication failed' sslcert \
    by_environment PGSSLCERT="$work/correlator.pem" PGSSLKEY="$work/correlator.key"
chmod 644 "$work/forged.key"
refused "a key that others can read" 'private key file' sslkey \
    by_environment PGSSLCERT="$work/ingester.pem" PGSSLKEY="$work/forged.key"
refused "a server of an unknown authority" 'certificate verify failed' sslrootcert by_environment \
    PGSSLROOTCERT="$work/other-ca.pem" PGSSLCERT="$work/ingester.pem" PGSSLKEY="$work/ingester.key"
refused "no file of authorities" 'root certificate file' sslrootcert by_environment \
    PGSSLROOTCERT=/nonexistent PGSSLCERT="$work/ingester.pem" PGSSLKEY="$work/ingester.key"
refused "no TLS" 'no encryption' sslmode by_environment PGSSLMODE=disable
refused "a wrong host name" 'does not match host name' sslrootcert by_environment \
    PGHOST=example.invalid PGSSLCERT="$work/ingester.pem" PGSSLKEY="$work/ingester.key"
refused "a wrong password" 'password authentication failed' pg_hba.conf \
    reader env PGPASSWORD=wrong "$HINDCAST" incidents
refused "no password" 'no password supplied' pgpass \
    reader env PGPASSFILE=/nonexistent "$HINDCAST" incidents
unset PGSSLMODE PGSSLROOTCERT PGHOSTADDR
run env HINDCAST_DATABASE_CONNINFO="$at user=reader password=$secret" "$HINDCAST" config
if grep -q '^conninfo.*(set, hidden).*HINDCAST_DATABASE_CONNINFO' "$work/out"; then
    ok "config hides the connection string"
else
    not_ok "config hides the connection string"
fi

# --- what each login cannot do ------------------------------------------------------------------

# denied LOGIN SQL...: the login itself and every role it can take on, by SQLSTATE.
denied()
{
    login=$1
    shift
    for sql in "$@"; do
        if [ "$login" = reader ]; then where="$at user=reader password=$secret"; else
            where=$(with_cert "$login")
        fi
        psql -Xq -v VERBOSITY=sqlstate "$where" -c "$sql" >"$work/out" 2>"$work/err" || true
        if grep -q 42501 "$work/err"; then ok "$login: $sql"; else not_ok "$login: $sql"; fi
    done
}
partition=$(super "SELECT min(name) FROM evidence.partition WHERE parent = 'evidence.segment'")
event="(scope, stream_id, record_offset, idx) VALUES ('x', 1, 1, 1)"
denied ingester 'SELECT body FROM ingest.log' 'SELECT * FROM ingest.event' \
    'SELECT data FROM evidence.segment' "SELECT data FROM $partition" \
    "INSERT INTO $partition SELECT" 'DELETE FROM evidence.stream' 'DELETE FROM ingest.log' \
    'TRUNCATE evidence.quarantine' 'UPDATE evidence.batch SET records = 0' \
    'SELECT * FROM correlate.entry' 'SELECT * FROM review.declaration' 'SELECT * FROM analyst.ledger' \
    "SELECT evidence.create_partition('ingest.log', 'event_time', '2030-01-01', '2030-01-02')" \
    'CREATE TABLE evidence.mine ()' 'SET ROLE hindcast_owner' 'SET ROLE hindcast_correlate' \
    'UPDATE hindcast.schema_version SET version = 0' 'DROP TABLE ingest.event'
denied correlator "INSERT INTO ingest.event $event" 'DELETE FROM ingest.event' \
    'UPDATE evidence.stream SET next_offset = 0' 'DELETE FROM evidence.segment' \
    "SELECT data FROM $partition" "SELECT evidence.ensure_partitions('{}', '{}')" \
    "SELECT evidence.create_partition('ingest.log', 'event_time', '2030-01-01', '2030-01-02')" \
    'DELETE FROM review.declaration' 'SET ROLE hindcast_owner' 'SET ROLE hindcast_ingest' \
    'ALTER TABLE correlate.entry NO FORCE ROW LEVEL SECURITY'
denied reader 'SELECT * FROM ingest.event' 'SELECT * FROM evidence.stream' \
    'SELECT data FROM evidence.segment' "SELECT data FROM $partition" \
    'UPDATE correlate.entry SET text = text' 'DELETE FROM correlate.incident' \
    'DELETE FROM review.declaration' "SELECT evidence.ensure_partitions('{}', '{}')" \
    'SET ROLE hindcast_correlate' 'SET ROLE hindcast_ingest'
exit "$failed"
