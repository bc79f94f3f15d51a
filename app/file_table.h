/*
 * The table of files that were read: a row for each file or entry as soon as it is read, below it
 * what a person should know, and a total. Rows go to a buffer of the owner, who prints them. One
 * thread.
 */
#ifndef APP_FILE_TABLE_H
#define APP_FILE_TABLE_H

#include "app/file_remarks.h"
#include "app/file_row.h"
#include "app/file_run.h"
#include "app/zone_neighbours.h"
#include "base/config/config.h"
#include "base/strbuf.h"

struct file_table {
    /* set by the owner before file_table_begin() */
    struct strbuf *out;
    size_t columns; /* of the terminal; 0: it is none */
    bool brief;     /* for a command that does more than read: files that are alike, and in order,
                       share a row, and nothing is said that needs no look */
    struct assumed_zone zone;
    /* Each file or entry once its row is there, also one of which nothing was read; may be NULL.
     * `ended`: what is known of its bytes, NULL: nothing. */
    void (*noted)(void *opaque, const struct file_tally *tally, const struct assumed_zone *zone,
                  const struct file_ended *ended);
    void *opaque;

    /* its own */
    bool begun;
    struct file_row_widths widths;
    struct file_tally tally;     /* of the file that is being read; name NULL: none */
    struct zone_sketch mentions; /* of that file */
    struct zone_neighbours neighbours;
    struct strbuf lines; /* to stand below its row */
    struct strbuf early; /* name and reason, terminated, of what was skipped before the head */
    struct file_run run;
    int64_t rows;          /* of the file on disk that is being read: an archive has many */
    const char *common;    /* the first name, of the set of files */
    size_t folder;         /* bytes of it that are a folder common to all of them */
    struct file_tally sum; /* of all files */
    int64_t known;         /* records of files that were loaded before */
    int64_t files, skipped, to_look_at;
};

void file_table_init(struct file_table *table, struct strbuf *out);
/* The head of the table, once all files are known. Only what is skipped may come before. */
void file_table_begin(struct file_table *table, const struct file_set *files);
/* Rows of what was skipped before: next. */
void file_table_early(struct file_table *table);
/* What the configuration says of the zone of a topic's records ("": of any topic). */
struct assumed_zone file_table_zone(const struct config *config, const char *topic);
/* A record of another file than before ends the row of that one. */
void file_table_record(struct file_table *table, const struct file_record *record);
void file_table_skip(struct file_table *table, const char *name, int64_t line, const char *reason);
void file_table_problem(struct file_table *table, const char *name, const char *reason);
/* The file or entry was gone through: its row. */
void file_table_ended(struct file_table *table, const struct file_ended *ended);
/* More about the file that is being read: lines to stand below its row. */
void file_table_add_lines(struct file_table *table, struct sv lines);
/* A file that was read before and is not read again. */
void file_table_known(struct file_table *table, const struct input_file *file, int64_t records);
/* A file has come to its end: its row, also where nothing was found in it. */
void file_table_file_end(struct file_table *table, const struct input_file *file);
/* The rest, and the total. */
void file_table_end(struct file_table *table);
void file_table_release(struct file_table *table);
/* So many problems were told in the table: BAD_DATA where records were read, IO where not one was.
 * Returns -1. */
int file_table_fail(const struct file_table *table, int64_t problems, struct err *err);

#endif
