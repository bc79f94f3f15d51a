/*
 * What the parts of the file source share: the byte stream they read from, the state of one file,
 * and handing out what was read. Private to ingest/source/file; one thread.
 */
#ifndef INGEST_SOURCE_FILE_READING_H
#define INGEST_SOURCE_FILE_READING_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/strbuf.h"
#include "ingest/source/file/file.h"

/*
 * Bytes of a file or of an archive's entry. Returns bytes read, 0 at the end, -1 with `reason`
 * (which says nothing to people after a stop).
 */
struct byte_stream {
    void *opaque;
    ssize_t (*read)(void *opaque, void *buffer, size_t size, const char **ret_reason);
    /* The same bytes a second time, from the first on, while this stream is read. NULL: they come
     * only once. False: not now. */
    bool (*again)(void *again_opaque, struct byte_stream *ret_stream);
    void *again_opaque;
    void (*close)(void *opaque); /* of a stream that again() made */
};

/* Of talk, what the file around a record tells of it: values of headers; absent ones are not known.
 */
struct file_said {
    struct sv local, user, user_type, channel;
};

/* One input file while it is read; records are numbered across all entries of an archive. */
struct file_reading {
    const struct file_sink *sink;
    const struct file_users *users;
    const struct file_users *guests; /* with those that the file alone knows; NULL: none */
    const struct file_zones *zones;
    const char *zone; /* that holds for the file or entry, or NULL */
    const struct file_dates *dates;
    const struct file_said *said; /* what the file tells of the next record, or NULL */
    int64_t skip_records;
    int64_t place;
    int64_t place_in_content; /* names it in its file or entry: line or number of value, from 0 */
    int64_t line;             /* of the file or entry, where the next record begins, from 1 */
    const char *format;       /* what the next record is to be read as; NULL: as it looks */
    struct sv columns;        /* the line that names the columns; empty: none */
    int64_t mtime_ns;         /* of the file or archive entry; TIME_NONE unknown */
    int64_t last_ns;          /* of the record before in the file or entry; TIME_NONE: none */
    int64_t wanted;           /* records in a row that had a use for the time of the one before */
    struct arena arena;       /* of one record */
};

/*
 * Describes a record whose value, name and line are set, and decodes it where the sink wants that.
 * `number` names it in its file or entry. What it says lives in the arena.
 */
void file_make(struct file_reading *reading, struct arena *arena, struct sv channel, int64_t number,
               struct file_record *record);
/* Hands it out, or counts it where it was delivered before. */
int file_hand(struct file_reading *reading, struct file_record *record, struct err *err) MUST_CHECK;
/* Both. Hand out one record (or count it, when it was delivered before). */
int file_emit(struct file_reading *reading, const char *name, struct sv channel, struct sv value,
              struct err *err) MUST_CHECK;
/* Once there are FILE_HEADERS_MAX, or where the value is absent, nothing is added. */
static inline void
file_add_header(struct file_record *record, const char *name, struct sv value)
{
    if (value.ptr != NULL && record->header_count < FILE_HEADERS_MAX)
        record->headers[record->header_count++] =
            (struct header){.name = sv_from(name), .value = value};
}
void
file_skip(const struct file_reading *reading, const char *name, int64_t line, const char *reason);
void file_problem(const struct file_reading *reading, const char *name, const char *reason);
bool file_stopped(const struct file_sink *sink);
void file_tell_problem(const struct file_sink *sink, const char *name, const char *reason);

#endif
