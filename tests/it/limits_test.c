/*
 * Limits on what a sender controls that only a real Kafka can show: each at the limit and one
 * beyond. Large values are sent compressed, as a sender would who wants to do harm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "hindcast/decoder.h"
#include "hindcast/producer.h"
#include "ingest/source/kafka/consumer.h"
#include "tests/lib/kafkatest.h"
#include "tests/lib/pgtest.h"

#define PRODUCE_TIMEOUT_NS (60 * NS_PER_S)
#define TOPIC_LONGEST 249 /* Kafka's own limit */

static char topic[TOPIC_LONGEST + 2];
static char said[8192];

static void
new_topic(const char *setting, const char *value)
{
    static int count;
    snprintf(topic, sizeof(topic), "limits-%ld-%d", (long)getpid(), ++count);
    kafkatest_create_topic_with(topic, 1, setting, value);
}

static void
set(struct config *config, const char *name, const char *value)
{
    struct err err = {0};
    if (config_set_rdkafka(config, name, value, &err) != 0)
        fail_msg("%s", err.message);
}

/* 0, or -1 with err: the broker did not take it. */
static int
try_send(const char *codec, const struct outgoing *record, struct err *err)
{
    struct config *config = config_new();
    struct producer *producer = NULL;
    set(config, "compression.codec", codec);
    set(config, "message.max.bytes", "1000000000");
    set(config, "queue.buffering.max.kbytes", "2000000");
    int status = producer_open(&producer, config, kafkatest_brokers(), topic, err);
    if (status == 0)
        status = producer_send(producer, record, err);
    if (status == 0)
        status = producer_flush(producer, PRODUCE_TIMEOUT_NS, err);
    producer_close(producer);
    config_free(config);
    return status;
}

static void
send_record(const char *codec, const struct outgoing *record)
{
    struct err err = {0};
    if (try_send(codec, record, &err) != 0)
        fail_msg("%s", err.message);
}

static struct outgoing
outgoing_of(struct sv value)
{
    return (struct outgoing){.value = value, .time_ns = TIME_NONE, .partition = 0};
}

/* `size` bytes of one letter: the caller frees them. */
static struct sv
letters(size_t size)
{
    char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, 'x', size);
    return sv_of(bytes, size);
}

