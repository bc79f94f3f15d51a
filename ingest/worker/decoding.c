/*
 * Decoding options of a worker: see decoding.h.
 */
#include "ingest/worker/decoding.h"

#include <assert.h>

#include "ingest/worker/partition.h"
#include "ingest/worker/state.h"

int
decoding_own(struct worker *worker, struct err *err)
{
    return topics_init(&worker->decoding.topics, worker->ingest->own.config, err);
}

static bool
starting(struct ingest *ingest)
{
    pthread_mutex_lock(&ingest->mutex);
    bool starting = ingest->decoding.applied[0] == '\0';
    pthread_mutex_unlock(&ingest->mutex);
    return starting;
}

/* For people: the main thread shows it. Another worker of the process finds what this one wrote. */
static void
note(struct ingest *ingest, const struct applied_decoding *decoding)
{
    pthread_mutex_lock(&ingest->mutex);
    memcpy(ingest->decoding.applied, decoding->digest, sizeof(decoding->digest));
    memcpy(ingest->decoding.own, decoding->own_digest, sizeof(decoding->own_digest));
    ingest->decoding.differs = decoding->differs;
    memcpy(ingest->decoding.differs_in, decoding->differs_in, sizeof(decoding->differs_in));
    if (decoding->how != APPLIED_BEFORE)
        ingest->decoding.how = decoding->how;
    pthread_mutex_unlock(&ingest->mutex);
}

/* What was decoded otherwise is dropped, and read again. */
static void
drop_all(struct worker *worker)
{
    for (size_t i = 0; i < worker->count; i++) {
        struct partition *partition = &worker->partitions[i];
        if (partition->state == PARTITION_READING) {
            partition_unclaim(worker, partition, PARTITION_UNCLAIMED);
            partition->retry_at_ns = 0;
        }
    }
}

int
decoding_renew(struct worker *worker, struct err *err)
{
    struct ingest *ingest = worker->ingest;
    struct applied_decoding decoding;
    assert(!worker->in_flight);
    if (applied_decoding_read(worker->store, &ingest->own, starting(ingest), &decoding, err) != 0)
        return -1;
    drop_all(worker);
    if (decoding.others) {
        ingest_exchange(ingest, &decoding);
        applied_decoding_release(&decoding);
        return 0;
    }
    for (size_t i = 0; i < worker->count; i++)
        worker->partitions[i].decode = topics_find(&decoding.topics, worker->partitions[i].topic);
    store_set_decoding(worker->store, decoding.number);
    batch_set_decoding(worker->batch, decoding.number);
    batch_set_decoding(worker->sent, decoding.number);
    applied_decoding_release(&worker->decoding);
    worker->decoding = decoding;
    note(ingest, &decoding);
    return 0;
}
