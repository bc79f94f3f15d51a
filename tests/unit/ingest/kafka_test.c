/*
 * The Kafka side of ingest on librdkafka's in-process broker: what a record looks like after the
 * way through it, positions, ends, and questions about a topic. No server needed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <string.h>

#include "base/clock.h"
#include "hindcast/mock_broker.h"
#include "hindcast/producer.h"
#include "ingest/source/kafka/conf.h"
#include "ingest/source/kafka/consumer.h"
/* wants rdkafka.h before it */
#include <librdkafka/rdkafka_mock.h>

#define TOPIC "hindcast" /* the default of kafka.topics */
#define RECORDS 8
#define PATIENCE_NS (30 * NS_PER_S)

struct fixture {
    struct config *config;
    struct mock_broker *broker;
    struct kafka_settings settings;
    int64_t start;
    size_t assigned, revoked;
};

static const int64_t sent_time_ns = INT64_C(1772355600) * NS_PER_S;

static void
produce(struct fixture *fixture)
{
    struct err err = {0};
    struct producer *producer = NULL;
    assert_int_equal(producer_open(&producer, fixture->config, mock_broker_address(fixture->broker),
                                   TOPIC, &err),
                     0);
    assert_int_equal(producer_partitions(producer), 2);
    const struct header headers[] = {{SV("source"), SV("test")}, {SV("none"), SV_NONE}};
    for (int i = 0; i < RECORDS; i++) {
        struct outgoing record = {.key = SV("key"),
                                  .value = SV("value"),
                                  .headers = headers,
                                  .header_count = 2,
                                  .time_ns = sent_time_ns,
                                  .partition = 1};
        if (i == 1)
            record.value = SV_NONE;
        if (i == 2)
            record.value = SV("");
        if (i == 3)
            record.key = SV_NONE;
        assert_int_equal(producer_send(producer, &record, &err), 0);
    }
    assert_int_equal(producer_flush(producer, PATIENCE_NS, &err), 0);
    assert_int_equal(producer_delivered(producer), RECORDS);
    assert_int_equal(producer_delivered_bytes(producer), (RECORDS - 2) * 5);
    producer_close(producer);
}

static void
on_assigned(void *opaque, struct kafka_place *places, size_t count, bool *ret_paused)
{
    struct fixture *fixture = opaque;
    for (size_t i = 0; i < count; i++)
        places[i].offset = places[i].partition == 1 ? fixture->start : KAFKA_FROM_START;
    fixture->assigned += count;
    *ret_paused = false;
}

static void
on_revoked(void *opaque, const struct kafka_place *places, size_t count, bool lost)
{
    struct fixture *fixture = opaque;
    (void)places;
    (void)lost;
    fixture->revoked += count;
}

static void
check_record(const struct record *record)
{
    assert_true(sv_eq(record->topic, SV(TOPIC)));
    assert_int_equal(record->kafka_time_ns, sent_time_ns);
    assert_int_equal(record->timestamp_type, TIMESTAMP_CREATE);
    assert_int_equal(record->header_count, 2);
    assert_true(sv_eq(record->headers[0].value, SV("test")));
    assert_null(record->headers[1].value.ptr);
    assert_int_equal(record->key.ptr == NULL, record->offset == 3);
    assert_int_equal(record->value.ptr == NULL, record->offset == 1);
    assert_int_equal(record->value.len, record->offset == 1 || record->offset == 2 ? 0 : 5);
}

/* Polls until partition 1 is read to its end; returns the number of records. */
static int
read_to_end(struct kafka_consumer *consumer, int64_t from)
{
    int64_t until = clock_monotonic_ns() + PATIENCE_NS, expected = from;
    while (clock_monotonic_ns() < until) {
        struct kafka_message message = {.handle = NULL};
        struct err err = {0};
        enum kafka_poll polled = kafka_consumer_poll(consumer, 50, &message, &err);
        bool end = polled == KAFKA_END && message.record.partition == 1;
        if (polled == KAFKA_RECORD) {
            assert_int_equal(message.record.offset, expected++);
            assert_int_equal(message.record.header_count, 0); /* until they are asked for */
            kafka_message_headers(&message);
            check_record(&message.record);
        }
        if (end)
            assert_int_equal(message.record.offset, RECORDS);
        kafka_message_release(&message);
        if (end)
            return (int)(expected - from);
    }
    fail_msg("no end of partition");
    return -1;
}

static void
records_keep_what_was_sent(void **state)
{
    struct fixture *fixture = *state;
    struct kafka_listener listener = {fixture, on_assigned, on_revoked};
    struct kafka_consumer *consumer = NULL;
    struct err err = {0};
    fixture->settings.listener = &listener;
    fixture->start = 1;
    assert_int_equal(kafka_consumer_open(&consumer, &fixture->settings, &err), 0);
    assert_int_equal(read_to_end(consumer, 1), RECORDS - 1);
    assert_int_equal(fixture->assigned, 2);
    struct kafka_place back = {.topic = TOPIC, .partition = 1, .offset = 0};
    assert_int_equal(kafka_consumer_restart(consumer, &back, &err), 0);
    assert_int_equal(read_to_end(consumer, 0), RECORDS);
    kafka_consumer_close(consumer);
    assert_int_equal(fixture->revoked, 2);
}

