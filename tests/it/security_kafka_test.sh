#!/bin/sh
# A Kafka whose listeners let nobody in without TLS: one asks for a password, one for a certificate.
# load and ingest deliver through both; who is not let in is told why, with the right exit code, and
# no secret is ever shown. Needs PG*, HINDCAST = the program, and openssl. Prints TAP.
set -eu
HINDCAST_LOAD_MANIFEST=no # records are counted
export HINDCAST_LOAD_MANIFEST

: "${HINDCAST:?}"
case $HINDCAST in /*) ;; *) HINDCAST=$PWD/$HINDCAST ;; esac
scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
. "$(dirname "$0")/../lib/certificates.sh"
unset HINDCAST_KAFKA
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-sasl.XXXXXX")
database=hindcast_sasl_$$
finish()
{
    "$scripts/kafka" stop --dir "$work/kafka" >/dev/null 2>&1 || true
    PGDATABASE=postgres psql -Xqc "DROP DATABASE IF EXISTS $database WITH (FORCE)" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 143' INT TERM
failed=0
ok() { echo "ok - $1"; }
not_ok() { # NAME
    echo "not ok - $1"
    failed=1
    sed 's/^/# /' "$out" "$err" | tail -n 6
}
out=$work/out err=$work/err
password=s3cret-word
key_password=s3cret-key

run()
{
    status=0
    "$@" >"$out" 2>"$err" </dev/null || status=$?
    ! grep -q 's3cret' "$out" "$err" || not_ok "a secret is shown by $*"
}
succeeds() # NAME COMMAND...
{
    said=$1
    shift
    run "$@"
    if [ "$status" = 0 ]; then ok "$said"; else not_ok "$said (exit code $status)"; fi
}
told() # NAME CODE WORDS HINT: of what ran last
{
    if [ "$status" = "$2" ] && grep -q "$3" "$err" && grep -q "^  .*$4" "$err"; then ok "$1"; else
        not_ok "$1 (exit code $status)"
    fi
}
refused() # NAME WORDS HINT COMMAND...
{
    said=$1 words=$2 hint=$3
    shift 3
    run "$@"
    told "$said" 5 "$words" "$hint"
}

# --- the broker ---------------------------------------------------------------------------------

authority "$work/ca"
authority "$work/other-ca"
certificate "$work/ca" "$work/broker" /CN=broker IP:127.0.0.1
certificate "$work/ca" "$work/client" /CN=hindcast DNS:hindcast
certificate "$work/other-ca" "$work/forged" /CN=hindcast DNS:hindcast
openssl pkcs8 -topk8 -v2 aes256 -passout "pass:$key_password" -in "$work/client.key" \
    -out "$work/client-locked.key" 2>/dev/null
cat "$work/broker.pem" "$work/broker.key" >"$work/keystore.pem"
jaas=org.apache.kafka.common.security
started=$("$scripts/kafka" start --dir "$work/kafka" --listener SASL=SASL_SSL --listener MTLS=SSL \
    --user "hindcast:$password" \
    --set ssl.keystore.type=PEM --set "ssl.keystore.location=$work/keystore.pem" \
    --set ssl.truststore.type=PEM --set "ssl.truststore.location=$work/ca.pem" \
    --set listener.name.sasl.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256 \
    --set "listener.name.sasl.plain.sasl.jaas.config=$jaas.plain.PlainLoginModule required \
user_hindcast=\"$password\" user_stranger=\"s3cret-too\";" \
    --set "listener.name.sasl.scram-sha-256.sasl.jaas.config=$jaas.scram.ScramLoginModule required;" \
    --set listener.name.mtls.ssl.client.auth=required \
    --set authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer \
    --set 'super.users=User:ANONYMOUS;User:hindcast;User:CN=hindcast')
plain=$(echo "$started" | sed -n 's/^HINDCAST_KAFKA=//p')
sasl=$(echo "$started" | sed -n 's/^LISTENER_SASL=//p')
mtls=$(echo "$started" | sed -n 's/^LISTENER_MTLS=//p')

PGDATABASE=postgres psql -Xqc "CREATE DATABASE $database"
export PGDATABASE="$database"
"$HINDCAST" migrate >/dev/null
printf '<13>1 2026-03-03T15:10:00Z h app - - - one\n<13>1 2026-03-03T15:10:01Z h app - - - two\n' \
    >"$work/two.log"
cat >"$work/sasl.ini" <<EOF
[kafka]
brokers = $sasl
[rdkafka]
security.protocol = SASL_SSL
ssl.ca.location = $work/ca.pem
sasl.mechanism = PLAIN
sasl.username = hindcast
sasl.password = $password
EOF
grep -v password "$work/sasl.ini" >"$work/no-password.ini"
rows() { psql -XAtqc "SELECT coalesce(sum(records), 0) FROM evidence.stream WHERE topic = '$1'"; }
load() { # SETTINGS TOPIC VARIABLE=VALUE...
    ini=$1 topic=$2
    shift 2
    env "$@" "$HINDCAST" --config "$ini" load --again --state "$work/state" --load-topic "$topic" \
        "$work/two.log"
}
ingest() { # the same
    ini=$1 topic=$2
    shift 2
    env HINDCAST_INGEST_WORKERS=1 "$@" "$HINDCAST" --config "$ini" ingest --once --kafka-topics "$topic" --kafka-group "$topic"
}
arrived() { # TOPIC NAME
    if [ "$(rows "$1")" = 2 ]; then ok "$2"; else not_ok "$2: $(rows "$1") rows"; fi
}

# A listener of another protocol looks like a broker that is down: that is waited for, so it takes a
# while, and goes on in the background.
wait_for() # FILE NAME WORDS HINT
{
    out=$work/$1.out err=$work/$1.err status=$(cat "$work/$1.status")
    ! grep -q 's3cret' "$out" "$err" || not_ok "a secret is shown: $2"
    told "$2" 5 "$3" "$4"
}
background() # FILE COMMAND...
{
    base=$work/$1
    shift
    (
        status=0
        "$@" >"$base.out" 2>"$base.err" </dev/null || status=$?
        echo "$status" >"$base.status"
    ) &
}
background no-tls load "$work/no-password.ini" t-none HINDCAST_RDKAFKA_SECURITY_PROTOCOL=PLAINTEXT
background not-tls load "$work/sasl.ini" t-none "HINDCAST_KAFKA_BROKERS=$plain" \
    HINDCAST_RDKAFKA_SECURITY_PROTOCOL=SSL

# --- user and password over TLS -----------------------------------------------------------------

succeeds "load with a password from the file" load "$work/sasl.ini" t-sasl
succeeds "ingest with a password from the environment" \
    ingest "$work/no-password.ini" t-sasl "HINDCAST_RDKAFKA_SASL_PASSWORD=$password"
arrived t-sasl "what was loaded is in the database"
refused "load: a wrong password" 'Authentication failed' 'rdkafka.sasl' \
    load "$work/no-password.ini" t-sasl HINDCAST_RDKAFKA_SASL_PASSWORD=s3cret-wrong
refused "ingest: a wrong password" 'Authentication failed' 'rdkafka.sasl' \
    ingest "$work/no-password.ini" t-sasl HINDCAST_RDKAFKA_SASL_PASSWORD=s3cret-wrong
refused "load: an authority that is not known" 'certificate verify failed' ssl.ca.location \
    load "$work/sasl.ini" t-sasl "HINDCAST_RDKAFKA_SSL_CA_LOCATION=$work/other-ca.pem"
refused "ingest: an authority that is not known" 'certificate verify failed' ssl.ca.location \
    ingest "$work/sasl.ini" t-sasl "HINDCAST_RDKAFKA_SSL_CA_LOCATION=$work/other-ca.pem"
refused "a host that the certificate does not name" 'certificate verify failed' 'names the host' \
    ingest "$work/sasl.ini" t-sasl "HINDCAST_KAFKA_BROKERS=localhost:${sasl#*:}"
refused "load: a user without rights" 'authorization failed' docs/security.md \
    load "$work/sasl.ini" t-sasl HINDCAST_RDKAFKA_SASL_USERNAME=stranger \
    HINDCAST_RDKAFKA_SASL_PASSWORD=s3cret-too
refused "ingest: a user without rights" 'authorization failed' docs/security.md \
    ingest "$work/sasl.ini" t-sasl HINDCAST_RDKAFKA_SASL_USERNAME=stranger \
    HINDCAST_RDKAFKA_SASL_PASSWORD=s3cret-too
# librdkafka before 2.6.1 cannot do this with Kafka 4; then the reason must be told.
run load "$work/sasl.ini" t-scram HINDCAST_RDKAFKA_SASL_MECHANISM=SCRAM-SHA-256
if [ "$status" = 0 ]; then ok "SCRAM"; else told "SCRAM fails, and why is told" 5 SCRAM 2.6.1; fi

# --- a certificate instead of a password --------------------------------------------------------

cat >"$work/mtls.ini" <<EOF
[kafka]
brokers = $mtls
[rdkafka]
security.protocol = SSL
ssl.ca.location = $work/ca.pem
EOF
with_key="HINDCAST_RDKAFKA_SSL_CERTIFICATE_LOCATION=$work/client.pem
HINDCAST_RDKAFKA_SSL_KEY_LOCATION=$work/client-locked.key
HINDCAST_RDKAFKA_SSL_KEY_PASSWORD=$key_password"
# shellcheck disable=SC2086 # three words
{
    succeeds "load with a certificate and a locked key" load "$work/mtls.ini" t-mtls $with_key
    succeeds "ingest with them" ingest "$work/mtls.ini" t-mtls $with_key
}
arrived t-mtls "what was loaded is in the database"
succeeds "ingest with certificate and key as text" ingest "$work/mtls.ini" t-mtls \
    "HINDCAST_RDKAFKA_SSL_CERTIFICATE_PEM=$(cat "$work/client.pem")" \
    "HINDCAST_RDKAFKA_SSL_KEY_PEM=$(cat "$work/client.key")"
refused "load: no certificate" certificate ssl.certificate.location load "$work/mtls.ini" t-mtls
refused "ingest: no certificate" certificate ssl.certificate.location ingest "$work/mtls.ini" t-mtls
refused "a certificate of another authority" certificate ssl.certificate.location \
    ingest "$work/mtls.ini" t-mtls "HINDCAST_RDKAFKA_SSL_CERTIFICATE_LOCATION=$work/forged.pem" \
    "HINDCAST_RDKAFKA_SSL_KEY_LOCATION=$work/forged.key"
# shellcheck disable=SC2086 # three words
run ingest "$work/mtls.ini" t-mtls $with_key HINDCAST_RDKAFKA_SSL_KEY_PASSWORD=s3cret-wrong
told "a wrong password of the key: an error of the configuration" 3 'ssl.key.location' 'rdkafka'

# --- no secret is shown -------------------------------------------------------------------------

run env HINDCAST_RDKAFKA_SASL_PASSWORD=s3cret-1 HINDCAST_RDKAFKA_SSL_KEY_PASSWORD=s3cret-2 \
    HINDCAST_RDKAFKA_SSL_KEYSTORE_PASSWORD=s3cret-3 HINDCAST_RDKAFKA_SSL_KEY_PEM=s3cret-4 \
    HINDCAST_RDKAFKA_SASL_OAUTHBEARER_CLIENT_SECRET=s3cret-5 \
    HINDCAST_RDKAFKA_SASL_OAUTHBEARER_CONFIG=s3cret-6 "$HINDCAST" --config "$work/sasl.ini" config
if [ "$(grep -c '(set, hidden)' "$out")" = 6 ]; then ok "config hides every secret"; else
    not_ok "config hides every secret"
fi

wait
wait_for no-tls "a client without TLS" 'security.protocol' 'security.protocol'
wait_for not-tls "TLS to a listener without" 'eof\|Disconnected' 'security.protocol'
exit "$failed"
