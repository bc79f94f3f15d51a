/*
 * String views: see sv.h. Pure functions.
 */
#include "base/sv.h"

#include <strings.h>

#define NEAR_BYTES 256

bool
sv_eq_nocase(struct sv a, struct sv b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.ptr, b.ptr, a.len) == 0);
}

int
sv_cmp(struct sv a, struct sv b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common == 0 ? 0 : memcmp(a.ptr, b.ptr, common);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool
sv_starts_nocase(struct sv view, struct sv prefix)
{
    return view.len >= prefix.len && sv_eq_nocase(sv_of(view.ptr, prefix.len), prefix);
}

bool
sv_ends(struct sv view, struct sv suffix)
{
    return view.len >= suffix.len &&
           sv_eq(sv_of(view.ptr + (view.len - suffix.len), suffix.len), suffix);
}

/* memmem() prepares itself for much to look through, which takes longer than to look through a
 * line. */
static size_t
find_near(struct sv view, struct sv needle)
{
    const char *at = view.ptr, *last = view.ptr + (view.len - needle.len);
    while (at <= last) {
        at = memchr(at, needle.ptr[0], (size_t)(last - at) + 1);
        if (at == NULL)
            return SIZE_MAX;
        if (memcmp(at, needle.ptr, needle.len) == 0)
            return (size_t)(at - view.ptr);
        at++;
    }
    return SIZE_MAX;
}

size_t
sv_find(struct sv view, struct sv needle)
{
    if (needle.len == 0)
        return 0;
    if (view.len < needle.len)
        return SIZE_MAX;
    if (view.len <= NEAR_BYTES)
        return find_near(view, needle);
    const char *found = memmem(view.ptr, view.len, needle.ptr, needle.len);
    return found == NULL ? SIZE_MAX : (size_t)(found - view.ptr);
}

bool
sv_contains(struct sv view, struct sv needle)
{
    return sv_find(view, needle) != SIZE_MAX;
}

bool
sv_to_int64(struct sv view, int64_t *ret_value)
{
    bool negative = view.len > 0 && view.ptr[0] == '-';
    size_t at = view.len > 0 && (view.ptr[0] == '-' || view.ptr[0] == '+') ? 1 : 0;
    if (at == view.len)
        return false;
    int64_t value = 0;
    for (; at < view.len; at++) {
        if (view.ptr[at] < '0' || view.ptr[at] > '9')
            return false;
        int digit = view.ptr[at] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, value, &value))
        return false;
    *ret_value = value;
    return true;
}
