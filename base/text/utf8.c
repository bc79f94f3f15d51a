/*
 * UTF-8: see utf8.h. Pure functions.
 */
#include "base/text/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static const struct sv replacement = {"\xEF\xBF\xBD", 3};

size_t
utf8_length(struct sv view)
{
    if (view.len == 0)
        return 0;
    const unsigned char *p = (const unsigned char *)view.ptr;
    if (p[0] < 0x80)
        return 1;
    size_t need = p[0] >= 0xC2 && p[0] <= 0xDF   ? 2
                  : (p[0] & 0xF0) == 0xE0        ? 3
                  : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4
                                                 : 0;
    if (need == 0 || view.len < need)
        return 0;
    for (size_t i = 1; i < need; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool bad = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
               (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F);
    return bad ? 0 : need;
}

/* How many bytes at `at` are ASCII (and, unless allowed, not U+0000), in steps of 16. */
static size_t
ascii_run(struct sv view, size_t at, bool allow_nul)
{
    size_t from = at;
#ifdef __SSE2__
    const __m128i zero = _mm_setzero_si128();
    for (; view.len - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(view.ptr + at));
        __m128i odd = allow_nul ? bytes : _mm_or_si128(bytes, _mm_cmpeq_epi8(bytes, zero));
        if (_mm_movemask_epi8(odd) != 0)
            return at - from;
    }
    if (at > from && at < view.len) { /* the last 16 bytes, some of them once more */
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(view.ptr + view.len - 16));
        __m128i odd = allow_nul ? bytes : _mm_or_si128(bytes, _mm_cmpeq_epi8(bytes, zero));
        if (_mm_movemask_epi8(odd) == 0)
            at = view.len;
    }
#else
    (void)view, (void)allow_nul;
#endif
    return at - from;
}

static bool
check(struct sv view, bool allow_nul)
{
    size_t at = ascii_run(view, 0, allow_nul);
    while (at < view.len) {
        if ((unsigned char)view.ptr[at] < 0x80) {
            if (view.ptr[at] == '\0' && !allow_nul)
                return false;
            at++;
            continue;
        }
        size_t length = utf8_length(sv_of(view.ptr + at, view.len - at));
        if (length == 0)
            return false;
        at += length;
        at += ascii_run(view, at, allow_nul);
    }
    return true;
}

bool
utf8_valid(struct sv view)
{
    return check(view, true);
}

bool
utf8_storable(struct sv view)
{
    return check(view, false);
}

struct sv
utf8_repair(struct arena *arena, struct sv view)
{
    if (utf8_storable(view))
        return view;
    char *copy = arena_alloc(arena, view.len * replacement.len + 1);
    size_t out = 0;
    for (size_t at = 0; at < view.len;) {
        size_t length = utf8_length(sv_of(view.ptr + at, view.len - at));
        if (length == 0 || view.ptr[at] == '\0') {
            memcpy(copy + out, replacement.ptr, replacement.len);
            out += replacement.len;
            at++;
        } else {
            memcpy(copy + out, view.ptr + at, length);
            out += length;
            at += length;
        }
    }
    copy[out] = '\0';
    return sv_of(copy, out);
}

struct sv
utf8_cut(struct sv view, size_t max)
{
    if (view.len <= max)
        return view;
    size_t end = max;
    while (end > 0 && ((unsigned char)view.ptr[end] & 0xC0) == 0x80)
        end--;
    return sv_of(view.ptr, end);
}

size_t
utf8_count(struct sv view)
{
    size_t count = 0;
    for (size_t i = 0; i < view.len; i++)
        count += ((unsigned char)view.ptr[i] & 0xC0) != 0x80;
    return count;
}
