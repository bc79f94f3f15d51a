/*
 * Zones behind times: see time_form.h. "Z", "+01:00", "+0100", "+01", "CET", "GMT+1", "-0400 EDT",
 * "+01:00[Europe/Berlin]", "[UTC]", "(CEST)", "Europe/Berlin". Pure functions.
 */
#include "ingest/parse/chars.h"
#include "ingest/parse/time_form.h"

#define ABBREVIATION_MAX 5

static bool
name_char(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || is_wide(c);
}

/* "+01:00", "-0530", "+01.00", "+01": its length. `loose`: a blank stands before, so that it may be
 * something else. */
static size_t
offset_at(struct sv text, size_t at, bool loose, int32_t *ret_offset_s)
{
    char sign = char_at(text, at);
    size_t digits = 0, end;
    if (sign != '+' && sign != '-')
        return 0;
    while (digits < 5 && is_digit(char_at(text, at + 1 + digits)))
        digits++;
    const char *number = text.ptr + at + 1;
    int hours, minutes = 0;
    if (digits == 4 || digits == 2)
        hours = (number[0] - '0') * 10 + (number[1] - '0');
    else if (digits == 3) /* DB2 writes minutes */
        hours = time_number_at(text, at + 1, 3) / 60;
    else
        return 0;
    end = at + 1 + digits;
    if (digits == 3)
        minutes = time_number_at(text, at + 1, 3) % 60;
    if (digits == 4)
        minutes = (number[2] - '0') * 10 + (number[3] - '0');
    char between = char_at(text, end);
    if (digits == 2 && (between == ':' || between == '.') && is_digit(char_at(text, end + 1)) &&
        is_digit(char_at(text, end + 2)) && !is_digit(char_at(text, end + 3))) {
        minutes = (text.ptr[end + 1] - '0') * 10 + (text.ptr[end + 2] - '0');
        end += 3;
    }
    if ((loose && digits == 3) || hours > (loose ? 14 : 23) || minutes > 59 ||
        name_char(char_at(text, end)) ||
        (loose &&
         (char_at(text, end) == '.' || char_at(text, end) == '-' || char_at(text, end) == '%')))
        return 0;
    *ret_offset_s = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return end - at;
}

/* "+1", "+01", "+0100", "-5:30" behind GMT or UTC. */
static size_t
offset_behind_name(struct sv text, size_t at, int32_t *ret_offset_s)
{
    size_t length = offset_at(text, at, false, ret_offset_s);
    char sign = char_at(text, at);
    if (length > 0 || (sign != '+' && sign != '-') || !is_digit(char_at(text, at + 1)) ||
        name_char(char_at(text, at + 2)))
        return length;
    *ret_offset_s = (sign == '-' ? -1 : 1) * (text.ptr[at + 1] - '0') * 3600;
    return 2;
}

static void
set_offset(struct written_time *written, int32_t offset_s, bool certain)
{
    written->has_zone = true;
    written->zone_certain = certain;
    written->offset_s = offset_s;
    written->zone = NULL;
}

/* Folders of the IANA database: no other word with a slash is looked up. */
static bool
iana_area(struct sv name)
{
    size_t letters = 0;
    while (is_letter(char_at(name, letters)))
        letters++;
    if (char_at(name, letters) != '/' || !is_upper(name.ptr[0]))
        return false;
    static const char *const areas[] = {
        "Africa/", "America/", "Antarctica/", "Arctic/",  "Asia/", "Atlantic/", "Australia/",
        "Etc/",    "Europe/",  "Indian/",     "Pacific/", "US/",   "Canada/",   "Brazil/"};
    for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
        if (sv_starts(name, sv_from(areas[i])))
            return true;
    return false;
}

