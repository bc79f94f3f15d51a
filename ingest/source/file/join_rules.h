/*
 * Which lines of a file are one record: traces, what is indented, pieces of one line, the details
 * of a PostgreSQL error, an entry of MySQL's slow log, and lines without a time in a file whose
 * lines begin with one. Pure functions on lines; join.c holds the record that grows. Private to
 * ingest/source/file.
 */
#ifndef INGEST_SOURCE_FILE_JOIN_RULES_H
#define INGEST_SOURCE_FILE_JOIN_RULES_H

#include "ingest/parse/boxed_line.h"
#include "ingest/parse/repeated_head.h"
#include "ingest/parse/trace.h"

struct join_line {
    struct boxed_line in;
    enum trace_line trace; /* of its text, and how far that is indented */
    size_t indent;
};

void join_line_read(struct sv line, struct join_line *ret_line);

/* What is known of the record that is held, as it grows. */
struct join_state {
    enum line_box box;
    char key[80];
    size_t key_len;
    bool joinable; /* a log line that is not JSON: more may belong to it */
    bool timed;    /* it tells its time itself */
    bool unfinished;
    int severity;
    size_t indent;
    bool trace, exception, crash; /* it has frames; it told one; it is the end of a process */
    bool python, go, chained;  /* a Traceback whose end is to come; goroutines; a trace follows */
    bool slow, slow_user;      /* of MySQL's slow log; it has its "# User@Host" */
    bool colon;                /* a crash that goes on in the next line */
    bool one_line;             /* its format has no entries of several lines */
    struct repeated_head head; /* that its further lines repeat, */
    char first[REPEATED_HEAD_MAX]; /* as its first line has it */
    size_t first_len;
    int64_t part;
    size_t lines;
};

/* What decoding the first or the next line by itself gave. */
struct join_facts {
    bool log;   /* one event of kind log */
    bool text;  /* of no format at all: plain text */
    bool timed; /* it tells its time itself */
    int severity;
    struct sv format;
};

void join_state_begin(struct join_state *state, const struct join_line *line,
                      const struct join_facts *facts);
/* The record is full: the next one, which begins with this line, goes on as it would have. */
void join_state_go_on(struct join_state *state, const struct join_state *full,
                      const struct join_line *line);
void join_state_add(struct join_state *state, const struct join_line *line);

enum join_answer {
    JOIN_NO,  /* it begins a record, whatever it says */
    JOIN_YES, /* it belongs to the record */
    JOIN_ASK, /* it depends on what it decodes to: join_by_facts() */
};
enum join_answer join_by_form(const struct join_state *state, const struct join_line *line);
/* `timed_file`: most lines of the file that could begin a record tell a time. */
bool join_by_facts(const struct join_state *state, const struct join_line *line,
                   const struct join_facts *facts, bool timed_file);
/* True if this line can say whether lines of its file begin with a time. Those that never begin a
 * record do not. */
bool join_counts(const struct join_line *line);

#endif
