/*
 * One event each, the same one in every order: two deliveries of everything (an HA pair of
 * Alertmanagers, two exports of Slack, redelivered webhooks, a producer that retries) are sent to a
 * real Kafka in several orders, each order into a topic and a database of its own. What the program
 * exports must be the same bytes but for the places in Kafka; which delivery counts is computed
 * here, apart from the program. Nothing is lost on the way: every delivery has its row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sha256.h"
#include "hindcast/producer.h"
#include "store/evidence/frame.h"
#include "tests/lib/kafkatest.h"

#define PARTITIONS 3
#define PRODUCE_TIMEOUT_NS (30 * NS_PER_S)
#define EVENTS 8 /* different events in a delivery */

struct sent {
    const char *value;
    struct header headers[4];
    size_t header_count;
    struct sv key;
    int64_t time_ns; /* 0: the broker's business */
};

#define CHANNEL                                                                                    \
    {                                                                                              \
        SV_INIT("hindcast-channel"), SV_INIT("ops")                                                \
    }
#define SV_INIT(text)                                                                              \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }
#define AM(receiver, url, starts)                                                                  \
    "{\"version\":\"4\",\"groupKey\":\"g\",\"receiver\":\"" receiver "\",\"externalURL\":\"" url   \
    "\",\"alerts\":[{\"status\":\"firing\",\"fingerprint\":\"00aa11bb22cc33dd\",\"startsAt\":"     \
    "\"" starts "\",\"labels\":{\"alertname\":\"HighLatency\",\"severity\":\"critical\","          \
    "\"service\":\"checkout\"},\"annotations\":{\"summary\":\"p99 above 2 s\"}}]}"
#define PAGE                                                                                       \
    "{\"event\":{\"id\":\"01AAA\",\"event_type\":\"incident.triggered\",\"resource_type\":"        \
    "\"incident\",\"occurred_at\":\"2026-03-01T10:01:00.500Z\",\"data\":{\"id\":\"P1\",\"type\":"  \
    "\"incident\",\"title\":\"Checkout is down\",\"status\":\"triggered\",\"urgency\":\"high\","   \
    "\"service\":{\"summary\":\"checkout\"}}}}"
#define DEPLOYED                                                                                   \
    "{\"deployment_status\":{\"id\":7,\"state\":\"success\",\"updated_at\":"                       \
    "\"2026-03-01T09:58:00Z\",\"environment\":\"prod\"},\"deployment\":{\"id\":5,\"sha\":"         \
    "\"abc123\",\"ref\":\"main\",\"task\":\"deploy\"},\"repository\":{\"full_name\":\"acme/"       \
    "shop\"}}"
#define SAID(ts, text, more)                                                                       \
    "{\"type\":\"message\",\"user\":\"U1\",\"ts\":\"" ts "\",\"text\":\"" text "\"" more "}"

