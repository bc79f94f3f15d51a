/*
 * The producer behind hindcast/producer.h: what `load` and `draft` write with; one thread. Delivery
 * reports arrive inside poll, on the same thread. A record that the broker refuses because of its
 * time goes again without one: brokers reject a whole batch for one such record, so every record of
 * the batch comes back this way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "hindcast/producer.h"
#include "ingest/source/kafka/conf.h"

#define METADATA_MS 15000
#define CLOSE_MS 1000
#define POLL_MS 100
#define STALL_NS (60 * NS_PER_S)
#define STOPPING_NS (5 * NS_PER_S) /* for what is in flight when a stop is asked for */

static const struct kafka_setting preferred[] = {
    {"compression.codec", "lz4"},
    {"linger.ms", "20"},
    {"partitioner", "murmur2_random"},
    {"message.max.bytes", "10485760"},
    {"message.timeout.ms", "60000"},
    {"queue.buffering.max.messages", "50000"},
    {"queue.buffering.max.kbytes", "65536"},
    {NULL, NULL},
};

/*
 * One request a broker at a time: when a broker refuses the first batch for a partition ("not
 * leader": it is being created) and takes the one behind it, since a producer that it does not know
 * may begin with any sequence number, librdkafka 2.0 calls both delivered, and the first is lost.
 */
static const struct kafka_setting fixed[] = {
    {"enable.idempotence", "true"},
    {"max.in.flight.requests.per.connection", "1"},
    {"allow.auto.create.topics", "true"},
    {NULL, NULL},
};

/* A record to be sent again without its time; all bytes are its own. */
struct again {
    struct again *next;
    rd_kafka_headers_t *headers;
    size_t key_len, value_len;
    int32_t partition;
    bool has_key, has_value;
    char bytes[];
};

struct producer {
    rd_kafka_t *rk;
    char topic[256];
    char brokers[512];
    int32_t partitions;
    int64_t delivered, delivered_bytes;
    bool no_times;
    const volatile bool *stop; /* NULL: never */
    bool given_up;             /* a record that was taken was not sent again, for a stop */
    struct again *again_first, **again_last;
    struct err failed;  /* of a delivery, reported by the next call */
    struct err trouble; /* of the connection, reported when time runs out */
};

static bool
stopping(const struct producer *producer)
{
    return producer->stop != NULL && __atomic_load_n(producer->stop, __ATOMIC_SEQ_CST);
}

static void
on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque)
{
    struct producer *producer = opaque;
    struct err *err = &producer->trouble;
    (void)rk;
    kafka_err(err, (rd_kafka_resp_err_t)code, producer->brokers, "connection", reason);
    if (err->code == ERR_BROKER_AUTH && producer->failed.code == ERR_NONE)
        producer->failed = *err;
}

static void
keep_for_again(struct producer *producer, const rd_kafka_message_t *message)
{
    struct again *again = memory_calloc(1, sizeof(*again) + message->key_len + message->len);
    again->has_key = message->key != NULL;
    again->has_value = message->payload != NULL;
    again->key_len = again->has_key ? message->key_len : 0;
    again->value_len = again->has_value ? message->len : 0;
    again->partition = message->partition;
    if (again->has_key)
        memcpy(again->bytes, message->key, again->key_len);
    if (again->has_value)
        memcpy(again->bytes + again->key_len, message->payload, again->value_len);
    rd_kafka_headers_t *headers = NULL;
    if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR)
        again->headers = rd_kafka_headers_copy(headers);
    *producer->again_last = again;
    producer->again_last = &again->next;
}

static void
on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque)
{
    struct producer *producer = opaque;
    (void)rk;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        producer->delivered++;
        producer->delivered_bytes += (int64_t)message->len;
    } else if (message->err == RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP) {
        producer->no_times = true;
        keep_for_again(producer, message);
    } else if (producer->failed.code == ERR_NONE) {
        char what[320];
        snprintf(what, sizeof(what), "a record of %zu bytes for topic %s was not taken",
                 message->len, producer->topic);
        kafka_err(&producer->failed, message->err, producer->brokers, what, NULL);
    }
}

