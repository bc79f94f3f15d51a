/*
 * The scripted broker: functions of ingest/source/kafka/, asked by a worker. See servers.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "tests/lib/scripted/script.h"

#define PARTITIONS_MAX 16

struct kafka_consumer {
    bool paused;
};

static struct {
    struct kafka_consumer consumer;
    struct broker_partition {
        char topic[64];
        int32_t partition;
        int64_t low, high;
    } partitions[PARTITIONS_MAX];
    size_t count;
    int64_t first_record;
} broker;

struct kafka_consumer *
script_broker(void)
{
    memset(&broker, 0, sizeof(broker));
    broker.first_record = -1;
    return &broker.consumer;
}

void
scripted_broker(const char *topic, int32_t partition, int64_t low, int64_t high)
{
    struct broker_partition *to = NULL;
    for (size_t i = 0; i < broker.count; i++)
        if (strcmp(broker.partitions[i].topic, topic) == 0 &&
            broker.partitions[i].partition == partition)
            to = &broker.partitions[i];
    if (to == NULL) {
        assert_true(broker.count < PARTITIONS_MAX);
        to = &broker.partitions[broker.count++];
    }
    *to = (struct broker_partition){.partition = partition, .low = low, .high = high};
    snprintf(to->topic, sizeof(to->topic), "%s", topic);
}

void
scripted_broker_forget(const char *topic)
{
    size_t kept = 0;
    for (size_t i = 0; i < broker.count; i++)
        if (strcmp(broker.partitions[i].topic, topic) != 0)
            broker.partitions[kept++] = broker.partitions[i];
    broker.count = kept;
}

void
scripted_first_record(int64_t offset)
{
    broker.first_record = offset;
}

int
kafka_consumer_open(struct kafka_consumer **ret_consumer, const struct kafka_settings *settings,
                    struct err *err)
{
    (void)settings;
    (void)err;
    *ret_consumer = &broker.consumer;
    return 0;
}

void
kafka_consumer_close(struct kafka_consumer *consumer)
{
    (void)consumer;
}

enum kafka_poll
kafka_consumer_poll(struct kafka_consumer *consumer, int timeout_ms,
                    struct kafka_message *ret_message, struct err *err)
{
    (void)consumer;
    (void)timeout_ms;
    (void)ret_message;
    (void)err;
    return KAFKA_NOTHING;
}

void
kafka_message_headers(struct kafka_message *message)
{
    message->record.headers = message->headers;
    message->record.header_count = 0;
}

void
kafka_message_release(struct kafka_message *message)
{
    (void)message;
}

int64_t
kafka_session_timeout_ns(const struct kafka_consumer *consumer)
{
    (void)consumer;
    return NS_PER_S;
}

void
kafka_consumer_pause(struct kafka_consumer *consumer, bool paused)
{
    consumer->paused = paused;
    script_note(paused ? "pause" : "resume");
}

int
kafka_consumer_restart(struct kafka_consumer *consumer, const struct kafka_place *place,
                       struct err *err)
{
    (void)consumer;
    script_note("restart %s/%d at %lld", place->topic, (int)place->partition,
                (long long)place->offset);
    return script_outcome(CALL_RESTART, err);
}

void
kafka_consumer_commit(struct kafka_consumer *consumer, const struct kafka_place *places,
                      size_t count)
{
    (void)consumer;
    for (size_t i = 0; i < count; i++)
        script_note("offset %s/%d %lld", places[i].topic, (int)places[i].partition,
                    (long long)places[i].offset);
}

int
kafka_partition_count(struct kafka_consumer *consumer, const char *topic, int timeout_ms,
                      int32_t *ret_count, struct err *err)
{
    (void)consumer;
    (void)timeout_ms;
    int32_t count = 0;
    for (size_t i = 0; i < broker.count; i++)
        count += strcmp(broker.partitions[i].topic, topic) == 0;
    if (count == 0)
        return err_set(err, ERR_NOT_FOUND, "scripted");
    *ret_count = count;
    return 0;
}

static const struct broker_partition *
broker_partition(const char *topic, int32_t partition)
{
    for (size_t i = 0; i < broker.count; i++)
        if (strcmp(broker.partitions[i].topic, topic) == 0 &&
            broker.partitions[i].partition == partition)
            return &broker.partitions[i];
    return NULL;
}

int
kafka_watermarks(struct kafka_consumer *consumer, const char *topic, int32_t partition,
                 int timeout_ms, int64_t *ret_low, int64_t *ret_high, struct err *err)
{
    (void)consumer;
    (void)timeout_ms;
    script_note("watermarks %s/%d", topic, (int)partition);
    const struct broker_partition *found = broker_partition(topic, partition);
    if (script_outcome(CALL_WATERMARKS, err) != 0)
        return -1;
    if (found == NULL)
        return err_set(err, ERR_BROKER, "scripted: no such partition");
    *ret_low = found->low;
    *ret_high = found->high;
    return 0;
}

int
kafka_end_offsets(struct kafka_consumer *consumer, struct kafka_place *places, size_t count,
                  int timeout_ms, struct err *err)
{
    (void)consumer;
    (void)timeout_ms;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        const struct broker_partition *found =
            broker_partition(places[i].topic, places[i].partition);
        script_note("end %s/%d", places[i].topic, (int)places[i].partition);
        places[i].offset = found == NULL ? -1 : found->high;
    }
    return 0;
}

int
kafka_first_offset(const struct kafka_settings *settings, const struct kafka_place *place,
                   int64_t *ret_offset, struct err *err)
{
    (void)settings;
    script_note("first %s/%d from %lld", place->topic, (int)place->partition,
                (long long)place->offset);
    if (script_outcome(CALL_FIRST_OFFSET, err) != 0)
        return -1;
    *ret_offset = broker.first_record >= 0 ? broker.first_record : place->offset;
    return 0;
}