/* The same eight events, delivered twice; what differs between the two is what differs in life. */
static const struct sent deliveries[2][EVENTS] = {
    {
        {.value = AM("hook-a", "http://am-a", "2026-03-01T10:00:00.123Z")},
        {.value = SAID("1772359320.000100", "looking at checkout", ""), {CHANNEL}, 1},
        {.value = SAID("1772359380.000100", "rolling bakc", ""), {CHANNEL}, 1},
        {.value = SAID("1772359440.000100", "the password is hunter2", ""), {CHANNEL}, 1},
        {.value = PAGE},
        {.value = DEPLOYED,
         {{SV_INIT("X-GitHub-Event"), SV_INIT("deployment_status")},
          {SV_INIT("X-GitHub-Delivery"), SV_INIT("d-1")}},
         2},
        {.value = "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/shop\",\"type\":\"t\","
                  "\"time\":\"2026-03-01T10:02:30Z\",\"data\":{\"level\":\"error\",\"msg\":"
                  "\"cart lost\"}}"},
        {.value = "{\"id\":\"n-1\",\"kind\":\"note\",\"source\":\"ops\",\"time\":"
                  "\"2026-03-01T10:20:00Z\",\"text\":\"all calm\"}"},
    },
    {
        {.value = AM("hook-b", "http://am-b", "2026-03-01T11:00:00.123+01:00")},
        {.value = SAID("1772359320.000100", "looking at checkout",
                       ",\"reactions\":[{\"name\":\"eyes\",\"users\":[\"U2\"],\"count\":1}]"),
         {CHANNEL},
         1},
        {.value = SAID("1772359380.000100", "rolling back",
                       ",\"edited\":{\"user\":\"U1\",\"ts\":\"1772359400.000000\"}"),
         {CHANNEL},
         1},
        {.value = "{\"type\":\"message\",\"subtype\":\"tombstone\",\"user\":\"USLACKBOT\",\"ts\":"
                  "\"1772359440.000100\",\"text\":\"This message was deleted.\"}",
         {CHANNEL},
         1},
        {.value = PAGE},
        {.value = DEPLOYED,
         {{SV_INIT("X-GitHub-Event"), SV_INIT("deployment_status")},
          {SV_INIT("X-GitHub-Delivery"), SV_INIT("d-1")}},
         2},
        {.value = "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/shop\",\"type\":\"t\","
                  "\"time\":\"2026-03-01T10:02:30Z\",\"data\":{\"msg\":\"cart lost\",\"level\":"
                  "\"error\"}}"},
        {.value = "{\"id\":\"n-1\",\"kind\":\"note\",\"source\":\"ops\",\"time\":"
                  "\"2026-03-01T10:20:00Z\",\"text\":\"all calm\"}"},
    },
};

/* Which of the two must count: -1 that with the smaller SHA-256, else the one of higher version. */
static const int expected_winner[EVENTS] = {-1, -1, 1, 1, -1, -1, -1, -1};

static char work[64];
static int databases;
static PGconn *conn;

static void
execute(PGconn *on, const char *sql)
{
    PGresult *result = PQexec(on, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(on));
    PQclear(result);
}

/* First column of the first row; the caller frees it. */
static char *
value_of(const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
        fail_msg("%s: %s", sql, PQerrorMessage(conn));
    char *value = strdup(PQgetvalue(result, 0, 0));
    PQclear(result);
    return value;
}

static void
expect(const char *sql, const char *expected)
{
    char *value = value_of(sql);
    if (strcmp(value, expected) != 0)
        fail_msg("%s\nis %s, not %s", sql, value, expected);
    free(value);
}

static int64_t
number(const char *sql)
{
    char *value = value_of(sql);
    int64_t found = strtoll(value, NULL, 10);
    free(value);
    return found;
}

/* Runs the program with these arguments, its output into `file`, and expects it to succeed. */
static void
run(const char *file, ...)
{
    char path[128], *arguments[16] = {getenv("HINDCAST")};
    size_t count = 1;
    va_list list;
    int status;
    va_start(list, file);
    for (char *next; (next = va_arg(list, char *)) != NULL && count < 15;)
        arguments[count++] = next;
    va_end(list);
    snprintf(path, sizeof(path), "%s/%s", work, file);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(out, STDOUT_FILENO);
        execv(arguments[0], arguments);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("hindcast %s ended with %d", arguments[1], status);
}

static char *
slurp(const char *file)
{
    char path[128], *text = NULL;
    size_t size = 0;
    snprintf(path, sizeof(path), "%s/%s", work, file);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    if (getdelim(&text, &size, '\0', in) < 0)
        fail_msg("%s is empty", file);
    fclose(in);
    return text;
}

static void
database_name(char *ret_name, size_t size, int number_of)
{
    snprintf(ret_name, size, "duplicates_%ld_%d", (long)getpid(), number_of);
}

static void
fresh_database(void)
{
    char name[64], sql[128];
    PQfinish(conn);
    conn = PQconnectdb("dbname=postgres");
    database_name(name, sizeof(name), ++databases);
    snprintf(sql, sizeof(sql), "CREATE DATABASE %s", name);
    execute(conn, sql);
    PQfinish(conn);
    setenv("PGDATABASE", name, 1);
    run("migrate", "migrate", NULL);
    conn = PQconnectdb("");
    assert_int_equal(PQstatus(conn), CONNECTION_OK);
}