/* A name at `at`: its length. */
static size_t
name_at(struct sv text, size_t at, const struct zone *told, struct written_time *written)
{
    size_t length = 0, more;
    int32_t offset_s = 0;
    bool certain = true;
    while (length <= ABBREVIATION_MAX && name_char(char_at(text, at + length)))
        length++;
    struct sv name = sv_slice(text, at, at + length);
    bool universal =
        length == 3 && (sv_eq_nocase(name, SV("utc")) || sv_eq_nocase(name, SV("gmt")));
    if (universal && (more = offset_behind_name(text, at + length, &offset_s)) > 0) {
        set_offset(written, offset_s, true);
        return length + more;
    }
    /* All known names end like this; levels, which stand here more often, do not. */
    bool may_be = length > 0 && is_one_of(name.ptr[length - 1], "TCZKDB");
    if (universal || (may_be && length <= ABBREVIATION_MAX && is_upper(name.ptr[0]) &&
                      zone_abbreviation(name, told, &offset_s, &certain))) {
        char next = char_at(text, at + length);
        if (next == '/' || next == '-' || next == '.' || next == '=')
            return 0; /* "MET/report", "EST." */
        set_offset(written, offset_s, certain);
        return length;
    }
    struct sv rest = sv_slice(text, at, at + ZONE_NAME_MAX);
    if (!iana_area(rest))
        return 0;
    for (length = 0; name_char(char_at(rest, length)) || is_one_of(char_at(rest, length), "/+-");)
        length++;
    if (zone_find(sv_slice(rest, 0, length), &written->zone, NULL) < 0)
        return 0;
    written->has_zone = written->zone_certain = true;
    return length;
}

/* "[Europe/Berlin]", "(CEST)", "[+01:00]" */
static size_t
bracketed_at(struct sv text, size_t at, const struct zone *told, struct written_time *written)
{
    char open = char_at(text, at), close = open == '[' ? ']' : ')';
    struct written_time inner = *written;
    int32_t offset_s = 0;
    if (open != '[' && open != '(')
        return 0;
    size_t length = offset_at(text, at + 1, false, &offset_s);
    if (length > 0)
        set_offset(&inner, offset_s, true);
    else
        length = name_at(text, at + 1, told, &inner);
    if (length == 0 || char_at(text, at + 1 + length) != close)
        return 0;
    if (!written->has_zone)
        *written = inner;
    return length + 2;
}

/* What repeats the offset: Go's " EDT" and " m=+0.012", Java's "[Europe/Berlin]", JavaScript's
 * " (Central European Standard Time)". */
static size_t
repeated_at(struct sv text, size_t at, const struct zone *told, struct written_time *written)
{
    struct written_time ignored = *written;
    size_t length = bracketed_at(text, at, told, written), from = at + (char_at(text, at) == ' ');
    if (length == 0 && from > at) {
        length = bracketed_at(text, from, told, written);
        if (length == 0 && !sv_starts(sv_slice(text, from, text.len), SV("GMT+")))
            length = name_at(text, from, told, &ignored);
        if (length == 0 && char_at(text, from) == '(' && char_at(text, from + 1) >= 'A' &&
            sv_contains(sv_slice(text, from, from + 50), SV(" Time)")))
            length = sv_find(sv_slice(text, from, from + 50), SV(" Time)")) + 6;
        length += length > 0;
    }
    at += length;
    if (sv_starts(sv_slice(text, at, text.len), SV(" m=+"))) {
        size_t end = at + 4;
        while (is_digit(char_at(text, end)) || char_at(text, end) == '.')
            end++;
        at = end;
    }
    return at;
}

size_t
time_form_zone(struct sv text, size_t at, const struct zone *told, struct written_time *written)
{
    int32_t offset_s = 0;
    size_t length;
    char c = char_at(text, at);
    if ((c == 'Z' || c == 'z') && !name_char(char_at(text, at + 1))) {
        set_offset(written, 0, true);
        return at + 1;
    }
    if ((length = offset_at(text, at, false, &offset_s)) > 0) {
        set_offset(written, offset_s, true);
        return repeated_at(text, at + length, told, written);
    }
    size_t from = at;
    while (char_at(text, from) == ' ' && from < at + 2)
        from++;
    if (from > at && (length = offset_at(text, from, true, &offset_s)) > 0) {
        set_offset(written, offset_s, true);
        return repeated_at(text, from + length, told, written);
    }
    length = bracketed_at(text, from, told, written);
    if (length == 0)
        length = name_at(text, from, told, written);
    return length == 0 ? at : from + length;
}
