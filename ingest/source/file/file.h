/*
 * Files as a source: log files, JSON Lines, JSON documents, Slack exports, zips and compressed
 * files become a stream of records, in a fixed order (names sorted, rotated logs from the oldest
 * on, places ascending), so that the same files give the same records with the same ids, and an
 * interrupted load can go on by count.
 *
 * A `struct file_set` is the list of what PATH... names; file_read() reads one of them and hands
 * each record to a sink. Nothing is ever written or unpacked to disk. What cannot be a record is
 * told to the sink with its reason, never dropped silently: skip() what is none for us, however
 * often it is read, problem() what should have been read and could not be.
 *
 * A record says in headers where it lies (file, line, version of the rules that split files) and
 * what surrounds it: the time of the file, and where it has none itself, that of the line before.
 * Whoever goes on after an interruption has the same bytes handed out: what was delivered before is
 * decoded again.
 *
 * Reading may take long or wait for a writer: both functions end with FILE_STOPPED soon after
 * stopped() says so.
 *
 * Used by app/load.c and app/draft_feed.c; one thread. What can fail: IO (a path given by the user
 * does not exist); a file found inside a directory that cannot be read is a skip.
 */
#ifndef INGEST_SOURCE_FILE_FILE_H
#define INGEST_SOURCE_FILE_FILE_H

#include "base/err.h"
#include "base/sha256.h"
#include "base/sv.h"
#include "hindcast/decoder.h"
#include "hindcast/record.h"
#include "ingest/source/file/zones.h"

/* Limits, documented in docs/load.md. */
/* A JSON document of more bytes is not looked at as a whole before it is read (pieces.h). */
#define FILE_DOCUMENT_BYTES_MAX ((size_t)8 * 1024 * 1024)
#define FILE_ENTRY_BYTES_MAX (INT64_C(16) * 1024 * 1024 * 1024) /* of an archive, unpacked */
#define FILE_ARCHIVE_RATIO_MAX 1000 /* unpacked : packed, beyond FILE_ARCHIVE_FREE_BYTES */
#define FILE_ARCHIVE_FREE_BYTES (INT64_C(256) * 1024 * 1024)
#define FILE_ARCHIVE_ENTRIES_MAX 200000
#define FILE_JOIN_LINES_MAX 1000 /* of one record, and its bytes; pieces of one line: 8 MiB */
#define FILE_JOIN_BYTES_MAX ((size_t)1024 * 1024)
#define FILE_SET_MAX 1000000 /* files */
#define FILE_DEPTH_MAX 32    /* directories */
#define FILE_HEADERS_MAX 20
/* In a folder that `draft` wrote: it is read only where it is named itself. */
#define FILE_DRAFTS_MARK ".hindcast-drafts"

struct file_dates; /* see dates.h */
struct file_users; /* the user directory of a Slack export, see slack.c */

struct input_file {
    char *path;                     /* to open; "-" is standard input */
    char *name;                     /* for people and headers: relative, never absolute */
    int64_t size;                   /* bytes on disk; -1 unknown */
    int64_t mtime_ns;               /* TIME_NONE unknown */
    const struct file_users *users; /* of the export it lies in, or NULL */
    const struct file_zones *zones; /* or NULL */
    const struct file_dates *dates; /* or NULL */
};

struct file_set {
    struct input_file *files;
    size_t count, size;
    struct file_users **exports;
    size_t export_count;
    int64_t total_bytes;
    const struct file_zones *zones; /* of all that is added from now on; NULL: none is given */
    const struct file_dates *dates; /* likewise */
};

/* Version of the rules that split files into records; shipped with each of them. */
#define FILE_FRAMING "3"

/* One record; its views live until the sink returns. */
struct file_record {
    struct sv key; /* channel, or the source */
    struct sv value;
    struct header headers[FILE_HEADERS_MAX];
    size_t header_count;
    int64_t time_ns;  /* of the record, where the source tells it outside the bytes */
    int64_t place;    /* number of the record in its file, from 0 */
    const char *name; /* of the file, or file!entry */
    int64_t line;     /* in it, from 1, where the record begins */
    /* What it decodes to; nothing where the sink does not ask for it. */
    struct decode_result result;
    const struct event *events;
    size_t event_count;
};

/* The record as a decoder sees it: views into this one. */
static inline struct record
file_record_seen(const struct file_record *record)
{
    return (struct record){.kafka_time_ns = record->time_ns,
                           .key = record->key,
                           .value = record->value,
                           .headers = record->headers,
                           .header_count = record->header_count};
}

/* A file, or an entry of an archive, that was gone through. */
struct file_ended {
    const char *name;
    int64_t bytes;        /* unpacked */
    bool whole;           /* read to its end: then the digest is that of all its bytes */
    struct sha256 digest; /* unpacked */
};

struct file_sink {
    void *opaque;
    /*
     * How ingest will read the records: each is decoded on the way, and log lines without a time
     * get that of the line before them as a header. NULL: records as they are split.
     */
    const struct decode_options *decode;
    /* Each record that was decoded, also those that are not handed out; may be NULL. */
    void (*decoded)(void *opaque, const struct file_record *record);
    bool date_of_file; /* what tells no time takes the date of its file; a header says so */
    /* 0 goes on; anything else ends file_read() with that value (err filled in when -1). */
    int (*record)(void *opaque, const struct file_record *record, struct err *err);
    /*
     * After the last record of a file or entry, or after it was skipped; 0 goes on. Who wants it
     * has every byte read and hashed, also of what is skipped. May be NULL.
     */
    int (*ended)(void *opaque, const struct file_ended *ended, struct err *err);
    /* `name`: file or file!entry; `line` 0: the whole of it. */
    void (*skip)(void *opaque, const char *name, int64_t line, const char *reason);
    /* Bytes of the file as it lies on disk that were taken so far; may be NULL. */
    void (*progress)(void *opaque, int64_t bytes);
    /*
     * Missing rights, damage, a limit: not all of `name` was read, and another try may do better.
     * NULL: told to skip().
     */
    void (*problem)(void *opaque, const char *name, const char *reason);
    bool (*stopped)(void *opaque); /* NULL: never */
};

#define FILE_STOPPED 1

void file_set_init(struct file_set *set);
void file_set_release(struct file_set *set);
/*
 * Add a file, a directory (recursively, sorted; symbolic links inside are followed only to files
 * below it) or "-". Told to the sink: what is there but is not read. Returns 0, -1 with err, or
 * FILE_STOPPED.
 */
int file_set_add(struct file_set *set, const char *path, const struct file_sink *sink,
                 struct err *err) MUST_CHECK;

/*
 * Read one file. `skip_records`: do not hand out the first ones (they were delivered before).
 * Returns 0, -1 with err, FILE_STOPPED, or what the sink returned.
 */
int file_read(const struct input_file *file, int64_t skip_records, const struct file_sink *sink,
              struct err *err) MUST_CHECK;

#endif
