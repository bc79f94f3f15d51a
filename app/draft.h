/*
 * Drafting: from files to postmortem drafts, on servers of its own (app/draft_servers.h). The
 * calling thread starts them, runs ingest while the feeder thread produces, correlates, writes the
 * results, and always stops what it started. Progress goes to stderr, what was found to stdout. One
 * draft at a time in a folder, and in a process.
 */
#ifndef APP_DRAFT_H
#define APP_DRAFT_H

#include "app/draft_result.h"
#include "base/config/config.h"
#include "ingest/source/file/dates.h"
#include "ingest/source/file/zones.h"

struct draft_request {
    const struct config *config; /* of brokers and databases nothing counts */
    char **paths;                /* files, directories, zips */
    int path_count;
    bool demo;                      /* the bundled incident, too */
    const struct file_zones *zones; /* of times without one; NULL: as configured */
    const struct file_dates *dates; /* of files that tell none; NULL: nobody gave any */
    bool keep;                      /* leave the database */
    bool date_of_file;              /* what tells no time takes the date of its file */
    const char *out;                /* folder to write to */
    const char *zone;               /* of what people read; in use already */
    const char *const *forms;       /* names of writers.def, beside the usual ones */
    size_t form_count;
    int64_t from_ns, to_ns;                /* an incident to declare; TIME_NONE: none, open */
    const char *title, *service, *channel; /* of it; may be NULL */
    const char *graph;                     /* file of edges of services; NULL: none */
    struct draft_wish wish;                /* which incidents are written */
    bool public;                           /* what is written is redacted */
    const volatile bool *stop;
};

/*
 * 0: drafts are written, or nothing looked like an incident. 1: stopped as asked. -1 with err; IO
 * also where parts of the input could not be read, after the drafts of the rest are written.
 */
int draft_run(const struct draft_request *request, struct err *err) MUST_CHECK;

#endif
