/*
 * `hindcast ingest` as a child process of a test, on the database of pgtest.h and the broker of
 * kafkatest.h, and what its rows must be afterwards. Failures end the test.
 */
#ifndef TESTS_INGESTRUN_H
#define TESTS_INGESTRUN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define INGESTRUN_WAIT_S 90

/* `settings`: NAME, VALUE, ..., NULL for the environment; NULL: none. Batches of 200 rows. */
pid_t ingestrun_start(const char *topic, const char *group, bool once, const char *const *settings);
/* Waits for the end and wants exit code 0. */
void ingestrun_finish(pid_t pid);
/* SIGTERM, and the same. */
void ingestrun_stop(pid_t pid);
/* Waits until the first number of the query is at least `least`, while the child lives (0: none).
 */
void ingestrun_wait(pid_t pid, const char *sql, int64_t least);
/* The same, until so many records of the topic are stored. */
void ingestrun_wait_records(pid_t pid, const char *topic, int64_t least);
/* "VmRSS" or "VmHWM" of a process, in KiB. */
int64_t ingestrun_memory(pid_t pid, const char *name);

/*
 * Record i: a log line, "line i", at 2026-03-01 10:00 and i seconds. A kafkafeed_fill. With
 * ingestrun_padding > 0 each has so many more bytes.
 */
extern int ingestrun_padding;
int64_t ingestrun_line(int64_t i, char *ret_key, char *ret_value, int size);
/*
 * The rows of the topic are exactly the lines that `wanted`, an SQL condition on i, picks out of
 * 0 to `sent` - 1, and the ledger adds up.
 */
void ingestrun_check(const char *topic, int64_t sent, const char *wanted);

#endif
