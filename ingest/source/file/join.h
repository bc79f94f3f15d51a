/*
 * Lines into records: a record is held until a line comes that does not belong to it, so that a
 * trace or a statement over many lines is one. What is held is bounded (FILE_JOIN_LINES_MAX,
 * FILE_JOIN_BYTES_MAX): behind that a new record begins, which says of itself that it goes on.
 * For sinks that want records decoded. Private to ingest/source/file; one thread.
 */
#ifndef INGEST_SOURCE_FILE_JOIN_H
#define INGEST_SOURCE_FILE_JOIN_H

#include "ingest/source/file/join_rules.h"
#include "ingest/source/file/reading.h"

/* A record that may grow, decoded as far as it was read. */
struct join_slot {
    struct strbuf text;
    struct arena arena;
    struct file_record record;
    int64_t before_ns; /* of the reading, before it was decoded */
    struct join_state state;
};

struct file_join {
    struct file_reading *reading;
    const char *name;
    struct join_slot slots[2], *held, *spare;
    bool holds;
    size_t blanks;         /* blank lines behind what is held */
    size_t timed, counted; /* of the lines so far that could begin a record */
    struct join_line line;
};

/* `start`: the first bytes of the text; they tell whether its lines begin with a time. */
void file_join_begin(struct file_join *join, struct file_reading *reading, const char *name,
                     struct sv start);
/* A line without its end, or a blank one; where it lies says the reading. */
int file_join_line(struct file_join *join, struct sv line, struct err *err) MUST_CHECK;
void file_join_blank(struct file_join *join);
/* Hands out what is held. */
int file_join_end(struct file_join *join, struct err *err) MUST_CHECK;
void file_join_release(struct file_join *join);

#endif
