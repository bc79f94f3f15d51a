/*
 * What a file holds: lines, JSON Lines, JSON documents, or nothing for us. Decided from the first
 * bytes and, where those are JSON, by trying. Called by file.c and archive.c; one thread.
 */
#include <stdio.h>

#include "hindcast/decoder.h"
#include "ingest/parse/journal_export.h"
#include "ingest/source/file/columns.h"
#include "ingest/source/file/content.h"
#include "ingest/source/file/document.h"
#include "ingest/source/file/join.h"
#include "ingest/source/file/not_text.h"
#include "ingest/source/file/pieces.h"
#include "ingest/source/file/sections.h"
#include "ingest/source/file/talk.h"
#include "ingest/source/file/utf16.h"

#define CHUNK_BYTES ((size_t)128 * 1024)
#define PROBE_BYTES ((size_t)8192)

struct content {
    struct file_reading *reading;
    const char *name;
    const struct byte_stream *stream;
    struct strbuf buffer; /* bytes read and not yet used start at `used` */
    size_t used;
    bool ended;
    bool broken; /* not at the end of the bytes, but by an error or a stop */
    struct utf16_state utf16;
    struct file_talk *talk; /* who reads the lines, when they are talk */
    struct file_columns columns;
    int64_t bytes;             /* of the stream */
    struct sha256_stream hash; /* of them, where the sink wants it */
    bool joins;                /* lines may be parts of one record */
    struct file_join join;
};

static void
compact(struct content *content)
{
    if (content->used == 0)
        return;
    content->buffer.len -= content->used;
    memmove(content->buffer.ptr, content->buffer.ptr + content->used, content->buffer.len);
    content->used = 0;
}

static void
append(struct content *content, struct sv bytes)
{
    if (content->utf16.order == UTF16_NOT)
        strbuf_add(&content->buffer, bytes.ptr, bytes.len);
    else
        utf16_add(&content->utf16, bytes, &content->buffer);
}

/* Read more. False at the end; an error ends the file as well, and is told. */
static bool
fill(struct content *content)
{
    static _Thread_local char chunk[CHUNK_BYTES];
    if (content->ended)
        return false;
    const char *reason = NULL;
    ssize_t got = content->stream->read(content->stream->opaque, chunk, sizeof(chunk), &reason);
    if (got < 0 && !file_stopped(content->reading->sink))
        file_problem(content->reading, content->name, reason);
    if (got <= 0) {
        content->ended = true;
        content->broken = got < 0;
        if (got == 0 && content->utf16.order != UTF16_NOT)
            utf16_end(&content->utf16, &content->buffer);
        return false;
    }
    content->bytes += got;
    if (content->reading->sink->ended != NULL)
        sha256_add(&content->hash, chunk, (size_t)got);
    compact(content);
    append(content, sv_of(chunk, (size_t)got));
    return true;
}

static struct sv
pending(const struct content *content)
{
    return sv_slice(strbuf_view(&content->buffer), content->used, content->buffer.len);
}

/* The bytes of an overlong line are thrown away up to its end. */
static void
drop_line(struct content *content)
{
    char reason[96];
    snprintf(reason, sizeof(reason), "the line is longer than %zu MiB",
             RECORD_BYTES_MAX / (1024 * 1024));
    file_skip(content->reading, content->name, content->reading->line, reason);
    for (;;) {
        struct sv rest = pending(content);
        size_t end = sv_find_char(rest, '\n');
        if (end != SIZE_MAX) {
            content->used += end + 1;
            return;
        }
        strbuf_clear(&content->buffer);
        content->used = 0;
        if (!fill(content))
            return;
    }
}

static bool
stopped(const struct content *content)
{
    return content->broken && file_stopped(content->reading->sink);
}

