/*
 * Reading: files are decoded as `hindcast load` and `hindcast ingest` would decode them, and what
 * comes out is shown. No server is asked and nothing is written; memory is that of one record. The
 * calling thread does it all. What is found goes to stdout.
 */
#ifndef APP_READ_H
#define APP_READ_H

#include "base/config/config.h"
#include "ingest/source/file/dates.h"
#include "ingest/source/file/zones.h"

struct read_request {
    const struct config *config;
    char **paths; /* files, directories, archives, or "-" for standard input */
    int path_count;
    const char *topic;              /* decoded as this topic's records are; NULL: any topic's */
    const char *format;             /* every record is of this format; NULL: it is found out */
    const struct file_zones *zones; /* of times without one; NULL: UTC */
    const struct file_dates *dates; /* of files that tell none; NULL: nobody gave any */
    bool lines;        /* JSON Lines, an object for each event; else a table, a row for each file */
    bool explain;      /* the table: who bid what for the records */
    bool date_of_file; /* what tells no time takes the date of its file */
    const volatile bool *stop;
};

/*
 * 0: all was read, whatever it was. 1: stopped as asked. -1 with err: IO also where parts of the
 * input could not be read, after the rest was shown; NOT_FOUND where there was not one record.
 */
int read_run(const struct read_request *request, struct err *err) MUST_CHECK;

#endif
