/*
 * The inside of ingest: what the supervisor (supervise.c) and the files of a worker (loop.c,
 * assignment.c, gap.c, commit.c) share. A worker is touched by its own thread only, except for the
 * atomic counters, which the main thread reads; the goals are written by whoever commits.
 *
 * Part and stream: a *part* is a partition assigned to this worker, `streams[i]` what the database
 * says about parts[i]. The arrays run in parallel because store_commit() takes the streams in a
 * row.
 */
#ifndef INGEST_WORKER_WORKER_H
#define INGEST_WORKER_WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "hindcast/delivery.h"
#include "hindcast/ingest.h"
#include "hindcast/retry.h"
#include "ingest/source/kafka/consumer.h"
#include "ingest/topics.h"
#include "ingest/worker/writer.h"

#define CLUSTER_TIMEOUT_MS 5000
#define PATIENCE_NS (30 * NS_PER_S) /* --once: how long to wait for broker or database */

/* --once: how far each partition is to be read. */
struct goal {
    char topic[KAFKA_TOPIC_MAX];
    int32_t partition;
    int64_t end;
    _Atomic int64_t reached; /* committed up to here; -1 not known */
    _Atomic bool held;       /* by a worker of this process */
};

struct ingest {
    const struct ingest_options *options;
    const char *brokers, *conninfo;
    char cluster_id[KAFKA_CLUSTER_ID_MAX];
    struct goal *goals;
    size_t goal_count;
    struct worker *workers;
    size_t worker_count;
    _Atomic bool stop;
    _Atomic int64_t drained_ns; /* monotonic: since `stop`, nothing is waited for beyond this */
    pthread_mutex_t mutex;      /* guards failed */
    struct err failed;          /* the first fatal error */
};

enum part_state {
    PART_UNCLAIMED, /* claimed when retry_at_ns has come */
    PART_READING,
    PART_FENCED, /* another worker owns it; the same, but much later */
};

struct part {
    char topic[KAFKA_TOPIC_MAX];
    size_t topic_length;
    int32_t partition;
    enum part_state state;
    const struct decode_options *decode; /* of its topic; the worker's */
    bool tail_pending;                   /* the next record must be the stored tail */
    int gap_tries;
    bool heard;          /* a record came since the last look */
    unsigned silences;   /* looks without one, in a row */
    int64_t expected;    /* next offset; -1 before the first record */
    int64_t retry_at_ns; /* monotonic */
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
    _Atomic int64_t rebalances, fenced, uncommitted;
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
    bool flying;          /* `sent` and the store are the writer's */
    struct arena arena;   /* of one record: the batch copies what it needs */
    struct topics topics; /* how to read which */
    bool holes;           /* offsets without records are normal */
    bool evidence;        /* whole records are kept, with their headers */

    struct part *parts;
    struct stream *streams;
    bool *fenced;
    size_t count, size;
    size_t last_found;

    bool unresolved;         /* the connection was new after a commit failed */
    bool hurry;              /* commit now: --once, the end was reached */
    bool paused;             /* all partitions, see worker_pause() */
    int64_t large_ns;        /* monotonic: since when the batch has had to wait; 0: it has not */
    struct backoff database; /* active: partitions are paused */
    struct backoff broker;
    int64_t told_ns, looked_ns;
    int64_t listened_ns; /* when silent partitions were looked at last */
    bool untold;         /* committed since Kafka was told offsets */

    /* Of worker 0: what was read of partitions that are gone, as of the last look; vanished.c */
    struct gone {
        struct stream_place place;
        bool noted;
    } * gone;
    size_t gone_count;
    int64_t gone_due_ns; /* monotonic: when to look again */

    struct totals totals;
    struct err failed; /* fatal; ends the worker */
    pthread_mutex_t waiting_mutex;
    char waiting_for[160]; /* empty: not waiting */
};