static int
one_line(struct content *content, struct sv line, struct err *err)
{
    if (content->talk != NULL)
        return file_talk_line(content->talk, line, err);
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    while (line.len > 0 && line.ptr[0] == '\0') /* of a writer that went on after a truncation */
        line = sv_slice(line, 1, line.len);
    bool blank = sv_trim(line).len == 0;
    if (blank && content->joins)
        file_join_blank(&content->join);
    if (blank)
        return 0;
    /* Lines keep their names whatever becomes of those before them. */
    content->reading->place_in_content = content->reading->line - 1;
    file_columns_see(&content->columns, line, &content->reading->last_ns);
    content->reading->columns = strbuf_view(&content->columns.line);
    return content->joins ? file_join_line(&content->join, line, err)
                          : file_emit(content->reading, content->name, SV_NONE, line, err);
}

/* A record up to its last line end, which talk wants as well; and how many lines that are. */
static int
one_record(struct content *content, struct sv rest, size_t end, struct err *err)
{
    bool with_end = content->talk != NULL;
    int status = one_line(content, sv_slice(rest, 0, end + with_end), err);
    struct sv left = sv_slice(rest, 0, end);
    for (size_t at; (at = sv_find_char(left, '\n')) != SIZE_MAX; content->reading->line++)
        left = sv_slice(left, at + 1, left.len);
    content->reading->line++;
    return status;
}

/* Entries of the journal, which end with a blank line, or of what else has entries over lines. */
static int
entries(struct content *content, const struct file_sections *sections, struct err *err)
{
    int status = 0;
    content->reading->line = 1;
    while (status == 0) {
        struct sv rest = pending(content);
        size_t length =
            sections == NULL ? journal_entry_length(rest) : file_section_length(sections, rest);
        if (length == 0 && rest.len <= RECORD_BYTES_MAX && fill(content))
            continue;
        if (rest.len == 0 || (length == 0 && content->broken))
            return 0;
        length = length == 0 ? rest.len : length;
        status = one_record(content, rest, length - (rest.ptr[length - 1] == '\n'), err);
        content->used += length;
    }
    return status;
}

static int
lines(struct content *content, struct err *err)
{
    size_t searched = 0, counted = 0; /* for an end; for quotes */
    bool quoted = false;              /* a row is open */
    int status = 0;
    content->reading->line = 1;
    if (content->talk == NULL)
        file_columns_begin(&content->columns, content->name,
                           sv_slice(pending(content), 0, PROBE_BYTES));
    while (status == 0) {
        struct sv rest = pending(content);
        size_t end = sv_find_char(sv_slice(rest, searched, rest.len), '\n');
        if (end != SIZE_MAX) {
            end += searched;
            quoted ^= file_columns_open(&content->columns, sv_slice(rest, counted, end));
            searched = counted = end + 1;
            if (quoted && end < FILE_ROW_BYTES_MAX)
                continue;
            if (quoted)
                end = sv_find_char(rest, '\n');
            quoted = false;
            if (end > RECORD_BYTES_MAX + 1) {
                drop_line(content);
                content->reading->line++;
            } else {
                status = one_record(content, rest, end, err);
                content->used += end + 1;
            }
            searched = counted = 0;
            continue;
        }
        searched = rest.len;
        if (rest.len > RECORD_BYTES_MAX + 1) {
            drop_line(content);
            content->reading->line++;
            searched = 0;
        } else if (!fill(content)) {
            /* The beginning of a line is not a record: whoever tries again gets the whole of it. */
            return rest.len == 0 || content->broken ? 0 : one_line(content, rest, err);
        }
    }
    return status;
}

/* Lines, of which several may be one record. */
static int
records(struct content *content, struct err *err)
{
    content->joins = content->reading->sink->decode != NULL;
    if (!content->joins)
        return lines(content, err);
    file_join_begin(&content->join, content->reading, content->name,
                    sv_slice(pending(content), 0, PROBE_BYTES));
    int status = lines(content, err);
    if (status == 0 && !stopped(content))
        status = file_join_end(&content->join, err);
    file_join_release(&content->join);
    return status;
}

static bool
first_line(struct content *content, struct sv *ret_line)
{
    for (;;) {
        struct sv rest = pending(content);
        size_t blanks = 0;
        while (blanks < rest.len && strchr(" \t\r\n", rest.ptr[blanks]) != NULL &&
               rest.ptr[blanks] != '\0')
            blanks++;
        struct sv text = sv_slice(rest, blanks, rest.len);
        size_t end = sv_find_char(text, '\n');
        if (end != SIZE_MAX || rest.len > RECORD_BYTES_MAX) {
            *ret_line = sv_slice(text, 0, end == SIZE_MAX ? text.len : end);
            return true;
        }
        if (!fill(content)) {
            *ret_line = text;
            return text.len > 0;
        }
    }
}

