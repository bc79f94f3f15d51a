/*
 * A worker of ingest with a database and a broker that are scripted: they live in this process,
 * keep what they are asked to keep, write down every question, and fail where a test says so. The
 * functions stand in for those of store/ and of ingest/source/kafka/ when a test is linked with
 * them (Makefile: tests/unit/ingest/worker_*), so that what a worker does when a claim is refused
 * or an answer is lost can be seen without a server and without waiting.
 *
 * One at a time: scripted_start(), then scripted_end().
 */
#ifndef TESTS_LIB_SCRIPTED_SERVERS_H
#define TESTS_LIB_SCRIPTED_SERVERS_H

#include "ingest/worker/partition.h"
#include "ingest/worker/state.h"

/* What a test can have fail. */
enum scripted_call {
    CALL_RECONNECT,
    CALL_CLAIM,
    CALL_COMMIT,
    CALL_STREAM_READ,
    CALL_OWN_AGAIN,
    CALL_NOTE_GAP,
    CALL_RENEW,
    CALL_RELEASE,
    CALL_TAKEN,
    CALL_WATERMARKS,
    CALL_FIRST_OFFSET,
    CALL_RESTART,
    CALL_DECODING,
    CALL_DECODING_ADD,
    SCRIPTED_CALLS,
};

/* A row of evidence.stream. Stream ids count from 1 in the order of the first claim. */
struct scripted_stream {
    char topic[64];
    int32_t partition, incarnation;
    int64_t epoch, next_offset, seq;
    int64_t records; /* committed; every record counts each time */
    int64_t tail_offset, tail_time_ns;
    struct sha256 tail_sha256;
};

/* The worker, ready to claim; `settings` are "section.key=value", ending with NULL; or NULL. */
struct worker *scripted_start(const char *const *settings);
int scripted_end(void **state); /* a test's teardown */
/* The partition of the broker: offsets [low, high). Those of a topic are numbered from 0. */
void scripted_broker(const char *topic, int32_t partition, int64_t low, int64_t high);
/* The broker does not know the topic any more. */
void scripted_broker_forget(const char *topic);
/* The first record at or after any offset is at this one; -1: at the offset asked for. */
void scripted_first_record(int64_t offset);

/* The next call of this kind that is not to fail for another reason first fails with `code`. The
 * connection is lost with DB_DOWN and DB_UNKNOWN. */
void scripted_fail(enum scripted_call call, enum err_code code);
/* The next commit's answer is lost; what it was to write is there or not. */
void scripted_lose_answer(bool written);
/* Questions about streams that are gone are not answered before this is taken back. */
void scripted_hold_answers(bool hold);
/* What was asked since this was called last, one question a line. Valid until the next call. */
const char *scripted_log(void);
/* The row of a stream, to look at and to change behind the worker's back. */
struct scripted_stream *scripted_stream(int64_t stream_id);

/* Somebody applies decoding options: of this program, of another one ("0.2.0 HEX"). */
void scripted_apply(const char *options_and_files);
void scripted_apply_of(const char *program, const char *options_and_files);

/* Kafka assigns the partition, as the only one or behind others. */
void scripted_assign(struct worker *worker, const char *topic, int32_t partition);
/* A record arrives, with its offset as its value. */
void scripted_record(struct worker *worker, const char *topic, int32_t partition, int64_t offset);
/* Claims and attempts that are to be made later are due now. */
void scripted_let_time_pass(struct worker *worker);
/* commit_step() with the batch due, then waits for the outcome: the code of the step. */
enum err_code scripted_commit(struct worker *worker);

#endif