static void
questions_are_answered(void **state)
{
    struct fixture *fixture = *state;
    struct kafka_consumer *consumer = NULL;
    struct err err = {0};
    char id[KAFKA_CLUSTER_ID_MAX];
    int32_t partitions = 0;
    int64_t low = -1, high = -1, first = -1;
    fixture->settings.listener = NULL;
    assert_int_equal(kafka_consumer_open(&consumer, &fixture->settings, &err), 0);
    assert_int_equal(kafka_cluster_id(consumer, 5000, id, &err), 0);
    assert_true(id[0] != '\0');
    assert_int_equal(kafka_partition_count(consumer, TOPIC, 5000, &partitions, &err), 0);
    assert_int_equal(partitions, 2);
    assert_int_equal(kafka_watermarks(consumer, TOPIC, 1, 5000, &low, &high, &err), 0);
    assert_int_equal(low, 0);
    assert_int_equal(high, RECORDS);
    struct kafka_place place = {.topic = TOPIC, .partition = 1, .offset = 4};
    assert_int_equal(kafka_first_offset(&fixture->settings, &place, &first, &err), 0);
    assert_int_equal(first, 4);
    place.offset = RECORDS;
    assert_int_equal(kafka_first_offset(&fixture->settings, &place, &first, &err), 0);
    assert_int_equal(first, RECORDS);
    kafka_consumer_close(consumer);
}

static void
settings_of_the_contract_cannot_be_changed(void **state)
{
    struct fixture *fixture = *state;
    struct config *config = config_new();
    struct kafka_settings settings = fixture->settings;
    struct kafka_consumer *consumer = NULL;
    struct err err = {0};
    settings.config = config;
    assert_int_equal(config_set_rdkafka(config, "enable.auto.commit", "true", &err), 0);
    assert_int_equal(kafka_consumer_open(&consumer, &settings, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    assert_non_null(strstr(err.message, "enable.auto.commit"));
    settings.brokers = "";
    assert_int_equal(kafka_consumer_open(&consumer, &settings, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    config_free(config);
}

static int
set_up(void **state)
{
    static struct fixture fixture;
    struct err err = {0};
    fixture.config = config_new();
    assert_int_equal(mock_broker_start(&fixture.broker, TOPIC, 2, &err), 0);
    fixture.settings = (struct kafka_settings){.config = fixture.config,
                                               .brokers = mock_broker_address(fixture.broker),
                                               .client_id = "test"};
    produce(&fixture);
    *state = &fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    mock_broker_stop(fixture->broker);
    config_free(fixture->config);
    return 0;
}

/*
 * A partition that is being created refuses the first batch and takes the second. What was reported
 * as delivered must be there.
 */
static void
what_was_acknowledged_is_there(void **state)
{
    struct fixture *fixture = *state;
    struct err err = {0};
    struct producer *producer = NULL;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, NULL);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(rk, 1);
    assert_non_null(cluster);
    rd_kafka_mock_topic_create(cluster, "young", 2, 1);
    const char *address = rd_kafka_mock_cluster_bootstraps(cluster);
    assert_true(rd_kafka_brokers_add(rk, address) > 0);
    assert_int_equal(producer_open(&producer, fixture->config, address, "young", &err), 0);
    /* The producer has its number before: with the first record to another partition. */
    struct outgoing record = {.value = SV("value"), .time_ns = TIME_NONE, .partition = 1};
    assert_int_equal(producer_send(producer, &record, &err), 0);
    assert_int_equal(producer_flush(producer, PATIENCE_NS, &err), 0);
    rd_kafka_mock_broker_set_rtt(cluster, 1, 300);
    rd_kafka_mock_push_request_errors(cluster, 0 /* Produce */, 1,
                                      RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
    record.partition = 0;
    assert_int_equal(producer_send(producer, &record, &err), 0);
    clock_sleep_until(clock_monotonic_ns() + 100 * NS_PER_MS); /* it leaves in a batch of its own */
    assert_int_equal(producer_send(producer, &record, &err), 0);
    assert_int_equal(producer_flush(producer, PATIENCE_NS, &err), 0);
    assert_int_equal(producer_delivered(producer), 3);
    producer_close(producer);
    int64_t low, high;
    assert_int_equal(rd_kafka_query_watermark_offsets(rk, "young", 0, &low, &high, 10000), 0);
    assert_int_equal(high, 2);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(rk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_keep_what_was_sent),
        cmocka_unit_test(questions_are_answered),
        cmocka_unit_test(what_was_acknowledged_is_there),
        cmocka_unit_test(settings_of_the_contract_cannot_be_changed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
