/*
 * Growing byte buffer with a stated maximum. Adding past the maximum sets `overflow` and adds
 * nothing more; the owner checks it once at the end. The bytes are always terminated by a NUL that
 * is not counted. Owned by the caller's storage; one thread at a time.
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"

struct strbuf {
    char *ptr;
    size_t len;
    size_t size;
    size_t max;
    bool overflow;
};

/* `max`: the most bytes it may hold; 0 takes 1 GiB. */
void strbuf_init(struct strbuf *buf, size_t max);
void strbuf_release(struct strbuf *buf);
void strbuf_clear(struct strbuf *buf); /* keeps the memory, forgets overflow */
/* Makes room for `extra` bytes and the terminator; false (and overflow) when they may not fit. */
bool strbuf_grow(struct strbuf *buf, size_t extra);
/*
 * Where the next `extra` bytes go, or NULL when they may not fit; strbuf_wrote() then says how many
 * were written there. For code that adds many short pieces.
 */
static inline char *
strbuf_room(struct strbuf *buf, size_t extra)
{
    bool fits = buf->size > extra && buf->len < buf->size - extra && !buf->overflow;
    return fits || strbuf_grow(buf, extra) ? buf->ptr + buf->len : NULL;
}

static inline void
strbuf_wrote(struct strbuf *buf, size_t len)
{
    buf->len += len;
    buf->ptr[buf->len] = '\0';
}

void strbuf_add(struct strbuf *buf, const void *bytes, size_t len);
void strbuf_add_sv(struct strbuf *buf, struct sv view);
void strbuf_add_text(struct strbuf *buf, const char *text);
void strbuf_add_char(struct strbuf *buf, char c);
void strbuf_addf(struct strbuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void strbuf_add_hundredths(struct strbuf *buf, int64_t value); /* -99: "-0.99" */
/* Network byte order. */
void strbuf_add_be16(struct strbuf *buf, uint16_t value);
void strbuf_add_be32(struct strbuf *buf, uint32_t value);
void strbuf_add_be64(struct strbuf *buf, uint64_t value);
/* Overwrite four bytes written before. */
void strbuf_put_be32(struct strbuf *buf, size_t at, uint32_t value);
struct sv strbuf_view(const struct strbuf *buf);

#endif
