/*
 * The crash harness: seeded runs of real workers against a real Kafka and a real PostgreSQL, both
 * private to the harness because it kills them too. `make test-crash RUNS=N SEED=S` starts it
 * through tests/crash/run; docs/delivery.md says what is promised, check.c what is compared.
 *
 * One run = one topic and one consumer group. Everything a run does is drawn from its seed before
 * it begins: records, their order, what is disturbed and at which record. Only the interleaving of
 * the processes is left to the machine.
 *
 * All of it lives on the main thread, except for the producing thread of oracle.c. A failure is
 * told by fail_run(), which ends the run and not the harness.
 */
#ifndef TESTS_CRASH_H
#define TESTS_CRASH_H

#include <libpq-fe.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/strbuf.h"

#define PARTITIONS_MAX 6
#define LIVES_MAX 2 /* how often the topic is created */
#define PROCESSES_MAX 24
#define ACTIONS_MAX 4
#define WAIT_NS (60 * NS_PER_S) /* for any condition; the machine may be busy */
#define SESSION_MS 1000
#define STOP_NS (10 * NS_PER_S) /* from SIGTERM to the end, whatever was done to the servers */

/* ---- random numbers: splitmix64 ---- */

struct rng {
    uint64_t state;
};
uint64_t rng_next(struct rng *rng);
/* 0 .. below-1 */
int rng_below(struct rng *rng, int below);
/* low .. high */
int rng_between(struct rng *rng, int low, int high);

/* ---- what a run will do (plan.c) ---- */

enum action_kind {
    ACTION_KILL,      /* kill -9 a worker at a random moment */
    ACTION_FAILPOINT, /* kill -9 at a failpoint */
    ACTION_ZOMBIE,    /* SIGSTOP at a failpoint until others have its partitions, then SIGCONT */
    ACTION_FREEZE,    /* SIGSTOP at a random moment */
    ACTION_TERMINATE, /* the backend of a worker in COPY */
    ACTION_LOCK,      /* the database makes writers wait, while a worker joins */
    ACTION_ADD,
    ACTION_REMOVE,
    ACTION_SWAP, /* add one, remove another */
    ACTION_POSTGRES,
    ACTION_BROKER,
    ACTION_RESET,    /* an operator has streams read again */
    ACTION_FOLD,     /* counts are added up, some at a time */
    ACTION_RECREATE, /* the topic is deleted and created again, also with more or fewer partitions
                      */
    ACTION_COUNT,
};
extern const char *const action_words[ACTION_COUNT];

struct action {
    enum action_kind kind;
    int64_t at;       /* records of this life committed before it begins */
    int64_t half;     /* produced when it begins */
    int64_t upto;     /* produced when it is under way */
    const char *name; /* failpoint */
    int nth;          /* of the failpoint */
    int choice;       /* 0..99: variant */
    int delay_us;     /* between the condition and the deed */
};

/* The records of one incarnation of the topic, in order of production. */
struct life {
    int32_t topic_partitions; /* a topic is made again with as many, fewer or more */
    int64_t count;
    int64_t *numbers;
    int32_t *partitions;
    int64_t *of[PARTITIONS_MAX]; /* numbers in order of offset */
    int64_t of_count[PARTITIONS_MAX];
};

struct plan {
    uint64_t seed;
    int32_t partitions; /* of the first life */
    int batch_rows, threads, pace_us;
    bool steady;      /* all records are produced while things happen, else chunk by chunk */
    bool once_at_end; /* a last `ingest --once`, else the workers finish */
    bool fresh_group; /* of that last one */
    bool fixed_format;
    int action_count;
    struct action actions[ACTIONS_MAX];
    int life_count;
    struct life lives[LIVES_MAX];
};
void plan_make(struct plan *plan, uint64_t seed, int only);
void plan_release(struct plan *plan);

/* Failpoints of ingest, for plans and for the table of strikes. */
size_t failpoint_count(void);
const char *failpoint_name(size_t at);

/* ---- a run ---- */

struct process {
    pid_t pid; /* 0: ended */
    int id;    /* what its backends call themselves: crash.process */
    bool armed, stopped;
};

struct feed; /* the producing thread */

/* A process beside the run (beside.h). */
struct companion {
    pid_t pid; /* 0: none */
    const char *name;
};
#define COMPANIONS 2

struct run {
    struct plan plan;
    char topic[64], group[80];
    struct process processes[PROCESSES_MAX];
    int process_count;
    struct companion companions[COMPANIONS];
    pid_t rebuild;             /* of casebook.c, while it stands still; 0: none */
    int life;                  /* index of the topic's current incarnation */
    int64_t allowed;           /* records of this life that may be produced by now */
    bool cut_short[LIVES_MAX]; /* deleted before all of it was read */
    struct feed *feed;
    struct strbuf story; /* what was done, one line each */
    jmp_buf failed;
    char why[1024];
};

__attribute__((noreturn, format(printf, 2, 3))) void
fail_run(struct run *run, const char *format, ...);
__attribute__((format(printf, 2, 3))) void tell(struct run *run, const char *format, ...);