/* loop.c */
int
worker_init(struct worker *worker, struct ingest *ingest, int number, struct err *err) MUST_CHECK;
void worker_release(struct worker *worker);
void *worker_main(void *opaque);
bool worker_stopping(const struct worker *worker);
/* `until_ns`, or sooner when the worker is to end. May become less while one waits. */
int64_t worker_until(const struct worker *worker, int64_t until_ns);
/* Remember a fatal error; the loop ends. */
void worker_fail(struct worker *worker, const struct err *err);
/* NULL: no longer waiting. */
void worker_waits(struct worker *worker, const struct err *err);
/* The database does not answer: pause, try again later; fails when --once has no patience left. */
void worker_database_away(struct worker *worker, const struct err *err);
void worker_database_back(struct worker *worker);
/* The worker has a new connection. */
void worker_connected(struct worker *worker);
/* Pauses or resumes all partitions, as the database and a batch that waits demand. */
void worker_pause(struct worker *worker);

/* assignment.c */
void assignment_listen(struct worker *worker);
void assignment_retry(struct worker *worker); /* claims that are due */
struct part *part_find(struct worker *worker, struct sv topic, int32_t partition);
struct stream *part_stream(struct worker *worker, const struct part *part);
/* Read from expected (or the tail, or the start) again. */
void part_restart(struct worker *worker, struct part *part);
/* Forget what the batch holds of it and claim it again after a while. */
void part_unclaim(struct worker *worker, struct part *part, enum part_state state);
/* Take what the database says about the stream as the truth. */
void part_position(struct worker *worker, struct part *part);
void part_reached(struct worker *worker, const struct part *part, int64_t offset);
struct goal *part_goal(struct worker *worker, const struct part *part); /* may be NULL */

/* gap.c: offsets that are not the expected ones */
enum gap_verdict {
    GAP_GO_ON, /* part->expected is the offset at hand now */
    GAP_SKIP,  /* the message is not to be used */
};
enum gap_verdict gap_check(struct worker *worker, struct part *part, int64_t offset);
void gap_out_of_range(struct worker *worker, struct part *part);
/* The first message after a claim: is it the stored tail? */
enum gap_verdict gap_tail(struct worker *worker, struct part *part, const struct record *record);
void gap_end(struct worker *worker, struct part *part, int64_t offset);
/* Nothing came for a while: is there really nothing, and is the stream still ours? What stands
 * still is read from its place again. */
void gap_silence(struct worker *worker, int64_t now_ns);

/* vanished.c */
/* Are there partitions that were read and that the topics no longer have? Now and then. */
void vanished_look(struct worker *worker, int64_t now_ns);
/* Something changed: the next look comes sooner. */
void vanished_soon(struct worker *worker);
/* --once: before the end, when the batches are committed. */
void vanished_last_look(struct worker *worker);
void vanished_release(struct worker *worker);

/* commit.c */
/*
 * Goes on with what can be done without waiting: takes the outcome of the batch that was sent,
 * sends it again if need be, sends the one being filled when it is `due`. -1: nothing is lost,
 * retriable errors set worker->database.
 */
int commit_step(struct worker *worker, bool due, struct err *err) MUST_CHECK;
/* Has the writer ask whether the streams are still ours, unless it is busy; what is not is fenced.
 */
void commit_ask(struct worker *worker);
/* Waits for the writer; false when it is not done by `until_ns` (monotonic). */
bool commit_wait(struct worker *worker, int64_t until_ns);
/* Waits for the writer and takes the outcome, so that the worker may use the store. Streams may
 * have been fenced when it returns. */
void commit_settle(struct worker *worker);
/* Everything is committed, or `until_ns` has come and -1. */
int commit_until(struct worker *worker, int64_t until_ns, struct err *err) MUST_CHECK;
/* Is anything of it not known to be committed? */
bool commit_pending(struct worker *worker, const struct part *part);
void commit_tell_kafka(struct worker *worker);

/* supervise.c */
/* All workers are to drain and end. */
void ingest_stop(struct ingest *ingest);
/* Was that asked for from outside, so that giving up is no failure? */
bool ingest_stopped(const struct ingest *ingest);
/* --once: partitions that another process reads count as well; asks the database now and then. */
void ingest_look_at_others(struct worker *worker, int64_t now_ns);

#endif
