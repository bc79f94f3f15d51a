/*
 * Reads one input file: opens it, decides between archive and plain content, and makes records of
 * the values with their key, headers and id. Called by load and draft; one thread.
 */
#include "ingest/source/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sha256.h"
#include "hindcast/decoder.h"
#include "ingest/source/file_private.h"

#define START_BYTES 512
#define SLICE_MS 100

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
    if (reading->format != NULL)
        add_header(record, HEADER_FORMAT, sv_from(reading->format));
    add_header(record, HEADER_ID, content_id(arena, name, place, record->value));
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
    int64_t place_in_content = reading->place_in_content++;
    if (record.place < reading->skip_records)
        return 0;
    arena_reset(&reading->arena);
    describe(reading, name, channel, place_in_content, &record);
    return reading->sink->record(reading->sink->opaque, &record, err);
}

/*
 * read() that a stop ends: a pipe may have nothing to say for hours. A signal that comes before the
 * call would be lost on a blocking one, so the waiting is done in slices.
 */
static ssize_t
read_some(const struct plain_stream *stream, void *buffer, size_t size)
{
    struct pollfd input = {.fd = stream->fd, .events = POLLIN};
    for (;;) {
        if (file_stopped(stream->sink)) {
            errno = EINTR;
            return -1;
        }
        int ready = poll(&input, 1, SLICE_MS);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        ssize_t got = read(stream->fd, buffer, size);
        if (got >= 0 || (errno != EINTR && errno != EAGAIN))
            return got;
    }
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
        got = read_some(stream, buffer, size);
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
            read_some(stream, stream->start + stream->start_len, START_BYTES - stream->start_len);
        if (got <= 0)
            return; /* an error comes back at the next read */
        stream->start_len += (size_t)got;
    }
}

static int
read_open(struct file_reading *reading, const struct input_file *file, struct plain_stream *plain,
          struct err *err)
{
    struct stat status;
    read_start(plain);
    if (file_stopped(plain->sink))
        return FILE_STOPPED;
    struct sv start = sv_of(plain->start, plain->start_len);
    if (!file_is_archive(start)) {
        struct byte_stream stream = {.opaque = plain, .read = read_plain};
        return file_content(reading, file->name, &stream, err);
    }
    if (fstat(plain->fd, &status) == 0 && S_ISREG(status.st_mode))
        return file_archive(reading, file, plain->fd, start, err);
    /* It is read twice, and in places. */
    file_problem(reading, file->name, "an archive or compressed file that is not a file on disk");
    return 0;
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
    /* O_NONBLOCK: opening a pipe without a writer would wait as reading it does. */
    plain.fd =
        is_stdin ? STDIN_FILENO : open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (plain.fd < 0) {
        file_problem(&reading, file->name, strerror(errno));
        return 0;
    }
    arena_init(&reading.arena, 0);
    int status = read_open(&reading, file, &plain, err);
    if (!is_stdin)
        close(plain.fd);
    arena_release(&reading.arena);
    return status;
}
