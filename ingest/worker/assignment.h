/*
 * Which partitions a worker has: claimed in the database when Kafka assigns them, given back when
 * it revokes them. Worker's thread, mostly inside kafka_consumer_poll().
 */
#ifndef INGEST_WORKER_ASSIGNMENT_H
#define INGEST_WORKER_ASSIGNMENT_H

struct worker;

/* Fills in the worker's listener. */
void assignment_listen(struct worker *worker);
/* Tries the claims that are due. */
void assignment_retry(struct worker *worker);

#endif
