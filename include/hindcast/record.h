/*
 * A record: one Kafka message as read, before anything is made of it. Views point into memory of
 * the source (librdkafka's message) and live until the batch that holds it is committed or dropped.
 */
#ifndef HINDCAST_RECORD_H
#define HINDCAST_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"
#include "base/sv.h"

enum timestamp_type {
    TIMESTAMP_NONE = 0,
    TIMESTAMP_CREATE = 1, /* the producer's clock: can be years off */
    TIMESTAMP_APPEND = 2, /* the broker's clock */
};

struct header {
    struct sv name;
    struct sv value; /* bytes; ptr NULL when the header has no value */
};

#define RECORD_HEADERS_MAX 64

struct record {
    struct sv cluster; /* its id; absent: the only one */
    struct sv topic;
    int32_t incarnation; /* of the topic, counted by the store; 0 or 1: the first */
    int32_t partition;
    int64_t offset;
    int64_t kafka_time_ns; /* TIME_NONE when the message has none */
    enum timestamp_type timestamp_type;
    struct sv key;   /* ptr NULL: no key */
    struct sv value; /* ptr NULL: tombstone */
    const struct header *headers;
    size_t header_count;
};

struct sv record_header_among(const struct record *record, struct sv name);
/* The header of this name (ASCII case does not matter), or SV_NONE. Few records have any. */
static inline struct sv
record_header(const struct record *record, const char *name)
{
    return record->header_count == 0 ? SV_NONE : record_header_among(record, sv_from(name));
}

/*
 * Headers hindcast's own loader writes, all optional and all hints: what is known about the record
 * outside its bytes.
 */
#define HEADER_SOURCE "hindcast-source"         /* e.g. "slack:ops", a file's name */
#define HEADER_CHANNEL "hindcast-channel"       /* chat: channel name */
#define HEADER_CHANNEL_ID "hindcast-channel-id" /* chat: what stays when the channel is renamed */
#define HEADER_TEAM "hindcast-team"             /* chat: workspace, where channels may be alike */
#define HEADER_USER "hindcast-user"             /* chat: display name of the author */
#define HEADER_USER_NAMES                                                                          \
    "hindcast-user-names" /* chat: what else the tool's users table has of the author, with the    \
                           * address, " | " between */
#define HEADER_USER_TYPE "hindcast-user-type" /* chat: "bot" where the author is one */
#define HEADER_LOCAL                                                                               \
    "hindcast-local"                          /* chat: time on the clock of its place, see         \
                                               * ingest/talk/local.h */
#define HEADER_MENTIONS "hindcast-mentions"   /* chat: who is named in it, "ID=Name" lines */
#define HEADER_TIME "hindcast-time"           /* RFC 3339: time of the record outside its bytes */
#define HEADER_FILE_TIME "hindcast-file-time" /* RFC 3339: of the file */
#define HEADER_FORMAT "hindcast-format"       /* decoder name, overrides detection */
#define HEADER_SERVICE "hindcast-service"
#define HEADER_HOST "hindcast-host"
#define HEADER_FILE "hindcast-file"           /* name of the file, or archive!entry */
#define HEADER_LINE "hindcast-line"           /* where the record begins in it, from 1 */
#define HEADER_ZONE "hindcast-zone"           /* IANA name: of times without a zone */
#define HEADER_FRAMING "hindcast-framing"     /* version of the rules that split the file */
#define HEADER_COLUMNS "hindcast-columns"     /* the line of the file that names its columns */
#define HEADER_INHERITED "hindcast-inherited" /* RFC 3339: of the line before it */
#define HEADER_UNDATED "hindcast-undated"     /* UNDATED_FILE: the date of the file counts */
#define UNDATED_FILE "file"
#define HEADER_ID "hindcast-id" /* content id of (file, place): makes loading resumable */

#endif
