/*
 * A record that came: checked against the offset that is expected, decoded, added to the batch.
 * Worker's thread.
 */
#ifndef INGEST_WORKER_RECORDS_H
#define INGEST_WORKER_RECORDS_H

#include "ingest/source/kafka/consumer.h"

struct worker;

/* Leaves out what is of a partition that is not claimed, or was added before. */
void record_take(struct worker *worker, struct kafka_message *message);

#endif
