/*
 * What the parts of the file source share: the byte stream they read from and the state of one
 * file. Private to ingest/source; one thread.
 */
#ifndef INGEST_SOURCE_FILE_PRIVATE_H
#define INGEST_SOURCE_FILE_PRIVATE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/strbuf.h"
#include "ingest/source/file.h"

/*
 * Bytes of a file or of an archive's entry. Returns bytes read, 0 at the end, -1 with `reason`
 * (which says nothing to people after a stop).
 */
struct byte_stream {
    void *opaque;
    ssize_t (*read)(void *opaque, void *buffer, size_t size, const char **ret_reason);
};

/* One input file while it is read; records are numbered across all entries of an archive. */
struct file_reading {
    const struct file_sink *sink;
    const struct file_users *users;
    int64_t skip_records;
    int64_t place;
    int64_t place_in_content; /* the same from the start of the file or entry */
    const char *format;       /* what the next record is to be read as; NULL: as it looks */
    int64_t mtime_ns;         /* of the file or archive entry; TIME_NONE unknown */
    struct arena arena;       /* of one record */
};

/* Hand out one record (or count it, when it was delivered before). */
int file_emit(struct file_reading *reading, const char *name, struct sv channel, struct sv value,
              struct err *err) MUST_CHECK;
void
file_skip(const struct file_reading *reading, const char *name, int64_t line, const char *reason);
void file_problem(const struct file_reading *reading, const char *name, const char *reason);
bool file_stopped(const struct file_sink *sink);
void file_tell_problem(const struct file_sink *sink, const char *name, const char *reason);

/* content.c: find out what the bytes are and split them. */
int file_content(struct file_reading *reading, const char *name, const struct byte_stream *stream,
                 struct err *err) MUST_CHECK;

/* document.c: JSON values one after the other, if that is what the bytes are. */
bool file_is_json_line(struct sv line, bool *ret_array);
bool file_is_json_sequence(struct sv bytes);
int file_json_sequence(struct file_reading *reading, const char *name, struct sv bytes,
                       struct err *err) MUST_CHECK;

/* archive.c: zip, tar and compressed files. */
bool file_is_archive(struct sv start);
int file_archive(struct file_reading *reading, const struct input_file *file, int fd,
                 struct sv start, struct err *err) MUST_CHECK;

/* slack.c */
#define SLACK_FILE_BYTES_MAX ((size_t)64 * 1024 * 1024)
struct file_users *file_users_new(void);
void file_users_free(struct file_users *users);
/* Takes the names out of the text of users.json. False: it is not such a file. */
bool file_users_read(struct file_users *users, struct sv text);
struct sv file_users_find(const struct file_users *users, struct sv id);
/* "dir/ops/2026-03-03.json" gives "ops"; false when the name is not that of a day file. */
bool slack_day_file(const char *name, struct sv *ret_channel);
/* "grid.zip!teams/search/ops/2026-03-03.json" gives "search"; absent when no team is told. */
struct sv slack_team(const char *name, struct sv channel);
/* users.json, channels.json and their like: read for what they say, no records themselves. */
bool slack_directory_file(const char *name);
struct slack_message {
    struct sv ts, user_name; /* in the arena */
    struct sv mentions;      /* "ID=Name" lines of those its text names; absent: none known */
    int64_t time_ns;
};
/* Is this JSON object a message of an export? */
bool slack_message_read(struct sv object, const struct file_users *users, struct arena *arena,
                        struct slack_message *ret_message);

#endif
