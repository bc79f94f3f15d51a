/*
 * Questions about a cluster: its id, partitions, watermarks, and what really lies at an offset.
 * Called on the thread that owns the consumer; each blocks for at most its time-out.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "ingest/source/kafka/consumer_private.h"

#define PROBE_NS (20 * NS_PER_S)
#define PROBE_POLL_MS 200

/*
 * The first metadata answer brings the reason why there is none; callbacks run in poll only. Not
 * for a consumer that reads: a poll would take a record from it, or serve a rebalance in the midst
 * of whatever its worker is doing.
 */
static int
failed(struct kafka_consumer *consumer, rd_kafka_resp_err_t code, const char *what, struct err *err)
{
    rd_kafka_message_t *message =
        consumer->listener == NULL ? rd_kafka_consumer_poll(consumer->rk, 0) : NULL;
    if (message != NULL)
        rd_kafka_message_destroy(message);
    bool vague = code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT ||
                 code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
    if (vague && consumer->err.code != ERR_NONE) {
        *err = consumer->err;
        return -1;
    }
    return kafka_err(err, code, consumer->brokers, what, NULL);
}

int
kafka_cluster_id(struct kafka_consumer *consumer, int timeout_ms, char ret_id[KAFKA_CLUSTER_ID_MAX],
                 struct err *err)
{
    /* rd_kafka_clusterid() alone may sleep through the answer: ask for it first. */
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t code = rd_kafka_metadata(consumer->rk, 0, NULL, &metadata, timeout_ms);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return failed(consumer, code, "asking for the cluster id", err);
    rd_kafka_metadata_destroy(metadata);
    char *id = rd_kafka_clusterid(consumer->rk, timeout_ms);
    if (id == NULL)
        return failed(consumer, RD_KAFKA_RESP_ERR__TIMED_OUT, "asking for the cluster id", err);
    snprintf(ret_id, KAFKA_CLUSTER_ID_MAX, "%s", id);
    rd_kafka_mem_free(consumer->rk, id);
    consumer->err.code = ERR_NONE;
    return 0;
}

int
kafka_partition_count(struct kafka_consumer *consumer, const char *topic, int timeout_ms,
                      int32_t *ret_count, struct err *err)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(consumer->rk, topic, NULL);
    if (handle == NULL)
        return kafka_err(err, rd_kafka_last_error(), consumer->brokers, topic, NULL);
    rd_kafka_resp_err_t code = rd_kafka_metadata(consumer->rk, 0, handle, &metadata, timeout_ms);
    rd_kafka_topic_destroy(handle);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return failed(consumer, code, "asking for partitions", err);
    int32_t count = 0;
    code = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (metadata->topic_cnt == 1) {
        code = metadata->topics[0].err;
        count = metadata->topics[0].partition_cnt;
    }
    rd_kafka_metadata_destroy(metadata);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR && count > 0) {
        *ret_count = count;
        return 0;
    }
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        code = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    char what[KAFKA_TOPIC_MAX + 16];
    snprintf(what, sizeof(what), "topic %s", topic);
    return kafka_err(err, code, consumer->brokers, what, NULL);
}

int
kafka_watermarks(struct kafka_consumer *consumer, const char *topic, int32_t partition,
                 int timeout_ms, int64_t *ret_low, int64_t *ret_high, struct err *err)
{
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(consumer->rk, topic, partition,
                                                                ret_low, ret_high, timeout_ms);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    return failed(consumer, code, "asking for the offsets of a partition", err);
}

int
kafka_end_offsets(struct kafka_consumer *consumer, struct kafka_place *places, size_t count,
                  int timeout_ms, struct err *err)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)count);
    for (size_t i = 0; i < count; i++)
        rd_kafka_topic_partition_list_add(list, places[i].topic, places[i].partition)->offset =
            RD_KAFKA_OFFSET_END;
    rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(consumer->rk, list, timeout_ms);
    for (size_t i = 0; i < count && code == RD_KAFKA_RESP_ERR_NO_ERROR; i++) {
        const rd_kafka_topic_partition_t *found =
            rd_kafka_topic_partition_list_find(list, places[i].topic, places[i].partition);
        bool known = found != NULL && found->err == RD_KAFKA_RESP_ERR_NO_ERROR;
        places[i].offset = known && found->offset >= 0 ? found->offset : -1;
    }
    rd_kafka_topic_partition_list_destroy(list);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    return failed(consumer, code, "asking for the ends of partitions", err);
}

int
kafka_first_offset(const struct kafka_settings *settings, const struct kafka_place *place,
                   int64_t *ret_offset, struct err *err)
{
    struct kafka_settings alone = *settings;
    alone.listener = NULL;
    struct kafka_consumer *consumer = NULL;
    if (kafka_consumer_open(&consumer, &alone, err) != 0)
        return -1;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, place->topic, place->partition)->offset = place->offset;
    rd_kafka_assign(consumer->rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    int64_t until = clock_monotonic_ns() + PROBE_NS;
    int status = -1;
    err_set(err, ERR_BROKER_DOWN, "topic %s, partition %d: reading offset %lld again took too long",
            place->topic, (int)place->partition, (long long)place->offset);
    while (clock_monotonic_ns() < until && !(settings->stop != NULL && *settings->stop)) {
        struct kafka_message message = {.handle = NULL};
        enum kafka_poll polled = kafka_consumer_poll(consumer, PROBE_POLL_MS, &message, err);
        int64_t offset = message.record.offset;
        kafka_message_release(&message);
        if (polled == KAFKA_RECORD || polled == KAFKA_END) {
            *ret_offset = offset;
            status = 0;
            break;
        }
        if (polled == KAFKA_OUT_OF_RANGE || (polled == KAFKA_TROUBLE && !err_retriable(err->code)))
            break;
    }
    kafka_consumer_close(consumer);
    return status;
}