enum form {
    FORM_LINES,
    FORM_DOCUMENT, /* JSON, all of which is pending */
    FORM_PIECES,   /* JSON that is to be cut as it comes */
};

/* JSON over many lines, or larger than a record; else lines, with all that was read pending. */
static enum form
form_of(struct content *content)
{
    struct sv line;
    bool array = false;
    if (!first_line(content, &line) || (line.ptr[0] != '{' && line.ptr[0] != '['))
        return FORM_LINES;
    if (file_is_json_line(line, &array) && !array && !file_json_crowded(line))
        return FORM_LINES;
    while (pending(content).len <= FILE_DOCUMENT_BYTES_MAX && fill(content))
        continue;
    if (stopped(content))
        return FORM_LINES;
    if (!content->ended)
        return file_json_begins(pending(content)) ? FORM_PIECES : FORM_LINES;
    if (!file_is_json_sequence(pending(content)))
        return FORM_LINES;
    return file_json_crowded(pending(content)) ? FORM_PIECES : FORM_DOCUMENT;
}

static struct sv
bytes_pending(const void *opaque)
{
    return pending(opaque);
}

static bool
bytes_fill(void *opaque)
{
    return fill(opaque);
}

static void
bytes_use(void *opaque, size_t count)
{
    struct content *content = opaque;
    content->used += count;
}

static bool
bytes_broken(const void *opaque)
{
    const struct content *content = opaque;
    return content->broken;
}

/*
 * Fills the buffer with the first bytes of the text. A log that was truncated under a program that
 * writes on at its old place begins with a hole, which reads as NUL bytes. Returns whether there
 * was one.
 */
static bool
begin(struct content *content)
{
    bool hole = false;
    for (;;) {
        while (pending(content).len < PROBE_BYTES && fill(content))
            continue;
        struct sv start = pending(content);
        if (utf16_recognise(start) != UTF16_NOT || sv_starts(start, sv_of("\0\0\xfe\xff", 4)))
            return hole;
        size_t nuls = 0;
        while (nuls < start.len && start.ptr[nuls] == '\0')
            nuls++;
        content->used += nuls;
        hole = hole || nuls > 0;
        if (nuls == 0 || content->ended)
            return hole;
    }
}

/* The bytes that are pending were not yet converted. */
static void
convert(struct content *content)
{
    struct strbuf raw = content->buffer;
    strbuf_init(&content->buffer, raw.max);
    utf16_add(&content->utf16, sv_slice(strbuf_view(&raw), content->used, raw.len),
              &content->buffer);
    if (content->ended && !content->broken)
        utf16_end(&content->utf16, &content->buffer);
    content->used = 0;
    strbuf_release(&raw);
}

/* What people wrote in a chat or said in a call, or lines of any kind. */
static int
text(struct content *content, struct err *err)
{
    struct file_reading *reading = content->reading;
    bool pasted = false;
    int status = 0;
    const struct file_sections *sections =
        file_sections(sv_slice(pending(content), 0, PROBE_BYTES));
    if (sections != NULL || journal_is_export(pending(content)))
        return entries(content, sections, err);
    content->talk = file_talk_new(reading, content->name, pending(content));
    if (content->talk == NULL && file_may_be_pasted(reading, content->name, pending(content))) {
        while (pending(content).len <= FILE_PASTE_MAX && fill(content))
            continue;
        if (content->ended && !content->broken)
            status = file_pasted(reading, content->name, pending(content), &pasted, err);
    }
    if (status == 0 && !pasted && !stopped(content))
        status = content->talk != NULL ? lines(content, err) : records(content, err);
    if (status == 0 && content->talk != NULL && !content->broken)
        status = file_talk_end(content->talk, err);
    file_talk_free(content->talk);
    return status;
}