static void
send_all(const char *topic, const struct sent *const *records, size_t count)
{
    struct err err = {0};
    struct config *config = config_new();
    struct producer *producer = NULL;
    kafkatest_create_topic(topic, PARTITIONS);
    if (producer_open(&producer, config, kafkatest_brokers(), topic, &err) != 0)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < count; i++) {
        struct outgoing out = {.key = records[i]->key,
                               .value = sv_from(records[i]->value),
                               .headers = records[i]->headers,
                               .header_count = records[i]->header_count,
                               .time_ns =
                                   records[i]->time_ns == 0 ? TIME_NONE : records[i]->time_ns,
                               .partition = (int32_t)(i % PARTITIONS)};
        if (producer_send(producer, &out, &err) != 0)
            fail_msg("%s", err.message);
    }
    if (producer_flush(producer, PRODUCE_TIMEOUT_NS, &err) != 0)
        fail_msg("%s", err.message);
    producer_close(producer);
    config_free(config);
}

static void
ingest(const char *topics)
{
    char group[64];
    snprintf(group, sizeof(group), "duplicates-%ld-%d", (long)getpid(), databases);
    run("ingest", "ingest", "--once", "--kafka-brokers", kafkatest_brokers(), "--kafka-topics",
        topics, "--kafka-group", group, NULL);
}

/* ---- events told twice, in every order ---- */

struct order {
    const char *name;
    size_t count;
    struct {
        int delivery;
        size_t event;
    } records[4 * EVENTS];
};

static void
add(struct order *order, int delivery, size_t event)
{
    order->records[order->count].delivery = delivery;
    order->records[order->count++].event = event;
}

static void
make_orders(struct order orders[4])
{
    memset(orders, 0, 4 * sizeof(orders[0]));
    orders[0].name = "first-then-second";
    orders[1].name = "second-then-first";
    orders[2].name = "at-once";
    orders[3].name = "twice-backwards";
    for (size_t i = 0; i < EVENTS; i++)
        add(&orders[0], 0, i);
    for (size_t i = 0; i < EVENTS; i++) {
        add(&orders[0], 1, i);
        add(&orders[1], 1, i);
        add(&orders[2], i % 2 == 0, EVENTS - 1 - i);
        add(&orders[2], i % 2 != 0, EVENTS - 1 - i);
    }
    for (size_t i = 0; i < EVENTS; i++)
        add(&orders[1], 0, i);
    for (size_t round = 0; round < 2; round++)
        for (size_t i = EVENTS; i-- > 0;) {
            add(&orders[3], 1, i);
            add(&orders[3], 0, i);
        }
}

/* What the export says, without the places in Kafka; they differ between orders. */
static char *
told(const char *name)
{
    char command[512], file[128], stripped[160];
    snprintf(file, sizeof(file), "export-%s", name);
    run(file, "export", NULL);
    snprintf(stripped, sizeof(stripped), "%s.stripped", file);
    snprintf(command, sizeof(command),
             "sed -E 's/\"(topic)\":\"[^\"]*\"/\"\\1\":0/g; "
             "s/\"(offset|partition)\":[0-9]+/\"\\1\":0/g' "
             "'%s/%s' > '%s/%s'",
             work, file, work, stripped);
    assert_int_equal(system(command), 0);
    return slurp(stripped);
}

static void
expect_winners(void)
{
    for (size_t i = 0; i < EVENTS; i++) {
        char hex[2][SHA256_HEX + 1], sql[256];
        struct sha256 digest;
        for (int d = 0; d < 2; d++) {
            sha256_of(deliveries[d][i].value, strlen(deliveries[d][i].value), &digest);
            sha256_hex(&digest, hex[d]);
        }
        int winner = expected_winner[i] >= 0 ? expected_winner[i] : strcmp(hex[1], hex[0]) < 0;
        snprintf(
            sql, sizeof(sql),
            "SELECT count(*) FROM analyst.deliveries WHERE outcome = 'counts' AND sha256 = '%s'",
            hex[winner]);
        if (number(sql) != 1)
            fail_msg("event %zu: delivery %d does not count, once", i, winner);
    }
}

