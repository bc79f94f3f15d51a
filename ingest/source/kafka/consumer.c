/*
 * The consumer: group membership, polls, positions. See kafka.h; one per worker, on its thread.
 */
#include "ingest/source/kafka/consumer.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "ingest/source/kafka/conf.h"
#include "ingest/source/kafka/consumer_private.h"

#define JOIN_NS (4 * NS_PER_S) /* closing: for the first assignment */
#define CLOSE_POLL_MS 50
#define WAKE_AFTER 500 /* records without a pause: the queue may have been full */
#define WAKE_MS 100
#define WAKE_AGAIN_NS (5 * NS_PER_S) /* after a failure: a partition without a leader, say */
#define AHEAD_BYTES 512

static const struct kafka_setting preferred[] = {
    {"session.timeout.ms", "15000"},
    {"heartbeat.interval.ms", "300"},       /* members learn of a rebalance by it */
    {"queued.max.messages.kbytes", "8192"}, /* enough, because its fetchers are woken: kafka.c */
    {"receive.message.max.bytes", KAFKA_UNPACKED_BYTES},
    {"queued.min.messages", "10000"}, /* a partition: small records cost more than their bytes */
    {"fetch.wait.max.ms", "100"},
    {"fetch.error.backoff.ms", "100"},
    {"reconnect.backoff.max.ms", "5000"},
    {"topic.metadata.refresh.interval.ms", "60000"},
    {NULL, NULL},
};

static const struct kafka_setting fixed[] = {
    {"enable.auto.commit", "false"},  {"enable.auto.offset.store", "false"},
    {"auto.offset.reset", "error"},   {"isolation.level", "read_committed"},
    {"check.crcs", "true"},           {"partition.assignment.strategy", "cooperative-sticky"},
    {"enable.partition.eof", "true"}, {NULL, NULL},
};

static void
place_set(struct kafka_place *place, const char *topic, int32_t partition, int64_t offset)
{
    snprintf(place->topic, sizeof(place->topic), "%s", topic);
    place->partition = partition;
    place->offset = offset;
}

static struct kafka_place *
places_of(const rd_kafka_topic_partition_list_t *list)
{
    struct kafka_place *places = memory_calloc((size_t)list->cnt + 1, sizeof(*places));
    for (int i = 0; i < list->cnt; i++)
        place_set(&places[i], list->elems[i].topic, list->elems[i].partition, KAFKA_FROM_START);
    return places;
}

static void
take_error(struct kafka_consumer *consumer, rd_kafka_error_t *error, const char *what)
{
    if (error == NULL)
        return;
    kafka_err(&consumer->err, rd_kafka_error_code(error), consumer->brokers, what,
              rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
}

static void
on_assigned(struct kafka_consumer *consumer, rd_kafka_topic_partition_list_t *list)
{
    struct kafka_place *places = places_of(list);
    bool paused = false;
    consumer->joined = true;
    if (!consumer->closing)
        consumer->listener->assigned(consumer->listener->opaque, places, (size_t)list->cnt,
                                     &paused);
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].offset = places[i].offset;
    take_error(consumer, rd_kafka_incremental_assign(consumer->rk, list), "assigning partitions");
    /* librdkafka remembers a pause beyond the assignment: one that was lost comes back paused. */
    if (paused)
        rd_kafka_pause_partitions(consumer->rk, list);
    else
        rd_kafka_resume_partitions(consumer->rk, list);
    free(places);
}

static void
on_revoked(struct kafka_consumer *consumer, rd_kafka_topic_partition_list_t *list)
{
    struct kafka_place *places = places_of(list);
    bool lost = rd_kafka_assignment_lost(consumer->rk) != 0;
    if (!consumer->closing)
        consumer->listener->revoked(consumer->listener->opaque, places, (size_t)list->cnt, lost);
    take_error(consumer, rd_kafka_incremental_unassign(consumer->rk, list),
               "giving partitions back");
    free(places);
}

static void
on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *list,
             void *opaque)
{
    struct kafka_consumer *consumer = opaque;
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS)
        on_assigned(consumer, list);
    else if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS)
        on_revoked(consumer, list);
    else
        rd_kafka_assign(rk, NULL);
}