/* oracle.c: record contents as a function of their number, and the thread that produces them */
enum record_sort {
    SORT_LOG,
    SORT_ALERT,
    SORT_CHAT,
    SORT_PAIR,   /* a log and an alert in one record */
    SORT_EMPTY,  /* no event */
    SORT_BROKEN, /* quarantine: syntax */
    SORT_BLANK,  /* quarantine: empty_value */
    SORT_TOMBSTONE,
};
enum record_sort oracle_sort(int64_t number);
/* Into buffers of at least 512 and 32 bytes; ret_value.ptr NULL for a tombstone. */
void oracle_record(int64_t number, char *buffer, struct sv *ret_value, char *key);
/* Body (or title) of event `index`; false when the record has no such event. */
bool oracle_event(int64_t number, int index, char *ret_text, size_t size, bool *ret_log);
void feed_start(struct run *run);
/* Lets the thread produce the first `count` records of the current life. */
void feed_allow(struct run *run, int64_t count);
/* Until the broker has confirmed them. */
void feed_wait(struct run *run, int64_t count);
void feed_stop(struct run *run);

/* beside.c: correlators, deciders and a reader go on from here, see beside.h */
void beside_start(struct run *run);
/* Fails the run where one of them found something. */
void beside_look(struct run *run);
/* Until all is taken in, and looked at. */
void beside_finish(struct run *run);
void beside_kill(struct run *run);
/* What they did, added up over all runs. */
void beside_summary(void);

/* process.c */
/* Of what a run leaves in a file, "seed-N-NAME". */
void run_path(const struct run *run, const char *name, char *out, size_t size);
void processes_init(const char *program, const char *folder);
struct process *process_start(struct run *run, const char *failpoint, bool once);
struct process *process_pick(struct run *run, struct rng *rng); /* alive, not stopped; or NULL */
int process_alive(const struct run *run);
void process_signal(struct process *process, int number);
/* Looks after all; a worker that ended by itself fails the run. True while this one runs. */
bool process_look(struct run *run, struct process *process);
/* Waits for its end; the status as waitpid() gives it. */
int process_finish(struct run *run, struct process *process);
/* SIGTERM, and must end with 0 in time. */
void process_stop(struct run *run, struct process *process);
void process_kill(struct run *run, struct process *process);
/* Until the armed failpoint stopped it; false when it will not. */
bool process_wait_stopped(struct run *run, struct process *process);
void process_kill_all(struct run *run);
void process_logs(struct run *run, bool keep);

/* database.c: the harness's own connection; $1 is the topic */
void database_init(void);
void database_reopen(void);
PGresult *database_query(struct run *run, const char *sql);
int64_t database_int(struct run *run, const char *sql);
int64_t database_committed(struct run *run); /* records of the current life */
/* SQL: true if a row of evidence.stream is of the current life. */
void database_of_life(const struct run *run, char *ret_sql, size_t size);
/* Until the query gives at least `least`; looks after the processes meanwhile. */
void database_wait(struct run *run, const char *sql, int64_t least, const char *what);
void database_wait_committed(struct run *run, int64_t least);
/* Where every stream stands, into the story. */
void database_tell_streams(struct run *run);
void database_script(struct run *run, const char *path, int64_t stream_id);
PGconn *database_second(void);

/* servers.c: private, and restarted by name of their folders */
void servers_init(void);
void servers_restart_postgres(struct run *run);
void servers_restart_broker(struct run *run, bool hard);

/* disturb.c */
void disturb(struct run *run, const struct action *action);
/* The first action: its worker has the topic to itself, so its failpoint must be met. */
void disturb_first(struct run *run, const struct action *action);
void replace_if_none(struct run *run);

/* takeover.c: workers that stand still while others take their partitions, and servers that do */
void disturb_zombie(struct run *run, const struct action *action);
void disturb_freeze(struct run *run, const struct action *action);
void disturb_terminate(struct run *run, const struct action *action);
void disturb_lock(struct run *run, const struct action *action);
/* The others end, by SIGKILL or SIGTERM. */
void end_others(struct run *run, const struct process *but, bool hard);
struct process *start_armed(struct run *run, const struct action *action, bool stop);
/* Then more may be produced, so that it has something to do. */
void wait_for_partitions(struct run *run, struct process *process, const struct action *action);

/* decide.c: two people decide while workers go on; then that all of it is told. */
void decide_beside(struct run *run);
void decide_check(struct run *run);

/*
 * casebook.c: what correlators made of the run is all that a whole computation makes; disturbs a
 * rebuild at one of the correlator's failpoints, and compares what readers see.
 */
void check_casebook(struct run *run);
/* Then the records of the run are gone, and what was derived of them. */
void forget_casebook(struct run *run);

/* check.c and check_rows.c: fail_run() on the first thing that is not as promised */
void check_run(struct run *run);
void check_rows(struct run *run, int64_t stream_id, const int64_t *numbers, int64_t count);

#endif