static void
run_order(const struct order *order)
{
    const struct sent *records[4 * EVENTS];
    char topic[96];
    fresh_database();
    snprintf(topic, sizeof(topic), "duplicates-%ld-%s", (long)getpid(), order->name);
    for (size_t i = 0; i < order->count; i++)
        records[i] = &deliveries[order->records[i].delivery][order->records[i].event];
    send_all(topic, records, order->count);
    ingest(topic);
    run("correlate", "correlate", "--once", NULL);
    assert_int_equal(
        number("SELECT (SELECT count(*) FROM ingest.event) + count(*) FROM ingest.log"),
        order->count);
    assert_int_equal(number("SELECT count(*) FROM analyst.duplicates"), EVENTS);
    assert_int_equal(number("SELECT sum(deliveries) FROM analyst.duplicates"), order->count);
    assert_int_equal(number("SELECT sum(duplicates) FROM analyst.ledger WHERE adds_up"),
                     order->count - EVENTS);
    expect_winners();
}

static void
every_order_gives_the_same_events(void **state)
{
    static struct order orders[4];
    char *first = NULL;
    (void)state;
    make_orders(orders);
    for (size_t i = 0; i < 4; i++) {
        run_order(&orders[i]);
        char *text = told(orders[i].name);
        assert_non_null(strstr(text, "rolling back"));
        assert_null(strstr(text, "bakc"));
        assert_null(strstr(text, "hunter2"));
        assert_non_null(strstr(text, "message deleted"));
        if (first != NULL && strcmp(first, text) != 0)
            fail_msg("%s tells something else than %s:\n%s\n%s", orders[i].name, orders[0].name,
                     first, text);
        if (first == NULL)
            first = text;
        else
            free(text);
    }
    free(first);
}

/* On the database of the last order: every event came four times. */
static void
duplicates_are_shown_and_rebuilt(void **state)
{
    (void)state;
    const char *all =
        "SELECT string_agg(d::text, ' ' ORDER BY scope, uid, stream_id, record_offset) "
        "FROM correlate.delivery d";
    const char *versions = "SELECT string_agg(xmin::text, ' ' ORDER BY stream_id, record_offset) "
                           "FROM correlate.delivery";
    char *before = value_of(all), *rows = value_of(versions);
    expect("SELECT duplicates || ' ' || earlier_versions || ' ' || contents || ' ' || "
           "array_length(others_at, 1) FROM analyst.duplicates "
           "WHERE format = 'slack' AND event_time = '2026-03-01 10:03:00+00'",
           "1 2 2 3");
    expect("SELECT count(*) FROM analyst.duplicates WHERE counts_at = ANY (others_at)", "0");
    run("again", "correlate", "--once", NULL);
    expect(versions, rows);
    run("rebuild", "correlate", "--rebuild", NULL);
    expect(all, before);
    run("shown", "duplicates", NULL);
    char *shown = slurp("shown");
    assert_non_null(strstr(shown, "chat (slack) seen 4 times"));
    assert_non_null(strstr(shown, "earlier version"));
    assert_non_null(strstr(shown, "(by sha256)"));
    assert_non_null(strstr(shown, " frame "));
    assert_non_null(strstr(shown, "8 events came more than once, in 32 deliveries"));
    free(shown);
    free(before);
    free(rows);
}

/* ---- deliveries with one value ---- */

#define SENT_NS INT64_C(1772366400000000000) /* 2026-03-01T12:00:00Z */
#define YEARLESS "<11>Mar  1 10:05:00 web-1 app: pool is empty"
#define ASKED(id) {{SV_INIT("x-request-id"), SV_INIT(id)}}, 1
#define DATED(date)                                                                                \
    {{SV_INIT("hindcast-id"), SV_INIT("mail:1")}, {SV_INIT("hindcast-file-time"), SV_INIT(date)}}, 2

