/*
 * Loading: files into a Kafka topic. What was delivered is remembered in a small file
 * (app/load_state.h), so that the same request again sends only what is new. The calling thread
 * reads and waits; deliveries are the producer's. Progress goes to stderr, the table
 * of files and the summary to stdout.
 */
#ifndef APP_LOAD_H
#define APP_LOAD_H

#include "base/config/config.h"
#include "ingest/source/file/dates.h"
#include "ingest/source/file/zones.h"

struct load_request {
    const struct config *config; /* load.topic and kafka.brokers are set */
    char **paths;                /* files, directories, zips, or "-" for standard input */
    int path_count;
    const char *state;              /* NULL: a file of its own for these brokers, topic and paths */
    const struct file_zones *zones; /* of times without one; NULL: as the topic has it */
    const struct file_dates *dates; /* of files that tell none; NULL: nobody gave any */
    bool again;                     /* send everything, whatever was delivered before */
    bool date_of_file;              /* what tells no time takes the date of its file */
    const volatile bool *stop;
};

/*
 * 0: all was delivered. 1: stopped as asked before the end, what was delivered is noted. -1: what
 * the producer, the files or the state met; IO also where parts of the input could not be read.
 */
int load_run(const struct load_request *request, struct err *err) MUST_CHECK;

#endif
