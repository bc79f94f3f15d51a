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
#include "ingest/source/file/text.h"

struct content {
    struct file_reading *reading;
    const char *name;
    struct file_text text;
    struct file_talk *talk; /* who reads the lines, when they are talk */
    struct file_columns columns;
    bool joins; /* lines may be parts of one record */
    struct file_join join;
};

/* The bytes of an overlong line are thrown away up to its end. */
static void
drop_line(struct content *content)
{
    char reason[96];
    snprintf(reason, sizeof(reason), "the line is longer than %zu MiB",
             RECORD_BYTES_MAX / (1024 * 1024));
    file_skip(content->reading, content->name, content->reading->line, reason);
    for (;;) {
        struct sv rest = file_text_pending(&content->text);
        size_t end = sv_find_char(rest, '\n');
        if (end != SIZE_MAX) {
            content->text.used += end + 1;
            return;
        }
        strbuf_clear(&content->text.buffer);
        content->text.used = 0;
        if (!file_text_fill(&content->text))
            return;
    }
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
        struct sv rest = file_text_pending(&content->text);
        size_t length =
            sections == NULL ? journal_entry_length(rest) : file_section_length(sections, rest);
        if (length == 0 && rest.len <= RECORD_BYTES_MAX && file_text_fill(&content->text))
            continue;
        if (rest.len == 0 || (length == 0 && content->text.broken))
            return 0;
        length = length == 0 ? rest.len : length;
        status = one_record(content, rest, length - (rest.ptr[length - 1] == '\n'), err);
        content->text.used += length;
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
                           sv_slice(file_text_pending(&content->text), 0, PROBE_BYTES));
    while (status == 0) {
        struct sv rest = file_text_pending(&content->text);
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
                content->text.used += end + 1;
            }
            searched = counted = 0;
            continue;
        }
        searched = rest.len;
        if (rest.len > RECORD_BYTES_MAX + 1) {
            drop_line(content);
            content->reading->line++;
            searched = 0;
        } else if (!file_text_fill(&content->text)) {
            /* The beginning of a line is not a record: whoever tries again gets the whole of it. */
            return rest.len == 0 || content->text.broken ? 0 : one_line(content, rest, err);
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
                    sv_slice(file_text_pending(&content->text), 0, PROBE_BYTES));
    int status = lines(content, err);
    if (status == 0 && !file_text_stopped(&content->text))
        status = file_join_end(&content->join, err);
    file_join_release(&content->join);
    return status;
}

static bool
first_line(struct content *content, struct sv *ret_line)
{
    for (;;) {
        struct sv rest = file_text_pending(&content->text);
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
        if (!file_text_fill(&content->text)) {
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
    while (file_text_pending(&content->text).len <= FILE_DOCUMENT_BYTES_MAX &&
           file_text_fill(&content->text))
        continue;
    if (file_text_stopped(&content->text))
        return FORM_LINES;
    if (!content->text.ended)
        return file_json_begins(file_text_pending(&content->text)) ? FORM_PIECES : FORM_LINES;
    if (!file_is_json_sequence(file_text_pending(&content->text)))
        return FORM_LINES;
    return file_json_crowded(file_text_pending(&content->text)) ? FORM_PIECES : FORM_DOCUMENT;
}

/* What people wrote in a chat or said in a call, or lines of any kind. */
static int
text(struct content *content, struct err *err)
{
    struct file_reading *reading = content->reading;
    bool pasted = false;
    int status = 0;
    const struct file_sections *sections =
        file_sections(sv_slice(file_text_pending(&content->text), 0, PROBE_BYTES));
    if (sections != NULL || journal_is_export(file_text_pending(&content->text)))
        return entries(content, sections, err);
    content->talk = file_talk_new(reading, content->name, file_text_pending(&content->text));
    if (content->talk == NULL &&
        file_may_be_pasted(reading, content->name, file_text_pending(&content->text))) {
        while (file_text_pending(&content->text).len <= FILE_PASTE_MAX &&
               file_text_fill(&content->text))
            continue;
        if (content->text.ended && !content->text.broken)
            status = file_pasted(reading, content->name, file_text_pending(&content->text), &pasted,
                                 err);
    }
    if (status == 0 && !pasted && !file_text_stopped(&content->text))
        status = content->talk != NULL ? lines(content, err) : records(content, err);
    if (status == 0 && content->talk != NULL && !content->text.broken)
        status = file_talk_end(content->talk, err);
    file_talk_free(content->talk);
    return status;
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
    const struct file_bytes bytes = file_text_bytes(&content->text);
    struct byte_stream again;
    if (content->text.stream->again == NULL ||
        !content->text.stream->again(content->text.stream->again_opaque, &again))
        return file_json_pieces(content->reading, content->name, &bytes, NULL, err);
    struct file_text scout = {.reading = &reading, .name = content->name, .stream = &again};
    (void)file_text_open(&scout);
    const struct file_bytes ahead = file_text_bytes(&scout);
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
        return file_json_sequence(content->reading, content->name,
                                  file_text_pending(&content->text), content->text.broken, err);
    case FORM_PIECES:
        return pieces(content, err);
    case FORM_LINES:
        break;
    }
    /* What was read of a document before a stop would look like lines. */
    return file_text_stopped(&content->text) ? 0 : text(content, err);
}

/* Reads what is left, so that all of it is hashed, and tells the end. */
static int
end(struct content *content, struct err *err)
{
    const struct file_sink *sink = content->reading->sink;
    if (sink->ended == NULL)
        return 0;
    do
        content->text.used = content->text.buffer.len;
    while (file_text_fill(&content->text));
    if (file_text_stopped(&content->text))
        return FILE_STOPPED;
    struct file_ended ended = {
        .name = content->name, .bytes = content->text.bytes, .whole = !content->text.broken};
    sha256_end(&content->text.hash, &ended.digest);
    return sink->ended(sink->opaque, &ended, err);
}

int
file_content(struct file_reading *reading, const char *name, const struct byte_stream *stream,
             struct err *err)
{
    struct content content = {.reading = reading,
                              .name = name,
                              .text = {.reading = reading, .name = name, .stream = stream}};
    reading->last_ns = TIME_NONE;
    reading->columns = SV_NONE;
    file_columns_init(&content.columns);
    sha256_begin(&content.text.hash);
    bool hole = file_text_open(&content.text);
    reading->zone = file_zones_find(reading->zones, name);
    const char *reason = file_not_text(sv_slice(file_text_pending(&content.text), 0, PROBE_BYTES));
    int status = 0;
    if (file_text_pending(&content.text).len == 0 && content.text.broken)
        status = 0; /* told */
    else if (file_text_pending(&content.text).len == 0)
        file_skip(reading, name, 0, hole ? "nothing but NUL bytes" : "empty");
    else if (reason != NULL)
        file_skip(reading, name, 0, reason);
    else
        status = read_form(&content, err);
    reading->columns = SV_NONE;
    file_columns_release(&content.columns);
    if (status == 0 && file_text_stopped(&content.text))
        status = FILE_STOPPED;
    if (status == 0)
        status = end(&content, err);
    strbuf_release(&content.text.buffer);
    return status;
}
