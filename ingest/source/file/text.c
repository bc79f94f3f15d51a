/*
 * The text of a file: see text.h. One thread.
 */
#include "ingest/source/file/text.h"

#define CHUNK_BYTES ((size_t)128 * 1024)

static void
compact(struct file_text *text)
{
    if (text->used == 0)
        return;
    text->buffer.len -= text->used;
    memmove(text->buffer.ptr, text->buffer.ptr + text->used, text->buffer.len);
    text->used = 0;
}

static void
append(struct file_text *text, struct sv bytes)
{
    if (text->utf16.order == UTF16_NOT)
        strbuf_add(&text->buffer, bytes.ptr, bytes.len);
    else
        utf16_add(&text->utf16, bytes, &text->buffer);
}

bool
file_text_fill(struct file_text *text)
{
    static _Thread_local char chunk[CHUNK_BYTES];
    if (text->ended)
        return false;
    const char *reason = NULL;
    ssize_t got = text->stream->read(text->stream->opaque, chunk, sizeof(chunk), &reason);
    if (got < 0 && !file_stopped(text->reading->sink))
        file_problem(text->reading, text->name, reason);
    if (got <= 0) {
        text->ended = true;
        text->broken = got < 0;
        if (got == 0 && text->utf16.order != UTF16_NOT)
            utf16_end(&text->utf16, &text->buffer);
        return false;
    }
    text->bytes += got;
    if (text->reading->sink->ended != NULL)
        sha256_add(&text->hash, chunk, (size_t)got);
    compact(text);
    append(text, sv_of(chunk, (size_t)got));
    return true;
}

bool
file_text_stopped(const struct file_text *text)
{
    return text->broken && file_stopped(text->reading->sink);
}

static struct sv
bytes_pending(const void *opaque)
{
    return file_text_pending(opaque);
}

static bool
bytes_fill(void *opaque)
{
    return file_text_fill(opaque);
}

static void
bytes_use(void *opaque, size_t count)
{
    struct file_text *text = opaque;
    text->used += count;
}

static bool
bytes_broken(const void *opaque)
{
    const struct file_text *text = opaque;
    return text->broken;
}

/*
 * Fills the buffer with the first bytes of the text. A log that was truncated under a program that
 * writes on at its old place begins with a hole, which reads as NUL bytes. Returns whether there
 * was one.
 */
static bool
begin(struct file_text *text)
{
    bool hole = false;
    for (;;) {
        while (file_text_pending(text).len < PROBE_BYTES && file_text_fill(text))
            continue;
        struct sv start = file_text_pending(text);
        if (utf16_recognise(start) != UTF16_NOT || sv_starts(start, sv_of("\0\0\xfe\xff", 4)))
            return hole;
        size_t nuls = 0;
        while (nuls < start.len && start.ptr[nuls] == '\0')
            nuls++;
        text->used += nuls;
        hole = hole || nuls > 0;
        if (nuls == 0 || text->ended)
            return hole;
    }
}

/* The bytes that are pending were not yet converted. */
static void
convert(struct file_text *text)
{
    struct strbuf raw = text->buffer;
    strbuf_init(&text->buffer, raw.max);
    utf16_add(&text->utf16, sv_slice(strbuf_view(&raw), text->used, raw.len), &text->buffer);
    if (text->ended && !text->broken)
        utf16_end(&text->utf16, &text->buffer);
    text->used = 0;
    strbuf_release(&raw);
}

bool
file_text_open(struct file_text *text)
{
    strbuf_init(&text->buffer, FILE_DOCUMENT_BYTES_MAX + RECORD_BYTES_MAX);
    bool hole = begin(text);
    text->utf16.order = utf16_recognise(sv_slice(file_text_pending(text), 0, PROBE_BYTES));
    if (text->utf16.order != UTF16_NOT)
        convert(text);
    if (sv_starts(file_text_pending(text), SV("\xef\xbb\xbf")))
        text->used += 3;
    return hole;
}

struct file_bytes
file_text_bytes(struct file_text *text)
{
    return (struct file_bytes){text, bytes_pending, bytes_fill, bytes_use, bytes_broken};
}
