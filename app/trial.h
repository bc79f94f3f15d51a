/*
 * Trying a map or a format of lines on files (map_check.h, lines_check.h): each record is decoded
 * as `load` and `ingest` would, and of each file it is said which part of what is checked reads it,
 * what it makes of the first record, and who else bids. Main thread.
 */
#ifndef APP_TRIAL_H
#define APP_TRIAL_H

#include "app/map_check.h"
#include "base/strbuf.h"
#include "hindcast/decoder.h"
#include "ingest/topics.h"

/* What was found in one file. */
struct trial_found {
    size_t records, read, events; /* read: by what is checked */
    struct sv name;               /* what read the first of them; absent: nothing did */
    int bid, line;                /* of that */
    char next[64];                /* who bids next on it, and how much */
    char other[64];               /* who reads the first that it does not */
    struct strbuf details;
};

struct trial;
struct trial_subject {
    const char *what; /* "shape of the map", where none reads a file */
    bool (*is_mine)(const struct trial *trial, const struct decoder_info *info);
    /* Decodes, for whoever must be told of it beforehand; NULL: decode_record_bids(). */
    struct decode_result (*decode)(struct trial *trial, const struct record *record,
                                   struct event_sink *sink, struct decoder_bids *bids);
    /* Whether it was read by what is checked, and well. */
    bool (*has_read)(struct trial *trial, const struct decode_result *result);
    /* Counts it; of the first one that gives an event sets name, bid, line and adds the details. */
    void (*note)(struct trial *trial, const struct decode_result *result, struct event_sink *sink);
};

/* The caller sets the first three, zeros the rest, and has `out` for what it prints itself. */
struct trial {
    const struct map_check_request *request;
    const struct trial_subject *subject;
    void *owner;
    struct strbuf out;
    size_t ties, unread;
    struct topics topics;
    struct trial_found found; /* in the file at hand */
};

/* Over all files of the request; prints a line and the details of each. 0, FILE_STOPPED, or -1. */
int trial_run(struct trial *trial, struct err *err) MUST_CHECK;
/* What is in `out` goes to stdout. */
void trial_print(struct trial *trial);
/* "ties: none." or how many. */
void trial_add_ties(struct trial *trial);
/* From what trial_run() returned to what the check returns. */
int trial_result(const struct trial *trial, int status);

#endif
