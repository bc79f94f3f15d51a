/*
 * Slack exports: users.json, day files, messages.
 */
#ifndef INGEST_SOURCE_FILE_SLACK_H
#define INGEST_SOURCE_FILE_SLACK_H

#include "ingest/source/file/reading.h"

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