/* What a gateway adds, a producer's key, its clock; and one file, loaded with another date. */
static const struct sent alike[] = {
    {PAGE, ASKED("1"), .time_ns = SENT_NS},
    {PAGE, ASKED("2"), .time_ns = SENT_NS},
    {PAGE, ASKED("1"), .time_ns = SENT_NS - 2 * NS_PER_S},
    {PAGE, ASKED("2"), .time_ns = SENT_NS - NS_PER_S},
    {PAGE, .key = SV_INIT("pd"), .time_ns = SENT_NS},
    {PAGE, .key = SV_INIT("pd"), .time_ns = SENT_NS - NS_PER_S},
    {YEARLESS, DATED("2026-06-01T00:00:00Z"), .time_ns = SENT_NS},
    {YEARLESS, DATED("2025-06-01T00:00:00Z"), .time_ns = SENT_NS},
};
enum { ALIKE = sizeof(alike) / sizeof(alike[0]) };

static void
frame_hex(const struct sent *sent, char ret_hex[SHA256_HEX + 1])
{
    const struct record record = {.key = sent->key,
                                  .value = sv_from(sent->value),
                                  .headers = sent->headers,
                                  .header_count = sent->header_count};
    char front[512];
    struct sha256 value, frame;
    assert_true(frame_front_size(&record) <= sizeof(front));
    size_t len = (size_t)(frame_put_front(front, &record) - front);
    sha256_of(record.value.ptr, record.value.len, &value);
    frame_digest(sv_of(front, len), &value, &frame);
    sha256_hex(&frame, ret_hex);
}

/* Smallest frame digest, then the earliest: of those from `from` up to `to`. */
static const struct sent *
winner_of(size_t from, size_t to)
{
    const struct sent *winner = &alike[from];
    for (size_t i = from + 1; i < to; i++) {
        char least[SHA256_HEX + 1], hex[SHA256_HEX + 1];
        frame_hex(winner, least);
        frame_hex(&alike[i], hex);
        int order = strcmp(hex, least);
        if (order < 0 || (order == 0 && alike[i].time_ns < winner->time_ns))
            winner = &alike[i];
    }
    return winner;
}

static void
expect_winner(const char *table, const struct sent *winner)
{
    char sql[512], expected[128], hex[SHA256_HEX + 1];
    frame_hex(winner, hex);
    snprintf(sql, sizeof(sql),
             "SELECT frame_sha256 || ' ' || extract(epoch FROM r.kafka_time)::bigint "
             "FROM analyst.deliveries d JOIN ingest.%s r USING (scope, uid, record_offset, idx) "
             "JOIN evidence.stream s USING (stream_id) "
             "WHERE d.outcome = 'counts' AND s.partition = d.partition",
             table);
    snprintf(expected, sizeof(expected), "%s %lld", hex, (long long)(winner->time_ns / NS_PER_S));
    expect(sql, expected);
}

static void
what_lies_beside_the_value_decides_before_coordinates(void **state)
{
    static const size_t orders[3][ALIKE] = {
        {0, 1, 2, 3, 4, 5, 6, 7}, {7, 6, 5, 4, 3, 2, 1, 0}, {3, 6, 1, 4, 7, 0, 5, 2}};
    char *texts[3];
    (void)state;
    for (size_t o = 0; o < 3; o++) {
        const struct sent *records[ALIKE];
        char topic[96];
        fresh_database();
        snprintf(topic, sizeof(topic), "alike-%ld-%zu", (long)getpid(), o);
        for (size_t i = 0; i < ALIKE; i++)
            records[i] = &alike[orders[o][i]];
        send_all(topic, records, ALIKE);
        ingest(topic);
        run("correlate", "correlate", "--once", NULL);
        expect("SELECT string_agg(kind || ' ' || deliveries, ', ' ORDER BY kind) "
               "FROM analyst.duplicates",
               "alert 6, log 2");
        expect("SELECT string_agg(decided_by || ' ' || n, ', ' ORDER BY decided_by) FROM ("
               "SELECT decided_by, count(*) AS n FROM analyst.deliveries GROUP BY 1) d",
               "frame 5, timestamp 1");
        expect_winner("event", winner_of(0, 6));
        expect_winner("log", winner_of(6, ALIKE));
        texts[o] = told(topic);
        assert_string_equal(texts[o], texts[0]);
    }
    for (size_t o = 0; o < 3; o++)
        free(texts[o]);
}

