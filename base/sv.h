/*
 * String views: pointer and length, never "a char pointer that may be terminated". A view owns
 * nothing; whoever made the bytes says how long they live (mostly: as long as the batch's arena).
 * A view with ptr == NULL is "absent"; one with len == 0 and ptr != NULL is "empty".
 */
#ifndef BASE_SV_H
#define BASE_SV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct sv {
    const char *ptr;
    size_t len;
};

#define SV_NONE ((struct sv){NULL, 0})
#define SV(literal) ((struct sv){"" literal, sizeof(literal) - 1})
#define SV_FMT "%.*s"
#define SV_ARG(view) (int)(view).len, ((view).ptr ? (view).ptr : "")

static inline struct sv
sv_from(const char *text)
{
    return text == NULL ? SV_NONE : (struct sv){text, strlen(text)};
}

static inline struct sv
sv_of(const char *ptr, size_t len)
{
    return (struct sv){ptr, len};
}

static inline bool
sv_empty(struct sv view)
{
    return view.len == 0;
}

static inline bool
sv_eq(struct sv a, struct sv b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
bool sv_eq_nocase(struct sv a, struct sv b); /* ASCII case only */
int sv_cmp(struct sv a, struct sv b);        /* bytes, then length */
static inline bool
sv_starts(struct sv view, struct sv prefix)
{
    return view.len >= prefix.len && sv_eq(sv_of(view.ptr, prefix.len), prefix);
}
bool sv_starts_nocase(struct sv view, struct sv prefix);
bool sv_ends(struct sv view, struct sv suffix);
/* Offset of the first `needle`, or SIZE_MAX. */
size_t sv_find(struct sv view, struct sv needle);
/* What is looked for is mostly near: the first bytes are compared without a call. */
static inline size_t
sv_find_char(struct sv view, char c)
{
    size_t from = 0;
#ifdef __SSE2__
    if (view.len >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)view.ptr);
        int found = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
        if (found != 0)
            return (size_t)__builtin_ctz((unsigned)found);
        from = 16;
    }
#endif
    const char *at =
        view.len == from ? NULL : (const char *)memchr(view.ptr + from, c, view.len - from);
    return at == NULL ? SIZE_MAX : (size_t)(at - view.ptr);
}
bool sv_contains(struct sv view, struct sv needle);
static inline bool
sv_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Without ASCII blanks (space, tab, CR, LF, VT, FF) at either end. */
static inline struct sv
sv_trim(struct sv view)
{
    while (view.len > 0 && sv_blank(view.ptr[0])) {
        view.ptr++;
        view.len--;
    }
    while (view.len > 0 && sv_blank(view.ptr[view.len - 1]))
        view.len--;
    return view;
}
/* The bytes [from, to), cut to what exists. */
static inline struct sv
sv_slice(struct sv view, size_t from, size_t to)
{
    if (to > view.len)
        to = view.len;
    if (from > to)
        from = to;
    return view.ptr == NULL ? SV_NONE : sv_of(view.ptr + from, to - from);
}
/* Take the part before the first `separator` off `*rest`; false when `*rest` is absent. */
static inline bool
sv_split(struct sv *rest, char separator, struct sv *ret_part)
{
    if (rest->ptr == NULL)
        return false;
    size_t at = sv_find_char(*rest, separator);
    if (at == SIZE_MAX) {
        *ret_part = *rest;
        *rest = SV_NONE;
    } else {
        *ret_part = sv_of(rest->ptr, at);
        *rest = sv_of(rest->ptr + at + 1, rest->len - at - 1);
    }
    return true;
}
/*
 * Copies the bytes to where there is room and they do not lie, and returns where they end. Two
 * moves of the same bytes are cheaper than a call.
 */
static inline char *
sv_put(char *at, struct sv view)
{
    uint64_t first, last;
    uint32_t head, tail;
    if (view.len > 32) {
        memcpy(at, view.ptr, view.len);
    } else if (view.len > 16) {
        char begin[16], end[16];
        memcpy(begin, view.ptr, 16);
        memcpy(end, view.ptr + view.len - 16, 16);
        memcpy(at, begin, 16);
        memcpy(at + view.len - 16, end, 16);
    } else if (view.len >= 8) {
        memcpy(&first, view.ptr, 8);
        memcpy(&last, view.ptr + view.len - 8, 8);
        memcpy(at, &first, 8);
        memcpy(at + view.len - 8, &last, 8);
    } else if (view.len >= 4) {
        memcpy(&head, view.ptr, 4);
        memcpy(&tail, view.ptr + view.len - 4, 4);
        memcpy(at, &head, 4);
        memcpy(at + view.len - 4, &tail, 4);
    } else {
        for (size_t i = 0; i < view.len; i++)
            at[i] = view.ptr[i];
    }
    return at + view.len;
}
/* A whole decimal number with optional sign and nothing else; false on overflow or other bytes. */
bool sv_to_int64(struct sv view, int64_t *ret_value);

#endif
