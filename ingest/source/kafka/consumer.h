/*
 * Kafka as ingest sees it: a consumer in a group, positions given from outside, and questions about
 * topics. Everything that knows librdkafka's consumer is behind this header; no type of it leaks.
 *
 * A consumer belongs to one thread. The listener is called on that thread, inside
 * kafka_consumer_poll() and kafka_consumer_close(). Nothing here logs; errors come back as
 * BROKER_DOWN (waiting may help), BROKER_AUTH, BROKER, CONFIG or NOT_FOUND with a hint.
 */
#ifndef INGEST_SOURCE_KAFKA_CONSUMER_H
#define INGEST_SOURCE_KAFKA_CONSUMER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config/config.h"
#include "base/err.h"
#include "hindcast/record.h"

#define KAFKA_TOPIC_MAX 256
/*
 * What one compressed batch may unpack to. librdkafka holds zstd to it (it tries thrice the size
 * each time, so that up to a third always passes), but not gzip and lz4: docs/operations.md.
 */
#define KAFKA_UNPACKED_BYTES "100000000"
#define KAFKA_FROM_START INT64_C(-2) /* as a position: the first record that is retained */
#define KAFKA_FROM_END INT64_C(-1)

struct kafka_place {
    char topic[KAFKA_TOPIC_MAX];
    int32_t partition;
    int64_t offset;
};

struct kafka_listener {
    void *opaque;
    /* Set the offset of each place: where reading begins, and *ret_paused to begin paused. */
    void (*assigned)(void *opaque, struct kafka_place *places, size_t count, bool *ret_paused);
    /* `lost`: others may read them already. */
    void (*revoked)(void *opaque, const struct kafka_place *places, size_t count, bool lost);
};

struct kafka_settings {
    const struct config *config;
    const char *brokers;
    const char *client_id;
    const struct kafka_listener *listener; /* NULL: no group, for questions only */
    /*
     * With a listener: how many partitions the one topic of kafka.topics has, of which this
     * consumer reads each share.of-th from share.at on, without a group (nobody else reads them:
     * joining and leaving a group takes seconds). 0: share them with the others of the group.
     */
    int32_t partitions;
    struct kafka_share {
        int32_t at, of;
    } share;
    const _Atomic bool *stop; /* becomes true: questions that take long are given up; may be NULL */
};

struct kafka_consumer;

/*
 * With a listener: subscribes to kafka.topics of the configuration, or takes its share of the
 * partitions in the first poll.
 */
int kafka_consumer_open(struct kafka_consumer **ret_consumer, const struct kafka_settings *settings,
                        struct err *err) MUST_CHECK;
/*
 * Leaves the group: the listener sees everything revoked. Takes a few seconds at most, because the
 * library may not come back: base/thread.h says what follows from that for the process.
 */
void kafka_consumer_close(struct kafka_consumer *consumer);

enum kafka_poll {
    KAFKA_NOTHING,
    KAFKA_RECORD,       /* message->record */
    KAFKA_END,          /* the partition is read up to message->record.offset */
    KAFKA_OUT_OF_RANGE, /* the position of the partition does not exist */
    KAFKA_TROUBLE,      /* err is filled in; go on when it is retriable */
};

struct kafka_message {
    struct record record; /* views live until kafka_message_release(); headers: see below */
    struct header headers[RECORD_HEADERS_MAX];
    void *handle;
};

/* Single polls only: the batch call of librdkafka 2.0.2 loses records in cooperative rebalances. */
enum kafka_poll kafka_consumer_poll(struct kafka_consumer *consumer, int timeout_ms,
                                    struct kafka_message *ret_message, struct err *err);
/*
 * Adds the record's headers, which a poll leaves out: asking whether there are any takes a quarter
 * of the CPU of receiving a record (librdkafka 2.0.2).
 */
void kafka_message_headers(struct kafka_message *message);
void kafka_message_release(struct kafka_message *message);

int64_t kafka_session_timeout_ns(const struct kafka_consumer *consumer);
/* All assigned partitions. */
void kafka_consumer_pause(struct kafka_consumer *consumer, bool paused);
/* Read an assigned partition from place->offset on; what was fetched from it is forgotten. */
int kafka_consumer_restart(struct kafka_consumer *consumer, const struct kafka_place *place,
                           struct err *err) MUST_CHECK;
/* For other people's lag tools, best effort, not waited for. */
void kafka_consumer_commit(struct kafka_consumer *consumer, const struct kafka_place *places,
                           size_t count);

/* ---- questions (query.c) ---- */

#define KAFKA_CLUSTER_ID_MAX 128
int kafka_cluster_id(struct kafka_consumer *consumer, int timeout_ms,
                     char ret_id[KAFKA_CLUSTER_ID_MAX], struct err *err) MUST_CHECK;
/* NOT_FOUND when the topic does not exist. */
int kafka_partition_count(struct kafka_consumer *consumer, const char *topic, int timeout_ms,
                          int32_t *ret_count, struct err *err) MUST_CHECK;
/* First offset retained, and the offset that the next record will get. */
int
kafka_watermarks(struct kafka_consumer *consumer, const char *topic, int32_t partition,
                 int timeout_ms, int64_t *ret_low, int64_t *ret_high, struct err *err) MUST_CHECK;
/*
 * The offset behind the last record of each place, all asked at once; a place nobody answers for
 * gets -1. BROKER_DOWN when nobody answers at all.
 */
int kafka_end_offsets(struct kafka_consumer *consumer, struct kafka_place *places, size_t count,
                      int timeout_ms, struct err *err) MUST_CHECK;
/*
 * Ask a consumer made for this question alone which record comes first at or after place->offset;
 * at the end of the partition that is the end offset.
 */
int kafka_first_offset(const struct kafka_settings *settings, const struct kafka_place *place,
                       int64_t *ret_offset, struct err *err) MUST_CHECK;

#endif