static void
on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque)
{
    struct kafka_consumer *consumer = opaque;
    (void)rk;
    struct err err = {0};
    kafka_err(&err, (rd_kafka_resp_err_t)code, consumer->brokers, "connection", reason);
    /* "All brokers down" follows the reason and says less. */
    if (consumer->err.code == ERR_NONE || code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        consumer->err = err;
}

static rd_kafka_topic_partition_list_t *
topics_of(const struct config *config)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(4);
    struct sv rest = sv_from(config_text(config, OPT_kafka_topics)), part;
    while (sv_split(&rest, ',', &part)) {
        struct sv name = sv_trim(part);
        char topic[KAFKA_TOPIC_MAX];
        if (name.len == 0 || name.len >= sizeof(topic))
            continue;
        snprintf(topic, sizeof(topic), SV_FMT, SV_ARG(name));
        rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA);
    }
    return list;
}

static rd_kafka_topic_partition_list_t *
share_of(const struct kafka_settings *settings)
{
    rd_kafka_topic_partition_list_t *topics = topics_of(settings->config);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(settings->partitions);
    assert(topics->cnt == 1);
    for (int32_t i = settings->share.at; i < settings->partitions; i += settings->share.of)
        rd_kafka_topic_partition_list_add(list, topics->elems[0].topic, i);
    rd_kafka_topic_partition_list_destroy(topics);
    return list;
}

static int
subscribe(struct kafka_consumer *consumer, const struct config *config, struct err *err)
{
    rd_kafka_topic_partition_list_t *list = topics_of(config);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(consumer->rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? 0
               : kafka_err(err, code, consumer->brokers, "subscribing", NULL);
}

static int64_t
session_timeout_ns(const rd_kafka_conf_t *conf)
{
    char text[32];
    size_t size = sizeof(text);
    int64_t ms = 45000;
    if (rd_kafka_conf_get(conf, "session.timeout.ms", text, &size) == RD_KAFKA_CONF_OK)
        (void)sv_to_int64(sv_from(text), &ms);
    return ms * NS_PER_MS;
}

int
kafka_consumer_open(struct kafka_consumer **ret_consumer, const struct kafka_settings *settings,
                    struct err *err)
{
    rd_kafka_conf_t *conf =
        kafka_conf_new(settings->config, settings->brokers, preferred, fixed, err);
    if (conf == NULL)
        return -1;
    struct kafka_consumer *consumer = memory_calloc(1, sizeof(*consumer));
    consumer->listener = settings->listener;
    consumer->session_timeout_ns = session_timeout_ns(conf);
    snprintf(consumer->brokers, sizeof(consumer->brokers), "%s", settings->brokers);
    char text[256] = "";
    const char *group = config_text(settings->config, OPT_kafka_group);
    rd_kafka_conf_set(conf, "group.id", group[0] != '\0' ? group : "hindcast", text, sizeof(text));
    rd_kafka_conf_set(conf, "client.id", settings->client_id, text, sizeof(text));
    rd_kafka_conf_set_opaque(conf, consumer);
    rd_kafka_conf_set_error_cb(conf, on_error);
    if (consumer->listener != NULL)
        rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    consumer->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof(text));
    if (consumer->rk == NULL) {
        rd_kafka_conf_destroy(conf);
        free(consumer);
        err_set(err, ERR_CONFIG, "Kafka consumer: %s", text);
        return err_hint(err, "check the rdkafka.* settings");
    }
    rd_kafka_poll_set_consumer(consumer->rk);
    if (consumer->listener != NULL && settings->partitions > 0)
        consumer->share = share_of(settings);
    else if (consumer->listener != NULL && subscribe(consumer, settings->config, err) != 0) {
        kafka_consumer_close(consumer);
        return -1;
    }
    *ret_consumer = consumer;
    return 0;
}

/*
 * librdkafka before 2.3 aborts when a cooperative consumer is destroyed between joining the group
 * and its first assignment: wait for that, as long as a broker is there.
 */