/* The buffer and what the first bytes tell of the text; returns whether there was a hole. */
static bool
open_text(struct content *content)
{
    strbuf_init(&content->buffer, FILE_DOCUMENT_BYTES_MAX + RECORD_BYTES_MAX);
    bool hole = begin(content);
    content->utf16.order = utf16_recognise(sv_slice(pending(content), 0, PROBE_BYTES));
    if (content->utf16.order != UTF16_NOT)
        convert(content);
    if (sv_starts(pending(content), SV("\xef\xbb\xbf")))
        content->used += 3;
    return hole;
}

static struct file_bytes
bytes_of(struct content *content)
{
    return (struct file_bytes){content, bytes_pending, bytes_fill, bytes_use, bytes_broken};
}

/* Who goes ahead says nothing: what is to be told is told by the reading that follows. */
static void
say_nothing(void *opaque, const char *name, int64_t line, const char *reason)
{
    (void)opaque, (void)name, (void)line, (void)reason;
}

/* Where the bytes can be had a second time, somebody goes ahead and sees what stands behind lists.
 */
static int
pieces(struct content *content, struct err *err)
{
    const struct file_sink *sink = content->reading->sink;
    const struct file_sink quiet = {
        .opaque = sink->opaque, .skip = say_nothing, .stopped = sink->stopped};
    struct file_reading reading = {.sink = &quiet};
    const struct file_bytes bytes = bytes_of(content);
    struct byte_stream again;
    if (content->stream->again == NULL ||
        !content->stream->again(content->stream->again_opaque, &again))
        return file_json_pieces(content->reading, content->name, &bytes, NULL, err);
    struct content scout = {.reading = &reading, .name = content->name, .stream = &again};
    (void)open_text(&scout);
    const struct file_bytes ahead = bytes_of(&scout);
    int status = file_json_pieces(content->reading, content->name, &bytes, &ahead, err);
    strbuf_release(&scout.buffer);
    again.close(again.opaque);
    return status;
}

static int
read_form(struct content *content, struct err *err)
{
    switch (form_of(content)) {
    case FORM_DOCUMENT:
        return file_json_sequence(content->reading, content->name, pending(content),
                                  content->broken, err);
    case FORM_PIECES:
        return pieces(content, err);
    case FORM_LINES:
        break;
    }
    /* What was read of a document before a stop would look like lines. */
    return stopped(content) ? 0 : text(content, err);
}

/* Reads what is left, so that all of it is hashed, and tells the end. */
static int
end(struct content *content, struct err *err)
{
    const struct file_sink *sink = content->reading->sink;
    if (sink->ended == NULL)
        return 0;
    do
        content->used = content->buffer.len;
    while (fill(content));
    if (stopped(content))
        return FILE_STOPPED;
    struct file_ended ended = {
        .name = content->name, .bytes = content->bytes, .whole = !content->broken};
    sha256_end(&content->hash, &ended.digest);
    return sink->ended(sink->opaque, &ended, err);
}

int
file_content(struct file_reading *reading, const char *name, const struct byte_stream *stream,
             struct err *err)
{
    struct content content = {.reading = reading, .name = name, .stream = stream};
    reading->last_ns = TIME_NONE;
    reading->columns = SV_NONE;
    file_columns_init(&content.columns);
    sha256_begin(&content.hash);
    bool hole = open_text(&content);
    reading->zone = file_zones_find(reading->zones, name);
    const char *reason = file_not_text(sv_slice(pending(&content), 0, PROBE_BYTES));
    int status = 0;
    if (pending(&content).len == 0 && content.broken)
        status = 0; /* told */
    else if (pending(&content).len == 0)
        file_skip(reading, name, 0, hole ? "nothing but NUL bytes" : "empty");
    else if (reason != NULL)
        file_skip(reading, name, 0, reason);
    else
        status = read_form(&content, err);
    reading->columns = SV_NONE;
    file_columns_release(&content.columns);
    if (status == 0 && stopped(&content))
        status = FILE_STOPPED;
    if (status == 0)
        status = end(&content, err);
    strbuf_release(&content.buffer);
    return status;
}