/* ---- log lines ---- */

#define LINE(at, level, text)                                                                      \
    "{\"@timestamp\":\"2026-03-01T10:05:00Z\",\"@metadata\":{\"beat\":\"filebeat\"},\"log\":"      \
    "{\"offset\":" at ",\"level\":\"" level "\",\"file\":{\"path\":\"/var/log/app.log\"}},"        \
    "\"host\":{\"name\":\"web-1\"},\"message\":\"" text "\"}"

static void
logs_count_once_only_where_the_topic_says_so(void **state)
{
    static const struct sent error = {.value = LINE("100", "error", "pool is empty")};
    static const struct sent info = {.value = LINE("200", "info", "all is well")};
    static const struct sent rotated = {.value = LINE("100", "error", "disk is full")};
    static const struct sent cursor = {
        .value = "{\"__CURSOR\":\"s=1;i=2\",\"MESSAGE\":\"oom-kill\",\"PRIORITY\":\"2\","
                 "\"time\":\"2026-03-01T10:06:00Z\"}"};
    const struct sent *const records[] = {&error,   &error,  &info,   &info,
                                          &rotated, &cursor, &cursor, &deliveries[0][7]};
    char plain[64], native[64], topics[160], settings[160];
    (void)state;
    fresh_database();
    snprintf(plain, sizeof(plain), "logs.plain-%ld", (long)getpid());
    snprintf(native, sizeof(native), "logs.native-%ld", (long)getpid());
    snprintf(topics, sizeof(topics), "%s,%s", plain, native);
    send_all(plain, records, 8);
    send_all(native, records, 8);
    snprintf(settings, sizeof(settings), "%s=native", native);
    setenv("HINDCAST_TOPIC_DEDUP", settings, 1);
    snprintf(settings, sizeof(settings), "%s=native-scope,%s=plain-scope", native, plain);
    setenv("HINDCAST_TOPIC_SCOPE", settings, 1);
    ingest(topics);
    unsetenv("HINDCAST_TOPIC_DEDUP");
    unsetenv("HINDCAST_TOPIC_SCOPE");
    run("correlate", "correlate", "--once", NULL);
    expect(
        "SELECT string_agg(format('%s %s %s', scope, c, u), ', ' ORDER BY scope) FROM ("
        "SELECT scope, count(*) AS c, count(DISTINCT uid) AS u FROM ingest.log GROUP BY scope) l",
        "native-scope 7 4, plain-scope 7 0");
    /* Of all of them, also the line that nobody would look at otherwise. */
    expect("SELECT string_agg(format('%s %s %s', scope, kind, deliveries), ', ' ORDER BY scope) "
           "FROM analyst.duplicates",
           "native-scope log 2, native-scope log 2, native-scope log 2");
    expect("SELECT string_agg(format('%s %s', scope, records), ', ' ORDER BY scope, records) FROM ("
           "SELECT scope, sum(records) AS records FROM correlate.node GROUP BY scope) n",
           "native-scope 4, plain-scope 6");
}

static int
setup(void **state)
{
    (void)state;
    if (kafkatest_brokers() == NULL || getenv("HINDCAST") == NULL) {
        fprintf(stderr, "HINDCAST and HINDCAST_KAFKA must be set\n");
        return -1;
    }
    snprintf(work, sizeof(work), "/tmp/hindcast-duplicates-XXXXXX");
    return mkdtemp(work) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
    char text[160], name[64];
    (void)state;
    PQfinish(conn);
    conn = PQconnectdb("dbname=postgres");
    for (int i = 1; i <= databases; i++) {
        database_name(name, sizeof(name), i);
        snprintf(text, sizeof(text), "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
        PQclear(PQexec(conn, text));
    }
    PQfinish(conn);
    snprintf(text, sizeof(text), "rm -rf '%s'", work);
    return system(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_gives_the_same_events),
        cmocka_unit_test(duplicates_are_shown_and_rebuilt),
        cmocka_unit_test(what_lies_beside_the_value_decides_before_coordinates),
        cmocka_unit_test(logs_count_once_only_where_the_topic_says_so),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