static int
find_partitions(struct producer *producer, struct err *err)
{
    rd_kafka_topic_t *handle = rd_kafka_topic_new(producer->rk, producer->topic, NULL);
    if (handle == NULL)
        return kafka_err(err, rd_kafka_last_error(), producer->brokers, producer->topic, NULL);
    int64_t until = clock_monotonic_ns() + METADATA_MS * NS_PER_MS;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__TRANSPORT;
    /* A topic that is being created answers "unknown" or "no leader" for a moment. */
    while (producer->partitions == 0 && producer->failed.code == ERR_NONE && !stopping(producer) &&
           clock_monotonic_ns() < until) {
        const struct rd_kafka_metadata *metadata = NULL;
        code = rd_kafka_metadata(producer->rk, 0, handle, &metadata, 2000);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            if (metadata->topic_cnt == 1) {
                code = metadata->topics[0].err;
                if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
                    producer->partitions = metadata->topics[0].partition_cnt;
            }
            rd_kafka_metadata_destroy(metadata);
        }
        if (producer->partitions == 0)
            rd_kafka_poll(producer->rk, POLL_MS);
    }
    rd_kafka_topic_destroy(handle);
    if (producer->partitions > 0) {
        producer->trouble.code = ERR_NONE;
        return 0;
    }
    if (stopping(producer))
        return PRODUCER_STOPPED;
    if (producer->failed.code != ERR_NONE || producer->trouble.code != ERR_NONE) {
        *err = producer->failed.code != ERR_NONE ? producer->failed : producer->trouble;
        return -1;
    }
    return kafka_err(err, code, producer->brokers, producer->topic, NULL);
}

int
producer_open(struct producer **ret_producer, const struct config *config, const char *brokers,
              const char *topic, struct err *err)
{
    return producer_open_until(ret_producer, config, brokers, topic, NULL, err);
}

int
producer_open_until(struct producer **ret_producer, const struct config *config,
                    const char *brokers, const char *topic, const volatile bool *stop,
                    struct err *err)
{
    if (brokers == NULL)
        brokers = config_text(config, OPT_kafka_brokers);
    rd_kafka_conf_t *conf = kafka_conf_new(config, brokers, preferred, fixed, err);
    if (conf == NULL)
        return -1;
    struct producer *producer = memory_calloc(1, sizeof(*producer));
    producer->again_last = &producer->again_first;
    producer->stop = stop;
    snprintf(producer->topic, sizeof(producer->topic), "%s", topic);
    snprintf(producer->brokers, sizeof(producer->brokers), "%s", brokers);
    rd_kafka_conf_set_opaque(conf, producer);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    char text[256];
    producer->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
    if (producer->rk == NULL) {
        rd_kafka_conf_destroy(conf);
        free(producer);
        err_set(err, ERR_CONFIG, "Kafka producer: %s", text);
        return err_hint(err, "check the rdkafka.* settings");
    }
    int status = find_partitions(producer, err);
    if (status != 0) {
        producer_close(producer);
        return status;
    }
    *ret_producer = producer;
    return 0;
}

