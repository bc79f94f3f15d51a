/*
 * Partitions that were read and that the topics no longer have. Worker's thread; of the workers of
 * a process, number 0 looks.
 */
#ifndef INGEST_WORKER_VANISHED_H
#define INGEST_WORKER_VANISHED_H

#include "hindcast/delivery.h"

struct worker;

/* What was read of partitions that are gone, as of the last look. */
struct vanished {
    struct vanished_place {
        struct stream_place place;
        bool noted;
    } * list;
    size_t count;
    int64_t due_ns; /* monotonic: when to look again */
    struct vanished_question *question;
};

/* Looks for some now and then; the writer asks, so the answer comes later. */
void vanished_look(struct worker *worker, int64_t now_ns);
/* Something changed: the next look comes sooner. */
void vanished_soon(struct worker *worker);
/* --once: before the end, when the batches are committed. */
void vanished_last_look(struct worker *worker);
void vanished_release(struct vanished *vanished);

#endif
