/*
 * The inside of struct kafka_consumer, shared by consumer.c and query.c only.
 */
#ifndef INGEST_SOURCE_KAFKA_CONSUMER_PRIVATE_H
#define INGEST_SOURCE_KAFKA_CONSUMER_PRIVATE_H

#include "ingest/source/kafka/conf.h"
#include "ingest/source/kafka/consumer.h"

struct kafka_consumer {
    rd_kafka_t *rk;
    const struct kafka_listener *listener;
    int64_t session_timeout_ns;
    int64_t unwoken;       /* records since the fetchers were woken, see kafka_consumer_poll() */
    int64_t wake_after_ns; /* monotonic: no attempt before */
    bool closing;
    bool joined;                            /* was given an assignment, be it an empty one */
    rd_kafka_topic_partition_list_t *share; /* to be assigned in the first poll, or NULL */
    struct err err; /* of a callback; reported by the next poll without a message */
    char brokers[512];
};

#endif
