/*
 * Slack exports: the directory of people and channels, day files, messages.
 */
#ifndef INGEST_SOURCE_FILE_SLACK_H
#define INGEST_SOURCE_FILE_SLACK_H

#include <jansson.h>

#include "ingest/source/file/reading.h"

#define SLACK_FILE_BYTES_MAX ((size_t)64 * 1024 * 1024)

/*
 * What users.json, org_users.json, channels.json, groups.json, dms.json and mpims.json tell. A team
 * of an organisation knows what is told `around` it, too, which outlives it.
 */
struct file_users *file_users_new(const struct file_users *around);
void file_users_free(struct file_users *users);
/*
 * Takes what it tells out of the text of such a file; `name`: with the folders within the export.
 * False: it is not one.
 */
bool file_users_read(struct file_users *users, const char *name, struct sv text);
void file_users_learn(struct file_users *users, const char *id, const char *name);
/* After the last of them, before anything is looked up. */
void file_users_end(struct file_users *users);

/* The name of a person, SV_NONE when nobody knows it. */
struct sv file_users_find(const struct file_users *users, struct sv id);
/* All names of a person and the address, once each, " | " between; SV_NONE: not more than one. */
struct sv file_users_names(const struct file_users *users, struct sv id);
struct slack_room {
    struct sv id, name;
};
/* The channel whose folder a path ends with, or the one of this id. */
bool file_users_room(const struct file_users *users, struct sv path, struct sv id,
                     struct arena *arena, struct slack_room *ret_room);
/* Of an entry of users.json, or a message's `user_profile`; NULL: it has none. */
const char *slack_shown_name(const json_t *user);

/* "dir/ops/2026-03-03.json" gives "ops"; false when the name is not that of a day file. */
bool slack_day_file(const char *name, struct sv *ret_channel);
/* "grid.zip!teams/search/ops/2026-03-03.json" gives "search"; absent when no team is told. */
struct sv slack_team(const char *name, struct sv channel);
/* users.json, channels.json and their like: read for what they say, no records themselves. */
bool slack_directory_file(const char *name);
/* Those of them that file_users_read() takes. */
bool slack_people_file(const char *name);
bool slack_rooms_file(const char *name);

struct slack_message {
    struct sv user_name;  /* in the arena, as all of it */
    struct sv user_names; /* see file_users_names() */
    struct sv mentions;   /* "ID=Name" lines of whom and which channels it names; absent: none */
    struct sv room_id, room_name;
    struct sv day;   /* of the file, where the message has no time: "2026-03-03" */
    int64_t time_ns; /* TIME_NONE: it has none */
};
/* True if this JSON object is a message of an export. `name`: of the file, a day file. */
bool slack_message_read(struct sv object, const char *name, struct sv channel,
                        const struct file_users *users, struct arena *arena,
                        struct slack_message *ret_message);
/*
 * People whom a day file alone knows, since they are of another company: their messages tell their
 * names. NULL: there are none. To be freed; `around` outlives it.
 */
struct file_users *slack_guests(struct sv bytes, const struct file_users *around);

#endif
