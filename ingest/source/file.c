/*
 * Reads one input file: opens it, decides between archive and plain content, and makes records of
 * the values with their key, headers and id. Called by load and draft; one thread.
 */
#include "ingest/source/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/sha256.h"
#include "hindcast/decoder.h"
#include "ingest/source/file_private.h"

#define START_BYTES 512

struct plain_stream {
    int fd;
    char start[START_BYTES]; /* read ahead to see what it is */
    size_t start_len, start_used;
    int64_t bytes;
    const struct file_sink *sink;
};

void
file_skip(const struct file_reading *reading, const char *name, int64_t line, const char *reason)
{
    reading->sink->skip(reading->sink->opaque, name, line, reason == NULL ? "unreadable" : reason);
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
describe(struct file_reading *reading, const char *name, struct sv channel,
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
    if (reading->format != NULL)
        add_header(record, HEADER_FORMAT, sv_from(reading->format));
    add_header(record, HEADER_ID, content_id(arena, name, record->place, record->value));
}

int
file_emit(struct file_reading *reading, const char *name, struct sv channel, struct sv value,
          struct err *err)
{
    if (value.len > RECORD_BYTES_MAX) {
        file_skip(reading, name, 0, "a record is larger than 8 MiB");
        return 0;
    }
    struct file_record record = {.value = value, .time_ns = TIME_NONE, .place = reading->place++};
    if (record.place < reading->skip_records)
        return 0;
    arena_reset(&reading->arena);
    describe(reading, name, channel, &record);
    return reading->sink->record(reading->sink->opaque, &record, err);
}

static ssize_t
read_plain(void *opaque, void *buffer, size_t size, const char **ret_reason)
{
    struct plain_stream *stream = opaque;
    size_t ahead = stream->start_len - stream->start_used;
    ssize_t got;
    if (ahead > 0) {
        got = (ssize_t)(ahead < size ? ahead : size);
        memcpy(buffer, stream->start + stream->start_used, (size_t)got);
        stream->start_used += (size_t)got;
    } else {
        do
            got = read(stream->fd, buffer, size);
        while (got < 0 && errno == EINTR);
    }
    if (got < 0) {
        *ret_reason = strerror(errno);
        return -1;
    }
    stream->bytes += got;
    if (stream->sink->progress != NULL)
        stream->sink->progress(stream->sink->opaque, stream->bytes);
    return got;
}

static void
read_start(struct plain_stream *stream)
{
    while (stream->start_len < START_BYTES) {
        ssize_t got =
            read(stream->fd, stream->start + stream->start_len, START_BYTES - stream->start_len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return; /* an error comes back at the next read */
        stream->start_len += (size_t)got;
    }
}

int
file_read(const struct input_file *file, int64_t skip_records, const struct file_sink *sink,
          struct err *err)
{
    struct file_reading reading = {.sink = sink,
                                   .users = file->users,
                                   .skip_records = skip_records,
                                   .mtime_ns = file->mtime_ns};
    bool is_stdin = strcmp(file->path, "-") == 0;
    struct plain_stream plain = {.sink = sink};
    plain.fd = is_stdin ? STDIN_FILENO : open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (plain.fd < 0) {
        sink->skip(sink->opaque, file->name, 0, strerror(errno));
        return 0;
    }
    arena_init(&reading.arena, 0);
    read_start(&plain);
    int status;
    if (!is_stdin && file_is_archive(sv_of(plain.start, plain.start_len))) {
        status = file_archive(&reading, file, err);
    } else {
        struct byte_stream stream = {.opaque = &plain, .read = read_plain};
        status = file_content(&reading, file->name, &stream, err);
    }
    if (!is_stdin)
        close(plain.fd);
    arena_release(&reading.arena);
    return status;
}
