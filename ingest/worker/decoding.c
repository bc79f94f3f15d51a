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
    return topics_init(&worker->decoding.topics, worker->ingest->options->config, err);
}

/* For people: the main thread shows it. */
static void
note(struct ingest *ingest, const struct applied_decoding *decoding)
{
    pthread_mutex_lock(&ingest->mutex);
    memcpy(ingest->decoding.applied, decoding->digest, sizeof(decoding->digest));
    memcpy(ingest->decoding.own, decoding->own_digest, sizeof(decoding->own_digest));
    ingest->decoding.differs = decoding->differs;
    pthread_mutex_unlock(&ingest->mutex);
}

int
decoding_renew(struct worker *worker, struct err *err)
{
    struct applied_decoding decoding;
    assert(!worker->in_flight);
    if (applied_decoding_read(worker->store, worker->ingest->options->config, &decoding, err) != 0)
        return -1;
    for (size_t i = 0; i < worker->count; i++) {
        struct partition *partition = &worker->partitions[i];
        if (partition->state == PARTITION_READING) {
            partition_unclaim(worker, partition, PARTITION_UNCLAIMED);
            partition->retry_at_ns = 0;
        }
        partition->decode = topics_find(&decoding.topics, partition->topic);
    }
    batch_set_decoding(worker->batch, decoding.number);
    batch_set_decoding(worker->sent, decoding.number);
    applied_decoding_release(&worker->decoding);
    worker->decoding = decoding;
    note(worker->ingest, &decoding);
    return 0;
}
