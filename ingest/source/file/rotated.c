/*
 * Rotated logs: see rotated.h. logrotate counts NAME.1, NAME.2 backwards in time, and with
 * `dateext` appends a date; logback and log4j append a date and count forwards within it. A number
 * with zeros before it (NAME.001) is that of a part, which counts forwards: it stays to the bytes.
 */
#include "ingest/source/file/rotated.h"

#include <string.h>

#include "base/sv.h"

enum rotation { DATED, NUMBERED, PACKED, CURRENT }; /* in the order of their age */

struct rotated {
    struct sv log;  /* the name that all of one log share */
    struct sv date; /* with what follows it */
    int64_t number;
    enum rotation rotation;
};

static size_t
digits_at(struct sv text, size_t at)
{
    size_t count = 0;
    while (at + count < text.len && text.ptr[at + count] >= '0' && text.ptr[at + count] <= '9')
        count++;
    return count;
}

/* "20260301", "2026-03-01", "2026_03_01", "2026-03", whatever follows. */
static bool
is_date(struct sv text)
{
    size_t digits = digits_at(text, 0);
    bool century = text.len > 6 && (sv_starts(text, SV("19")) || sv_starts(text, SV("20")));
    if (!century || (digits != 4 && digits < 8))
        return false;
    if (digits >= 8)
        return digits <= 14;
    return (text.ptr[4] == '-' || text.ptr[4] == '_') && digits_at(text, 5) == 2;
}

static struct sv
without_packing(struct sv name)
{
    static const char *const endings[] = {".gz", ".bz2", ".xz", ".zst", ".zip"};
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
        if (sv_ends(name, sv_from(endings[i])))
            return sv_slice(name, 0, name.len - strlen(endings[i]));
    return name;
}

/* Only digits and what separates those of times may follow a date: "app-2026-03-01.log" is a log of
 * its own. */
static bool
ends_with_date(struct sv rest)
{
    for (size_t i = 0; i < rest.len; i++)
        if (strchr("0123456789-_.:TZ", rest.ptr[i]) == NULL)
            return false;
    return is_date(rest);
}

static struct rotated
read_name(const char *text)
{
    struct sv name = sv_from(text), bare = without_packing(name);
    struct rotated rotated = {.log = bare, .rotation = bare.len < name.len ? PACKED : CURRENT};
    for (size_t at = 1; at + 1 < bare.len; at++) {
        struct sv rest = sv_slice(bare, at + 1, bare.len);
        if (strchr("-._", bare.ptr[at]) == NULL || !ends_with_date(rest))
            continue;
        rotated.log = sv_slice(bare, 0, at);
        rotated.date = rest;
        rotated.rotation = DATED;
        return rotated;
    }
    size_t dot = bare.len;
    while (dot > 0 && bare.ptr[dot - 1] >= '0' && bare.ptr[dot - 1] <= '9')
        dot--;
    size_t digits = bare.len - dot;
    if (digits == 0 || digits > 4 || dot < 2 || bare.ptr[dot - 1] != '.' ||
        (digits > 1 && bare.ptr[dot] == '0'))
        return rotated;
    if (sv_to_int64(sv_slice(bare, dot, bare.len), &rotated.number)) {
        rotated.log = sv_slice(bare, 0, dot - 1);
        rotated.rotation = NUMBERED;
    }
    return rotated;
}

/* As numbers where both are: index 10 follows index 9. */
static int
compare_dates(struct sv a, struct sv b)
{
    size_t i = 0, k = 0;
    while (i < a.len && k < b.len) {
        size_t first = digits_at(a, i), second = digits_at(b, k);
        if (first > 0 && second > 0 && first != second)
            return first < second ? -1 : 1;
        if (a.ptr[i] != b.ptr[k])
            return (unsigned char)a.ptr[i] < (unsigned char)b.ptr[k] ? -1 : 1;
        i++;
        k++;
    }
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

int
rotated_compare(const char *a, const char *b)
{
    struct rotated one = read_name(a), other = read_name(b);
    int order = sv_cmp(one.log, other.log);
    if (order == 0 && one.rotation != other.rotation)
        order = one.rotation < other.rotation ? -1 : 1;
    if (order == 0 && one.rotation == NUMBERED && one.number != other.number)
        order = one.number > other.number ? -1 : 1;
    if (order == 0 && one.rotation == DATED)
        order = compare_dates(one.date, other.date);
    return order != 0 ? order : strcmp(a, b);
}

bool
rotated_same_log(const char *a, const char *b)
{
    return sv_eq(read_name(a).log, read_name(b).log);
}
