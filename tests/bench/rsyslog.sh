# shellcheck shell=sh disable=SC2154 # sourced; the variables are those of ingest_bench.sh
# rsyslog on the same topic, into an indexed table: sourced by ingest_bench.sh, whose functions and
# variables it uses. It parses the JSON and writes the fields of it that hindcast writes, into a table
# of the same make; it does not normalize, keeps no evidence, and takes its place in the topic from Kafka.
# BENCH_RSYSLOG_RECORDS: it is slower, so that a part of the topic is enough; of few records the rate
# leaves out much that was parsed before the first commit.

rsyslog_records=${BENCH_RSYSLOG_RECORDS:-300000}
[ "$rsyslog_records" -le "$records" ] || rsyslog_records=$records

rsyslog_settings() # WORKERS BATCH GROUP: as the case's name and the round say
{
    cat <<END
module(load="imkafka")
module(load="mmjsonparse")
module(load="ompgsql")
global(workDirectory="$work" processInternalMessages="off")
main_queue(queue.type="LinkedList" queue.size="100000" queue.timeoutshutdown="0")

template(name="row" type="list" option.stdsql="on") {
    constant(value="INSERT INTO bench_rsyslog (event_time, scope, time_source, record_kind, format, ")
    constant(value="source, source_time_text, service, environment, host, severity_text, trace_id, ")
    constant(value="body, attributes) VALUES ('")
    property(name="\$!@timestamp")
    constant(value="', 'default', 'native', 'log', 'ecs', 'ecs', '")
    property(name="\$!@timestamp")
    constant(value="', '")
    property(name="\$!service!name")
    constant(value="', '")
    property(name="\$!service!environment")
    constant(value="', '")
    property(name="\$!host!name")
    constant(value="', '")
    property(name="\$!log.level")
    constant(value="', '")
    property(name="\$!trace.id")
    constant(value="', '")
    property(name="\$!message")
    constant(value="', '{\"log\": ")
    property(name="\$!log")
    constant(value=", \"http\": ")
    property(name="\$!http")
    constant(value=", \"service\": ")
    property(name="\$!service")
    constant(value="}')")
}

input(type="imkafka" topic="$(topic_of ecs)" broker=["$HINDCAST_KAFKA"] consumergroup="$3"
      ruleset="rows" confParam=["auto.offset.reset=earliest"])

ruleset(name="rows" queue.type="LinkedList" queue.size="100000" queue.dequeueBatchSize="$2"
        queue.workerThreads="$1" queue.workerThreadMinimumMessages="1" queue.timeoutshutdown="0") {
    action(type="mmjsonparse" cookie="")
    action(type="ompgsql" conninfo="postgresql://$PGUSER@/$PGDATABASE?host=$PGHOST&port=$PGPORT"
           template="row")
}
END
}

run_rsyslog() # ROUND CASE, which is rsyslog-WORKERS-BATCH
{
    sql -f tests/bench/rsyslog_table.sql -c CHECKPOINT
    # shellcheck disable=SC2046 # two words
    rsyslog_settings $(echo "${2#*-}" | tr '-' ' ') "$2-$1" >"$work/rsyslog.conf"
    measured sh tests/bench/rsyslog_run "$work/rsyslog.conf" "$rsyslog_records"
    # shellcheck disable=SC2046 # two words
    set -- "$1" "$2" $(sql -F ' ' -f tests/bench/rsyslog_rate.sql)
    note "$1" "$2" rsyslog "$rsyslog_records" "$(scaled "$3" "$4" "$rsyslog_records")"
}