static bool
safe_to_destroy(struct kafka_consumer *consumer)
{
    int64_t until = clock_monotonic_ns() + JOIN_NS;
    consumer->err.code = ERR_NONE;
    while (consumer->listener != NULL && !consumer->joined && clock_monotonic_ns() < until) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer->rk, CLOSE_POLL_MS);
        if (message != NULL)
            rd_kafka_message_destroy(message);
    }
    return consumer->listener == NULL || consumer->joined;
}

/*
 * Here and not in the callback: leaving the group runs on another thread, and may go on when the
 * listener is no more.
 */
static void
give_all_back(struct kafka_consumer *consumer)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    if (rd_kafka_assignment(consumer->rk, &list) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    struct kafka_place *places = places_of(list);
    bool lost = rd_kafka_assignment_lost(consumer->rk) != 0;
    if (list->cnt > 0)
        consumer->listener->revoked(consumer->listener->opaque, places, (size_t)list->cnt, lost);
    free(places);
    rd_kafka_topic_partition_list_destroy(list);
}

void
kafka_consumer_close(struct kafka_consumer *consumer)
{
    if (consumer == NULL)
        return;
    bool in_group = consumer->listener != NULL;
    if (consumer->share != NULL) { /* it never polled */
        rd_kafka_topic_partition_list_destroy(consumer->share);
        consumer->share = NULL;
        consumer->joined = true;
    }
    if (in_group)
        give_all_back(consumer);
    consumer->closing = true;
    if (!safe_to_destroy(consumer))
        thread_leave_behind(); /* on purpose: the process is about to end, and would end badly */
    else if (kafka_handle_end(consumer->rk, in_group, clock_monotonic_ns() + KAFKA_END_NS))
        free(consumer);
}

static void
read_record(const rd_kafka_message_t *from, struct kafka_message *to)
{
    rd_kafka_timestamp_type_t type;
    int64_t ms = rd_kafka_message_timestamp(from, &type);
    struct record *record = &to->record;
    record->kafka_time_ns = TIME_NONE;
    record->timestamp_type = TIMESTAMP_NONE;
    int64_t ns = time_of_units_or_none(ms, NS_PER_MS, 0);
    if (type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && ns != TIME_NONE) {
        record->kafka_time_ns = ns;
        record->timestamp_type =
            type == RD_KAFKA_TIMESTAMP_CREATE_TIME ? TIMESTAMP_CREATE : TIMESTAMP_APPEND;
    }
    record->key = sv_of(from->key, from->key == NULL ? 0 : from->key_len);
    record->value = sv_of(from->payload, from->payload == NULL ? 0 : from->len);
    /* What came in one answer lies together: the next record is mostly behind this one. */
    for (size_t at = from->len; at < from->len + AHEAD_BYTES; at += 64)
        __builtin_prefetch((const void *)((uintptr_t)from->payload + at));
    record->header_count = 0;
    record->headers = to->headers;
}

static enum kafka_poll
poll_error(struct kafka_consumer *consumer, const rd_kafka_message_t *message, struct err *err)
{
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        return KAFKA_END;
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
        message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
        return KAFKA_OUT_OF_RANGE;
    char what[KAFKA_TOPIC_MAX + 32] = "reading";
    if (message->rkt != NULL)
        snprintf(what, sizeof(what), "reading %s, partition %d", rd_kafka_topic_name(message->rkt),
                 (int)message->partition);
    kafka_err(err, message->err, consumer->brokers, what, rd_kafka_message_errstr(message));
    return KAFKA_TROUBLE;
}

/*
 * A fetcher that found its queue full goes to sleep for a second, whoever empties it (librdkafka
 * 2.0.2). Any request to its broker wakes it; asking for the end offsets asks every broker.
 */
