/*
 * From values to records, with their key, headers and id; and what is told of values that are none.
 * Called by all that reads files; the thread of the reading.
 */
#include "ingest/source/file/reading.h"

#include <string.h>

#include "base/sha256.h"
#include "hindcast/decoder.h"
#include "ingest/source/file/slack.h"
#include "ingest/source/file/stamp.h"

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

/* What is written for every line is put together without printf(). */
static struct sv
joined(struct arena *arena, struct sv a, struct sv b)
{
    char *text = arena_alloc(arena, a.len + b.len + 1), *end = sv_put(sv_put(text, a), b);
    *end = '\0';
    return sv_of(text, a.len + b.len);
}

/* With a zero byte behind it. */
static struct sv
number_text(struct arena *arena, uint64_t number)
{
    char digits[24];
    size_t at = sizeof(digits);
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return joined(arena, SV(""), sv_of(digits + at, sizeof(digits) - at));
}

/* The same bytes at the same place of the same file are the same record, wherever it was loaded. */
static struct sv
content_id(struct arena *arena, const char *name, int64_t place, struct sv value)
{
    struct sv digits = number_text(arena, (uint64_t)place);
    struct sha256_part parts[] = {
        {name, strlen(name) + 1}, {digits.ptr, digits.len + 1}, {value.ptr, value.len}};
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    sha256_of_parts(parts, 3, &digest);
    sha256_hex(&digest, hex);
    return arena_copy(arena, sv_of(hex, 32));
}

static void
add_said(const struct file_said *said, struct file_record *record)
{
    file_add_header(record, HEADER_LOCAL, said->local);
    file_add_header(record, HEADER_USER, said->user);
    file_add_header(record, HEADER_USER_TYPE, said->user_type);
    file_add_header(record, HEADER_CHANNEL, said->channel);
}

static void
describe(const struct file_reading *reading, struct arena *arena, struct sv channel, int64_t number,
         struct file_record *record)
{
    const char *name = record->name;
    struct slack_message message = {0};
    const struct file_users *users = reading->guests != NULL ? reading->guests : reading->users;
    if (channel.ptr != NULL &&
        slack_message_read(record->value, name, channel, users, arena, &message)) {
        record->key = message.room_name;
        record->time_ns = message.time_ns;
        file_add_header(record, HEADER_SOURCE,
                        arena_printf(arena, "slack:" SV_FMT, SV_ARG(message.room_name)));
        file_add_header(record, HEADER_CHANNEL, message.room_name);
        file_add_header(record, HEADER_CHANNEL_ID, message.room_id);
        file_add_header(record, HEADER_TEAM, slack_team(name, channel));
        file_add_header(record, HEADER_USER, message.user_name);
        file_add_header(record, HEADER_USER_NAMES, message.user_names);
        file_add_header(record, HEADER_MENTIONS, message.mentions);
        if (message.time_ns != TIME_NONE)
            file_add_header(record, HEADER_TIME, time_format_sv(arena, message.time_ns));
        else
            file_add_header(record, HEADER_TIME, message.day);
        if (message.time_ns == TIME_NONE && reading->format == NULL)
            file_add_header(record, HEADER_FORMAT, SV("slack"));
    } else {
        record->key = joined(arena, SV("file:"), sv_from(name));
        file_add_header(record, HEADER_SOURCE, record->key);
        if (reading->mtime_ns > 0)
            file_add_header(record, HEADER_FILE_TIME, time_format_sv(arena, reading->mtime_ns));
        if (reading->sink->date_of_file)
            file_add_header(record, HEADER_UNDATED, SV(UNDATED_FILE));
    }
    if (reading->said != NULL)
        add_said(reading->said, record);
    if (reading->zone != NULL)
        file_add_header(record, HEADER_ZONE, sv_from(reading->zone));
    file_add_header(record, HEADER_FILE, sv_from(name));
    file_add_header(record, HEADER_LINE, number_text(arena, (uint64_t)record->line));
    file_add_header(record, HEADER_FRAMING, SV(FILE_FRAMING));
    if (!sv_empty(reading->columns))
        file_add_header(record, HEADER_COLUMNS, arena_copy(arena, reading->columns));
    if (reading->format != NULL)
        file_add_header(record, HEADER_FORMAT, sv_from(reading->format));
    file_add_header(record, HEADER_ID, content_id(arena, name, number, record->value));
}

void
file_make(struct file_reading *reading, struct arena *arena, struct sv channel, int64_t number,
          struct file_record *record)
{
    describe(reading, arena, channel, number, record);
    if (reading->sink->decode != NULL)
        file_stamp(reading, arena, record);
}

int
file_hand(struct file_reading *reading, struct file_record *record, struct err *err)
{
    const struct file_sink *sink = reading->sink;
    record->place = reading->place++;
    if (sink->decode != NULL && sink->decoded != NULL)
        sink->decoded(sink->opaque, record);
    if (record->place < reading->skip_records)
        return 0;
    return sink->record(sink->opaque, record, err);
}

int
file_emit(struct file_reading *reading, const char *name, struct sv channel, struct sv value,
          struct err *err)
{
    if (value.len > RECORD_BYTES_MAX) {
        file_skip(reading, name, reading->line, "a record is larger than 8 MiB");
        return 0;
    }
    struct file_record record = {
        .value = value, .time_ns = TIME_NONE, .name = name, .line = reading->line};
    arena_reset(&reading->arena);
    file_make(reading, &reading->arena, channel, reading->place_in_content++, &record);
    return file_hand(reading, &record, err);
}
