/*
 * Growing byte buffer: see strbuf.h.
 */
#include "base/strbuf.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

#define DEFAULT_MAX ((size_t)1 << 30)

void
strbuf_init(struct strbuf *buf, size_t max)
{
    *buf = (struct strbuf){.max = max == 0 ? DEFAULT_MAX : max};
}

void
strbuf_release(struct strbuf *buf)
{
    free(buf->ptr);
    strbuf_init(buf, buf->max);
}

void
strbuf_clear(struct strbuf *buf)
{
    buf->len = 0;
    buf->overflow = false;
    if (buf->ptr != NULL)
        buf->ptr[0] = '\0';
}

bool
strbuf_grow(struct strbuf *buf, size_t extra)
{
    assert(buf->max > 0);         /* strbuf_init() comes first, or nothing would ever be added */
    assert(buf->len <= buf->max); /* strbuf_wrote() within its room */
    if (buf->overflow || extra > buf->max - buf->len) {
        buf->overflow = true;
        return false;
    }
    size_t need = buf->len + extra + 1;
    if (need <= buf->size)
        return true;
    size_t size = buf->size < 64 ? 64 : buf->size;
    while (size < need)
        size *= 2;
    buf->ptr = memory_resize(buf->ptr, size, 1);
    buf->size = size;
    return true;
}

void
strbuf_add(struct strbuf *buf, const void *bytes, size_t len)
{
    if (!strbuf_grow(buf, len))
        return;
    if (len > 0)
        memcpy(buf->ptr + buf->len, bytes, len);
    buf->len += len;
    buf->ptr[buf->len] = '\0';
}

void
strbuf_add_sv(struct strbuf *buf, struct sv view)
{
    strbuf_add(buf, view.ptr, view.len);
}

void
strbuf_add_text(struct strbuf *buf, const char *text)
{
    strbuf_add(buf, text, strlen(text));
}

void
strbuf_add_char(struct strbuf *buf, char c)
{
    strbuf_add(buf, &c, 1);
}

void
strbuf_addf(struct strbuf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(length >= 0);
    if (strbuf_grow(buf, (size_t)length)) {
        vsnprintf(buf->ptr + buf->len, (size_t)length + 1, format, again);
        buf->len += (size_t)length;
    }
    va_end(again);
}

void
strbuf_add_hundredths(struct strbuf *buf, int64_t value)
{
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    strbuf_addf(buf, "%s%" PRIu64 ".%02" PRIu64, value < 0 ? "-" : "", size / 100, size % 100);
}

void
strbuf_add_be16(struct strbuf *buf, uint16_t value)
{
    unsigned char bytes[2] = {(unsigned char)(value >> 8), (unsigned char)value};
    strbuf_add(buf, bytes, sizeof(bytes));
}

void
strbuf_add_be32(struct strbuf *buf, uint32_t value)
{
    uint32_t swapped = __builtin_bswap32(value);
    strbuf_add(buf, &swapped, sizeof(swapped));
}

void
strbuf_add_be64(struct strbuf *buf, uint64_t value)
{
    uint64_t swapped = __builtin_bswap64(value);
    strbuf_add(buf, &swapped, sizeof(swapped));
}

void
strbuf_put_be32(struct strbuf *buf, size_t at, uint32_t value)
{
    if (buf->overflow)
        return;
    assert(at + 4 <= buf->len);
    uint32_t swapped = __builtin_bswap32(value);
    memcpy(buf->ptr + at, &swapped, sizeof(swapped));
}

struct sv
strbuf_view(const struct strbuf *buf)
{
    return sv_of(buf->ptr == NULL ? "" : buf->ptr, buf->len);
}
