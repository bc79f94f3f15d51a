/*
 * The head of a log line: time, level, process, thread, logger and position, in whatever order and
 * brackets a program writes them, before the message. A head is told by its time or its level; what
 * stands between and right behind them belongs to it, the first word of a sentence ends it.
 */
#ifndef INGEST_PARSE_LINE_HEAD_H
#define INGEST_PARSE_LINE_HEAD_H

#include "ingest/parse/times.h"

#define HEAD_PARTS_MAX 12

struct head_part {
    const char *name; /* "process", "pid", "thread", "logger", "position", "prefix", "context" */
    struct sv value;
};

struct text_head {
    bool has_time; /* recognised; time.ns is TIME_NONE where year or day cannot be known */
    struct read_time time;
    int severity;
    struct sv severity_word;
    struct head_part parts[HEAD_PARTS_MAX]; /* the rest of the head, each name once */
    size_t part_count;
    struct sv message; /* the line without its head */
};

void text_read_head(struct sv line, const struct time_hints *hints, struct text_head *ret_head);
/* The parts as a JSON object; SV_NONE without any. */
struct sv text_head_json(struct arena *arena, const struct text_head *head);
/* "#Fields: ...", "# Version: 1.0", "#separator \x09": lines that say how others are to be read. */
bool text_is_file_header(struct sv line);
/* Of those: "/usr/sbin/mysqld, Version: 8.0.36 ... started with:" and the two lines behind it. */
bool text_is_server_header(struct sv line);

#endif
