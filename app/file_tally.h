/*
 * What was found in one file or one entry of an archive, added up record by record: as what it was
 * read, how far its times are its own, what a person should look at. Fixed size, whatever a file
 * holds. One thread.
 */
#ifndef APP_FILE_TALLY_H
#define APP_FILE_TALLY_H

#include "ingest/source/file/file.h"

#define TALLY_FORMATS_MAX 12
#define TALLY_TEXT 160

enum {
    TIME_SOURCE_WORDS = 1 /* with the zero value */
#define TIME_SOURCE(name, word) +1
#include "hindcast/event.def"
};

struct tally_format {
    char name[48];
    int64_t events;
};

/* Things of one kind: how many, and the first of them. */
struct tally_finding {
    int64_t count;
    int64_t line; /* of the first; 0: it has none */
    char what[TALLY_TEXT];
};

/* What the bytes look like, whatever they were read as. */
enum tally_look {
    LOOKS_UNKNOWN,
    LOOKS_JSON,
    LOOKS_XML,
    LOOKS_WEB_PAGE,
};

struct file_tally {
    char *name; /* the owner's: "logs/api.log", "all.zip!api.log" */
    int64_t records, events;
    struct tally_format formats[TALLY_FORMATS_MAX]; /* in the order of their first event */
    size_t format_count;
    int64_t other_formats;            /* events of those that found no room */
    int64_t times[TIME_SOURCE_WORDS]; /* events, by enum time_source */
    int64_t dated_by_file;            /* of them: no time, and the date of the file was to count */
    int64_t first_ns, last_ns;        /* of events that have a time; TIME_NONE */
    int64_t with_severity;
    int64_t unrecognised;             /* JSON that nobody knows: neither a time nor words */
    enum tally_look look;             /* of the first record */
    char zone[48];                    /* that was told for the file; empty: none */
    struct tally_finding quarantined; /* what: reason and detail */
    struct tally_finding empty;       /* records that tell of no event */
    struct tally_finding skipped;     /* what is not a record; with count 0 and a text: all of it */
    char problem[TALLY_TEXT];         /* why not all of it was read; empty: it was */
};

/* `name` is copied. */
void file_tally_init(struct file_tally *tally, const char *name);
void file_tally_release(struct file_tally *tally);
/* A record with what it decoded to. */
void file_tally_add(struct file_tally *tally, const struct file_record *record);
/* Of a file that was read: into a sum of files, whose other members stay as they are. */
void file_tally_sum(struct file_tally *sum, const struct file_tally *tally);
/* `line` 0: nothing of the file is read. */
void file_tally_skip(struct file_tally *tally, int64_t line, const char *reason);
void file_tally_problem(struct file_tally *tally, const char *reason);
/* Why there is not one record of it; NULL: there are some. */
const char *file_tally_unread(const struct file_tally *tally);

#endif
