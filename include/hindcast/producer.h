/*
 * A producer: what `hindcast load` and draft write with (ingest/source/kafka/producer.c). One
 * thread. Records are sent in order per key; producer_send() blocks while the local queue is full,
 * and reports delivery errors at the next call.
 */
#ifndef HINDCAST_PRODUCER_H
#define HINDCAST_PRODUCER_H

#include <stdint.h>

#include "base/config/config.h"
#include "base/err.h"
#include "hindcast/record.h"

struct producer;

/* What sending and flushing return when they were asked to stop before they were done. */
#define PRODUCER_STOPPED 1

struct outgoing {
    struct sv key; /* ptr NULL: none */
    struct sv value;
    const struct header *headers;
    size_t header_count;
    int64_t time_ns;   /* TIME_NONE: broker decides; also when the topic refuses it */
    int32_t partition; /* -1: by key */
};

int producer_open(struct producer **ret_producer, const struct config *config, const char *brokers,
                  const char *topic, struct err *err) MUST_CHECK;
/*
 * The same for who may be asked to stop: once *stop is true, opening and sending end at once, with
 * PRODUCER_STOPPED, and a flush takes a few seconds at most.
 */
int producer_open_until(struct producer **ret_producer, const struct config *config,
                        const char *brokers, const char *topic, const volatile bool *stop,
                        struct err *err) MUST_CHECK;
int
producer_send(struct producer *producer, const struct outgoing *record, struct err *err) MUST_CHECK;
/* Waits until all is delivered or `timeout_ns` passed; 0: every record that was taken arrived. */
int producer_flush(struct producer *producer, int64_t timeout_ns, struct err *err) MUST_CHECK;
void producer_close(struct producer *producer);
int64_t producer_delivered(const struct producer *producer);
int64_t producer_delivered_bytes(const struct producer *producer);
int32_t producer_partitions(const struct producer *producer);

#endif