/* Its exit code; what it wrote is in `said`. */
static int
run(const char *command)
{
    FILE *out = popen(command, "r");
    assert_non_null(out);
    size_t size = fread(said, 1, sizeof(said) - 1, out);
    said[size] = '\0';
    int status = pclose(out);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Exit code of `ingest --once` on the topic. */
static int
ingest(const char *argument)
{
    char command[1024];
    snprintf(command, sizeof(command),
             "'%s' ingest --once --ingest-workers 1 --kafka-brokers %s --kafka-topics %s "
             "--kafka-group %s %s 2>&1",
             getenv("HINDCAST"), kafkatest_brokers(), topic, topic, argument);
    return run(command);
}

/* With these options, which count from then on. */
static void
apply(const char *argument)
{
    char command[1024];
    snprintf(command, sizeof(command), "'%s' config apply %s 2>&1", getenv("HINDCAST"), argument);
    if (run(command) != 0)
        fail_msg("%s", said);
}

static void
ingest_well(void)
{
    if (ingest("") != 0)
        fail_msg("%s", said);
}

static int64_t
of_topic(const char *expression)
{
    char sql[1024];
    snprintf(
        sql, sizeof(sql),
        "SELECT %s FROM evidence.stream s WHERE topic = '%s' AND records = stored + quarantined",
        expression, topic);
    return pgtest_int(sql);
}

#define REASONS(reason)                                                                            \
    "(SELECT count(*) FROM evidence.quarantine q WHERE q.stream_id = s.stream_id AND reason = "    \
    "'" reason "')"

static void
the_value_of_a_record(void **state)
{
    (void)state;
    new_topic(NULL, NULL);
    struct sv value = letters(RECORD_BYTES_MAX + 1);
    struct outgoing within = outgoing_of(sv_slice(value, 0, RECORD_BYTES_MAX));
    struct outgoing beyond = outgoing_of(value);
    send_record("zstd", &within);
    send_record("gzip", &beyond);
    ingest_well();
    assert_int_equal(of_topic("stored"), 1);
    assert_int_equal(of_topic(REASONS("too_large")), 1);
    /* Beyond the limit the bytes are kept all the same. */
    assert_int_equal(of_topic("(SELECT sum(records) FROM evidence.segment g"
                              " WHERE g.stream_id = s.stream_id)"),
                     2);
    free((void *)(uintptr_t)value.ptr);
}

static void
headers_of_a_record(void **state)
{
    (void)state;
    new_topic(NULL, NULL);
    static struct header headers[RECORD_HEADERS_MAX + 1];
    for (size_t i = 0; i < RECORD_HEADERS_MAX + 1; i++)
        headers[i] = (struct header){SV("more"), SV("x")};
    struct outgoing record = outgoing_of(SV("a line"));
    record.headers = headers;
    record.header_count = RECORD_HEADERS_MAX;
    headers[RECORD_HEADERS_MAX - 1] = (struct header){SV(HEADER_SERVICE), SV("within")};
    send_record("none", &record);
    record.header_count = RECORD_HEADERS_MAX + 1;
    headers[RECORD_HEADERS_MAX] = headers[RECORD_HEADERS_MAX - 1];
    headers[RECORD_HEADERS_MAX - 1] = headers[0];
    headers[RECORD_HEADERS_MAX].value = SV("beyond");
    send_record("none", &record);
    ingest_well();
    assert_int_equal(of_topic("stored"), 2);
    assert_int_equal(of_topic("(SELECT count(*) FROM ingest.log l WHERE l.stream_id = s.stream_id"
                              " AND service = 'within' AND record_offset = 0)"),
                     1);
    assert_int_equal(of_topic("(SELECT count(*) FROM ingest.log l WHERE l.stream_id = s.stream_id"
                              " AND service = 'beyond')"),
                     0);
}

/* A record whose header names its service; ret_named: 1 when its row does. Its size in evidence. */
static int64_t
ingest_headers(const char *argument, int64_t *ret_named)
{
    const struct header header = {SV(HEADER_SERVICE), SV("cart")};
    struct outgoing record = outgoing_of(SV("a line"));
    new_topic(NULL, NULL);
    record.headers = &header;
    record.header_count = 1;
    send_record("none", &record);
    apply(argument);
    if (ingest(argument) != 0)
        fail_msg("%s", said);
    assert_int_equal(of_topic("stored"), 1);
    *ret_named = of_topic("(SELECT count(*) FROM ingest.log l WHERE l.stream_id = s.stream_id"
                          " AND service = 'cart')");
    return of_topic("coalesce((SELECT max(ends[1]) FROM evidence.segment g"
                    " WHERE g.stream_id = s.stream_id), 0)");
}

/* headers = no: they say nothing about the record, and are evidence all the same. */
static void
headers_that_are_not_read(void **state)
{
    (void)state;
    int64_t named, bytes = ingest_headers("", &named);
    assert_true(bytes > 0);
    assert_int_equal(named, 1);
    assert_int_equal(ingest_headers("--ingest-headers no", &named), bytes);
    assert_int_equal(named, 0);
    assert_int_equal(ingest_headers("--ingest-headers no --ingest-evidence no", &named), 0);
    assert_int_equal(named, 0);
    assert_int_equal(ingest_headers("--ingest-evidence no", &named), 0);
    assert_int_equal(named, 1);
}

/* Key and headers have no limit of their own: they are kept as evidence, read back by verify. */
static void
a_large_key(void **state)
{
    (void)state;
    new_topic(NULL, NULL);
    struct sv large = letters(20 * 1024 * 1024);
    struct header header = {SV("large"), large};
    struct outgoing record = outgoing_of(SV("a line"));
    record.key = large;
    record.headers = &header;
    record.header_count = 1;
    send_record("zstd", &record);
    ingest_well();
    assert_int_equal(of_topic("stored"), 1);
    assert_int_equal(of_topic("(SELECT max(ends[1]) / 1024 / 1024 FROM evidence.segment g"
                              " WHERE g.stream_id = s.stream_id)"),
                     40);
    free((void *)(uintptr_t)large.ptr);
}

static void
what_a_batch_unpacks_to(void **state)
{
    (void)state;
    size_t limit = strtoul(KAFKA_UNPACKED_BYTES, NULL, 10);
    new_topic(NULL, NULL);
    struct sv value = letters(limit + 1);
    struct outgoing within = outgoing_of(sv_slice(value, 0, limit / 3 - 1024));
    struct outgoing beyond = outgoing_of(value);
    send_record("zstd", &within);
    ingest_well();
    assert_int_equal(of_topic(REASONS("too_large")), 1);

    send_record("zstd", &beyond);
    assert_int_equal(ingest(""), 6);
    assert_non_null(strstr(said, "Decompression"));
    assert_non_null(strstr(said, topic));
    assert_non_null(strstr(said, "rdkafka.receive.message.max.bytes"));
    assert_int_equal(of_topic("next_offset"), 1);
    /* The way out that the hint names. */
    if (ingest("--rdkafka receive.message.max.bytes=500000000") != 0)
        fail_msg("%s", said);
    assert_int_equal(of_topic(REASONS("too_large")), 2);
    free((void *)(uintptr_t)value.ptr);
}

/* What bounds the other codecs: the broker, where it unpacks on arrival. */
static void
a_topic_that_is_stored_unpacked(void **state)
{
    (void)state;
    struct err err = {0};
    new_topic("compression.type", "uncompressed");
    struct sv value = letters(2 * 1024 * 1024);
    struct outgoing within = outgoing_of(sv_slice(value, 0, 1000 * 1000));
    struct outgoing beyond = outgoing_of(value);
    static const char *const codecs[] = {"gzip", "lz4", "zstd", "snappy"};
    for (size_t i = 0; i < 4; i++) {
        send_record(codecs[i], &within);
        assert_int_equal(try_send(codecs[i], &beyond, &err), -1);
        assert_int_equal(err.code, ERR_LIMIT);
        assert_non_null(strstr(err.hint, "max.message.bytes"));
    }
    ingest_well();
    assert_int_equal(of_topic("records"), 4);
    free((void *)(uintptr_t)value.ptr);
}

static void
the_name_of_a_topic(void **state)
{
    (void)state;
    int length = snprintf(topic, sizeof(topic), "limits-%ld", (long)getpid());
    memset(topic + length, 't', TOPIC_LONGEST - (size_t)length);
    topic[TOPIC_LONGEST] = '\0';
    kafkatest_create_topic_with(topic, 1, NULL, NULL);
    struct outgoing record = outgoing_of(SV("a line"));
    send_record("none", &record);
    ingest_well();
    assert_int_equal(of_topic("stored"), 1);

    topic[TOPIC_LONGEST] = 't';
    topic[TOPIC_LONGEST + 1] = '\0';
    assert_int_equal(ingest(""), 3);
    assert_non_null(strstr(said, "longer than 249"));
    topic[TOPIC_LONGEST] = '\0';
    kafkatest_delete_topic(topic);
}

int
main(void)
{
    if (kafkatest_brokers() == NULL) {
        puts("ok 1 # SKIP HINDCAST_KAFKA names no broker");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_value_of_a_record),
        cmocka_unit_test(headers_of_a_record),
        cmocka_unit_test(headers_that_are_not_read),
        cmocka_unit_test(a_large_key),
        cmocka_unit_test(what_a_batch_unpacks_to),
        cmocka_unit_test(a_topic_that_is_stored_unpacked),
        cmocka_unit_test(the_name_of_a_topic),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
