/*
 * From values to records, with their key, headers and id; and what is told of values that are none.
 * Called by all that reads files; the thread of the reading.
 */
#include "ingest/source/file/reading.h"

#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "hindcast/decoder.h"
#include "ingest/source/file/slack.h"

void
file_skip(const struct file_reading *reading, const char *name, int64_t line, const char *reason)
{
    reading->sink->skip(reading->sink->opaque, name, line, reason == NULL ? "unreadable" : reason);
}

bool
file_stopped(const struct file_sink *sink)
{
    return sink->stopped != NULL && sink->stopped(sink->opaque);
}

void
file_tell_problem(const struct file_sink *sink, const char *name, const char *reason)
{
    if (reason == NULL)
        reason = "cannot be read";
    if (sink->problem != NULL)
        sink->problem(sink->opaque, name, reason);
    else
        sink->skip(sink->opaque, name, 0, reason);
}

void
file_problem(const struct file_reading *reading, const char *name, const char *reason)
{
    file_tell_problem(reading->sink, name, reason);
}

static void
add_header(struct file_record *record, const char *name, struct sv value)
{
    if (value.ptr != NULL && record->header_count < FILE_HEADERS_MAX)
        record->headers[record->header_count++] =
            (struct header){.name = sv_from(name), .value = value};
}

/* The same bytes at the same place of the same file are the same record, wherever it was loaded. */
static struct sv
content_id(struct arena *arena, const char *name, int64_t place, struct sv value)
{
    uint64_t number = (uint64_t)place;
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
    struct sha256_part parts[] = {
        {name, strlen(name) + 1}, {digits, (size_t)len + 1}, {value.ptr, value.len}};
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    sha256_of_parts(parts, 3, &digest);
    sha256_hex(&digest, hex);
    return arena_copy(arena, sv_of(hex, 32));
}

static void
describe(struct file_reading *reading, const char *name, struct sv channel, int64_t place,
         struct file_record *record)
{
    struct arena *arena = &reading->arena;
    struct slack_message message = {0};
    if (channel.ptr != NULL && slack_message_read(record->value, reading->users, arena, &message)) {
        record->key = channel;
        record->time_ns = message.time_ns;
        add_header(record, HEADER_SOURCE, arena_printf(arena, "slack:" SV_FMT, SV_ARG(channel)));
        add_header(record, HEADER_CHANNEL, channel);
        add_header(record, HEADER_TEAM, slack_team(name, channel));
        add_header(record, HEADER_USER, message.user_name);
        add_header(record, HEADER_MENTIONS, message.mentions);
        add_header(record, HEADER_TIME, time_format_sv(arena, message.time_ns));
    } else {
        record->key = arena_printf(arena, "file:%s", name);
        add_header(record, HEADER_SOURCE, record->key);
        if (reading->mtime_ns > 0)
            add_header(record, HEADER_FILE_TIME, time_format_sv(arena, reading->mtime_ns));
    }
    if (reading->zone != NULL)
        add_header(record, HEADER_ZONE, sv_from(reading->zone));
    if (reading->format != NULL)
        add_header(record, HEADER_FORMAT, sv_from(reading->format));
    add_header(record, HEADER_ID, content_id(arena, name, place, record->value));
}

int
file_emit(struct file_reading *reading, const char *name, struct sv channel, struct sv value,
          struct err *err)
{
    if (value.len > RECORD_BYTES_MAX) {
        file_skip(reading, name, reading->line, "a record is larger than 8 MiB");
        return 0;
    }
    struct file_record record = {.value = value,
                                 .time_ns = TIME_NONE,
                                 .place = reading->place++,
                                 .name = name,
                                 .line = reading->line};
    int64_t place_in_content = reading->place_in_content++;
    if (record.place < reading->skip_records)
        return 0;
    arena_reset(&reading->arena);
    describe(reading, name, channel, place_in_content, &record);
    return reading->sink->record(reading->sink->opaque, &record, err);
}