/* Takes over `headers` on success. */
static rd_kafka_resp_err_t
produce(struct producer *producer, const struct outgoing *record, rd_kafka_headers_t *headers)
{
    int64_t ms = record->time_ns < 0 || producer->no_times ? 0 : record->time_ns / NS_PER_MS;
    return rd_kafka_producev(
        producer->rk, RD_KAFKA_V_TOPIC(producer->topic),
        RD_KAFKA_V_PARTITION(record->partition < 0 ? RD_KAFKA_PARTITION_UA : record->partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(record->key.ptr, record->key.len),
        RD_KAFKA_V_VALUE((void *)(uintptr_t)record->value.ptr, record->value.len),
        RD_KAFKA_V_TIMESTAMP(ms), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
}

static int
report(struct producer *producer, struct err *err)
{
    if (producer->failed.code == ERR_NONE)
        return 0;
    *err = producer->failed;
    return -1;
}

static int
send_waiting(struct producer *producer, const struct outgoing *record, rd_kafka_headers_t *headers,
             struct err *err)
{
    int64_t until = clock_monotonic_ns() + STALL_NS;
    for (;;) {
        rd_kafka_resp_err_t code = produce(producer, record, headers);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
            return 0;
        bool full = code == RD_KAFKA_RESP_ERR__QUEUE_FULL;
        int status = -1;
        if (full && stopping(producer)) {
            status = PRODUCER_STOPPED;
        } else if (full && clock_monotonic_ns() < until) {
            rd_kafka_poll(producer->rk, POLL_MS);
            if (report(producer, err) == 0)
                continue;
        } else if (full && producer->trouble.code != ERR_NONE) {
            *err = producer->trouble;
        } else {
            char what[96];
            snprintf(what, sizeof(what), "a record of %zu bytes", record->value.len);
            kafka_err(err, code, producer->brokers, what, NULL);
        }
        if (headers != NULL)
            rd_kafka_headers_destroy(headers);
        return status;
    }
}

static int
send_again(struct producer *producer, struct err *err)
{
    while (producer->again_first != NULL) {
        struct again *again = producer->again_first;
        producer->again_first = again->next;
        if (producer->again_first == NULL)
            producer->again_last = &producer->again_first;
        struct outgoing record = {.time_ns = TIME_NONE, .partition = again->partition};
        if (again->has_key)
            record.key = sv_of(again->bytes, again->key_len);
        if (again->has_value)
            record.value = sv_of(again->bytes + again->key_len, again->value_len);
        int status = send_waiting(producer, &record, again->headers, err);
        free(again);
        producer->given_up = producer->given_up || status == PRODUCER_STOPPED;
        if (status != 0)
            return status;
    }
    return 0;
}

int
producer_send(struct producer *producer, const struct outgoing *record, struct err *err)
{
    rd_kafka_poll(producer->rk, 0);
    if (report(producer, err) != 0)
        return -1;
    int status = send_again(producer, err);
    if (status != 0)
        return status;
    rd_kafka_headers_t *headers = NULL;
    if (record->header_count > 0) {
        headers = rd_kafka_headers_new(record->header_count);
        for (size_t i = 0; i < record->header_count; i++) {
            const struct header *header = &record->headers[i];
            rd_kafka_header_add(headers, header->name.ptr, (ssize_t)header->name.len,
                                header->value.ptr, (ssize_t)header->value.len);
        }
    }
    return send_waiting(producer, record, headers, err);
}

int
producer_flush(struct producer *producer, int64_t timeout_ns, struct err *err)
{
    int64_t until = clock_after(timeout_ns);
    bool told = false;
    while (rd_kafka_outq_len(producer->rk) > 0 || producer->again_first != NULL) {
        if (!told && stopping(producer)) {
            told = true;
            until = until < clock_after(STOPPING_NS) ? until : clock_after(STOPPING_NS);
        }
        if (clock_monotonic_ns() >= until) {
            if (producer->trouble.code != ERR_NONE)
                *err = producer->trouble;
            else
                kafka_err(err, RD_KAFKA_RESP_ERR__TIMED_OUT, producer->brokers, "delivering", NULL);
            return -1;
        }
        rd_kafka_flush(producer->rk, POLL_MS);
        if (report(producer, err) != 0)
            return -1;
        int status = send_again(producer, err);
        if (status != 0)
            return status;
    }
    if (report(producer, err) != 0)
        return -1;
    return producer->given_up ? PRODUCER_STOPPED : 0;
}

void
producer_close(struct producer *producer)
{
    if (producer == NULL)
        return;
    rd_kafka_purge(producer->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(producer->rk, CLOSE_MS);
    if (!kafka_handle_end(producer->rk, false, clock_monotonic_ns() + KAFKA_END_NS))
        return;
    while (producer->again_first != NULL) {
        struct again *again = producer->again_first;
        producer->again_first = again->next;
        if (again->headers != NULL)
            rd_kafka_headers_destroy(again->headers);
        free(again);
    }
    free(producer);
}

int64_t
producer_delivered(const struct producer *producer)
{
    return producer->delivered;
}

int64_t
producer_delivered_bytes(const struct producer *producer)
{
    return producer->delivered_bytes;
}

int32_t
producer_partitions(const struct producer *producer)
{
    return producer->partitions;
}
