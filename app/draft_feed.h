/*
 * The feeder of a draft: a thread that reads the files and produces them into the in-process
 * broker, never further ahead of what ingest has committed than the broker keeps. When all of it is
 * committed it tells ingest to stop.
 */
#ifndef APP_DRAFT_FEED_H
#define APP_DRAFT_FEED_H

#include <pthread.h>

#include "app/file_table.h"
#include "base/config/config.h"
#include "ingest/source/file/file.h"
#include "ingest/topics.h"

#define FEED_PARTITIONS 16
#define FEED_WINDOW_BYTES ((int64_t)4 * 1024 * 1024) /* not committed, per partition */
#define FEED_WINDOW_RECORDS 32768

struct feed_partition {
    int64_t sent, committed; /* records: the mock broker counts offsets from 0 */
    int64_t waiting_bytes;
    uint32_t bytes[FEED_WINDOW_RECORDS]; /* of the records sent, a ring by offset */
};

struct feed {
    /* set by the owner before feed_start() */
    const struct config *config;
    const char *brokers, *topic, *conninfo;
    const struct file_set *files;
    struct file_table *table;  /* begun; the feeder's from now on, until feed_join() */
    bool date_of_file;         /* what tells no time takes the date of its file */
    const volatile bool *stop; /* the user asks to stop */

    /* written by the feeder, read by the owner at any time */
    int64_t records, bytes, read_bytes; /* atomic */
    volatile bool ingest_stop;          /* for ingest_options.stop */

    /* the owner's word that ingest has ended early */
    volatile bool abandoned;

    /* valid after feed_join() */
    int64_t problems; /* what should have been read and was not */
    bool failed;
    struct err err;

    /* shared, under the mutex: rows of the table that nobody has printed yet */
    pthread_mutex_t mutex;
    struct strbuf rows;

    /* the feeder's own */
    pthread_t thread;
    struct topics topics;
    struct producer *producer;
    struct store *store;
    struct feed_partition *partitions;
    int64_t before_bytes;
    int note_status; /* of the first manifest record that could not be sent */
    struct err note_err;
};

int feed_start(struct feed *feed, struct err *err) MUST_CHECK;
void feed_join(struct feed *feed);
void feed_release(struct feed *feed);
/* Takes the rows of the table there are, into an empty buffer. Any thread. */
void feed_take_rows(struct feed *feed, struct strbuf *ret_rows);

#endif