static void
wake_fetchers(struct kafka_consumer *consumer)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    consumer->unwoken = 0;
    if (clock_monotonic_ns() < consumer->wake_after_ns)
        return;
    if (rd_kafka_assignment(consumer->rk, &list) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].offset = RD_KAFKA_OFFSET_END;
    if (list->cnt > 0 &&
        rd_kafka_offsets_for_times(consumer->rk, list, WAKE_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        consumer->wake_after_ns = clock_monotonic_ns() + WAKE_AGAIN_NS;
    rd_kafka_topic_partition_list_destroy(list);
}

static void
take_share(struct kafka_consumer *consumer)
{
    rd_kafka_topic_partition_list_t *share = consumer->share;
    consumer->share = NULL;
    on_assigned(consumer, share);
    rd_kafka_topic_partition_list_destroy(share);
}

enum kafka_poll
kafka_consumer_poll(struct kafka_consumer *consumer, int timeout_ms,
                    struct kafka_message *ret_message, struct err *err)
{
    if (consumer->share != NULL)
        take_share(consumer);
    /* Without a timeout the library need not ask for the time. */
    rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer->rk, 0);
    if (message == NULL && consumer->unwoken >= WAKE_AFTER)
        wake_fetchers(consumer);
    if (message == NULL && timeout_ms > 0)
        message = rd_kafka_consumer_poll(consumer->rk, timeout_ms);
    if (message == NULL) {
        if (consumer->err.code == ERR_NONE)
            return KAFKA_NOTHING;
        *err = consumer->err;
        consumer->err.code = ERR_NONE;
        return KAFKA_TROUBLE;
    }
    struct record *record = &ret_message->record;
    record->topic = message->rkt == NULL ? SV_NONE : sv_from(rd_kafka_topic_name(message->rkt));
    record->partition = message->partition;
    record->offset = message->offset;
    ret_message->handle = message;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return poll_error(consumer, message, err);
    consumer->unwoken++;
    read_record(message, ret_message);
    return KAFKA_RECORD;
}

void
kafka_message_headers(struct kafka_message *message)
{
    rd_kafka_headers_t *headers = NULL;
    if (rd_kafka_message_headers(message->handle, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    size_t count = 0;
    const char *name;
    const void *value;
    size_t size;
    while (count < RECORD_HEADERS_MAX &&
           rd_kafka_header_get_all(headers, count, &name, &value, &size) ==
               RD_KAFKA_RESP_ERR_NO_ERROR) {
        message->headers[count].name = sv_from(name);
        message->headers[count].value = sv_of(value, value == NULL ? 0 : size);
        count++;
    }
    message->record.header_count = count;
}

void
kafka_message_release(struct kafka_message *message)
{
    if (message->handle != NULL)
        rd_kafka_message_destroy(message->handle);
    message->handle = NULL;
}

int64_t
kafka_session_timeout_ns(const struct kafka_consumer *consumer)
{
    return consumer->session_timeout_ns;
}

void
kafka_consumer_pause(struct kafka_consumer *consumer, bool paused)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    if (rd_kafka_assignment(consumer->rk, &list) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    if (paused)
        rd_kafka_pause_partitions(consumer->rk, list);
    else
        rd_kafka_resume_partitions(consumer->rk, list);
    rd_kafka_topic_partition_list_destroy(list);
}

/* A partition that ran out of range is stopped, and seek refuses stopped ones: assign it anew. */
int
kafka_consumer_restart(struct kafka_consumer *consumer, const struct kafka_place *place,
                       struct err *err)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, place->topic, place->partition)->offset = place->offset;
    rd_kafka_error_t *error = rd_kafka_incremental_unassign(consumer->rk, list);
    if (error == NULL)
        error = rd_kafka_incremental_assign(consumer->rk, list);
    if (error == NULL)
        rd_kafka_resume_partitions(consumer->rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (error == NULL)
        return 0;
    kafka_err(err, rd_kafka_error_code(error), consumer->brokers, "moving to an offset",
              rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return -1;
}

void
kafka_consumer_commit(struct kafka_consumer *consumer, const struct kafka_place *places,
                      size_t count)
{
    if (count == 0)
        return;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, places[i].topic, places[i].partition)->offset =
            places[i].offset;
    rd_kafka_commit(consumer->rk, list, 1);
    rd_kafka_topic_partition_list_destroy(list);
}
