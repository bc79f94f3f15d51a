/*
 * The state of ingest and of a worker, which the files of this folder share, and the few changes of
 * it that anyone may need: fail, wait, stop, a server that is away. A worker is touched by its own
 * thread only, except for the atomic counters, which the main thread reads.
 *
 * partitions[i] is a partition assigned to this worker, streams[i] what the database says about it.
 * The arrays run in parallel because store_commit() takes the streams in a row.
 */
#ifndef INGEST_WORKER_STATE_H
#define INGEST_WORKER_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "hindcast/delivery.h"
#include "hindcast/ingest.h"
#include "hindcast/retry.h"
#include "ingest/applied.h"
#include "ingest/source/kafka/consumer.h"
#include "ingest/worker/goals.h"
#include "ingest/worker/vanished.h"
#include "ingest/worker/writer.h"

#define CLUSTER_TIMEOUT_MS 5000
#define PATIENCE_NS (30 * NS_PER_S) /* --once: how long to wait for broker or database */

struct ingest {
    const struct ingest_options *options;
    const char *brokers, *conninfo;
    char cluster_id[KAFKA_CLUSTER_ID_MAX];
    struct sha256 decoders; /* their digest, for the batches */
    struct goals goals;     /* of --once */
    struct worker *workers;
    size_t worker_count;
    _Atomic bool stop;
    _Atomic int64_t drained_ns; /* monotonic: since `stop`, nothing is waited for beyond this */
    pthread_mutex_t mutex;      /* guards the following */
    struct err failed;          /* the first fatal error */
    struct ingest_decoding decoding;
    struct own_decoding own;       /* what the files of this process say; does not change */
    struct format_files exchange;  /* to be put to use, once no worker decodes any more, */
    int64_t exchange_number;       /* of the decoding options with that number, */
    bool exchanging;               /* if there are any */
    bool exchanged;                /* what is in use are no longer the own ones */
    struct ingest_progress before; /* what workers counted that ended for that */
};

/* A server that is away: retry.h says how long to wait, this remembers since when and until when.
 */
struct backoff {
    struct retry retry;
    int64_t next_ns; /* monotonic */
    int64_t since_ns;
};

static inline bool
backoff_active(const struct backoff *backoff)
{
    return backoff->retry.tries > 0;
}

struct totals {
    _Atomic int64_t records, events, quarantined, tombstones, batches, bytes;
    _Atomic int64_t rebalances, fenced, uncommitted, skipped_lines;
};

struct worker {
    struct ingest *ingest;
    int number;
    pthread_t thread;
    bool started;
    _Atomic bool done;
    _Atomic bool joined;      /* the group assigned partitions, or none */
    _Atomic int64_t assigned; /* count, for others to read */
    _Atomic int64_t moved_ns; /* monotonic: when the loop went round last; 0: it did not begin */
    char owner[128];

    struct kafka_listener listener;
    struct kafka_settings settings;
    struct kafka_consumer *consumer;
    struct store *store;
    struct batch *batch; /* being filled */
    struct batch *sent;  /* being written, or to be sent again */
    struct writer writer;
    bool in_flight;                   /* `sent` and the store are the writer's */
    struct arena arena;               /* of one record: the batch copies what it needs */
    struct applied_decoding decoding; /* how to read which topic */
    bool holes;                       /* offsets without records are normal */
    bool evidence;                    /* whole records are kept, with their headers */

    struct partition *partitions;
    struct stream *streams;
    bool *fenced;
    size_t count, size;
    size_t last_found;

    bool unresolved;         /* the connection was new after a commit failed */
    bool commit_now;         /* --once, the end was reached */
    bool paused;             /* all partitions, see worker_pause() */
    int64_t large_ns;        /* monotonic: since when the batch has had to wait; 0: it has not */
    struct backoff database; /* active: partitions are paused */
    struct backoff broker;
    int64_t looked_ns;            /* monotonic: at goals of others, last */
    int64_t listened_ns;          /* monotonic: at silent partitions, last */
    bool offsets_due;             /* committed since offsets went to Kafka */
    int64_t offsets_committed_ns; /* monotonic: when they went there last */
    struct vanished vanished;     /* of worker 0 */

    struct totals totals;
    struct err failed; /* fatal; ends the worker */
    pthread_mutex_t waiting_mutex;
    char waiting_for[160]; /* empty: not waiting */
};

/*
 * Other files than those in use count, of options with that number: all workers are to end, and
 * others to begin with those. The files become the ingest's; of several sets the last one counts.
 */
void ingest_exchange(struct ingest *ingest, struct applied_decoding *decoding);
/* All workers are to drain and end. */
void ingest_stop(struct ingest *ingest);
/* True if that was asked for from outside, so that giving up is not a failure. */
bool ingest_stopped(const struct ingest *ingest);

bool worker_stopping(const struct worker *worker);
/* `until_ns`, or sooner when the worker is to end. May become less while one waits. */
int64_t worker_until(const struct worker *worker, int64_t until_ns);
/* Remember a fatal error; the loop ends. */
void worker_fail(struct worker *worker, const struct err *err);
/* What it waits for, for people to see. NULL: no longer waiting. */
void worker_waits(struct worker *worker, const struct err *err);
/* For the connection: says what lock is waited for, and whether to stop. */
struct store_patience worker_patience(struct worker *worker);
/* The database does not answer: pause, try again later; fails when --once has no patience left. */
void worker_database_away(struct worker *worker, const struct err *err);
void worker_database_back(struct worker *worker);
void worker_broker_away(struct worker *worker, const struct err *err);
void worker_broker_back(struct worker *worker);
/* True if the writer has nothing else to do, on a connection whose state is known. */
bool worker_may_ask(const struct worker *worker);
/* The writer asks; the answer comes with the outcome, see commit.h. Only if it may. */
void worker_ask(struct worker *worker, const struct writer_question *question);
/* The worker has a new connection. */
void worker_connected(struct worker *worker);
/* Connects again where the connection is gone; then it is not known what was committed. */
int worker_reconnect(struct worker *worker, struct err *err) MUST_CHECK;
/* Pauses or resumes all partitions, as the database and a batch that waits demand. */
void worker_pause(struct worker *worker);

#endif
