/*
 * Reading times: see times.h. Pure functions, called by decoders.
 */
#include "ingest/parse/times.h"

#include "ingest/parse/chars.h"
#include "ingest/parse/json.h"
#include "ingest/parse/time_form.h"
#include "ingest/parse/time_words.h"

#define TIME_LENGTH_MAX 100
#define EPOCH_DIGITS_MAX 30

static const struct time_hints nothing_known = {NULL, TIME_NONE, TIME_NONE, {NULL, 0}};

/* ---- epochs ---- */

/* "1772361606.25", "1772361606,25", "1.77236160625E9": its digits, and how many stand before the
 * point. */
static bool
epoch_digits(struct sv text, char *ret_digits, int *ret_count, int *ret_whole)
{
    int count = 0, whole = -1;
    size_t at = 0;
    int64_t exponent = 0;
    for (; at < text.len && count < EPOCH_DIGITS_MAX; at++)
        if (is_digit(text.ptr[at]))
            ret_digits[count++] = text.ptr[at];
        else if ((text.ptr[at] == '.' || text.ptr[at] == ',') && whole < 0 && count > 0)
            whole = count;
        else
            break;
    whole = whole < 0 ? count : whole;
    if (at < text.len && (text.ptr[at] | 0x20) == 'e') {
        if (!sv_to_int64(sv_slice(text, at + 1, text.len), &exponent) || exponent < 0 ||
            exponent > EPOCH_DIGITS_MAX)
            return false;
        at = text.len;
    }
    whole += (int)exponent;
    while (count < whole && count < EPOCH_DIGITS_MAX)
        ret_digits[count++] = '0';
    *ret_count = count;
    *ret_whole = whole;
    return at == text.len && whole > 0 && whole <= count;
}

bool
times_read_epoch(struct sv text, struct read_time *ret_time)
{
    char digits[EPOCH_DIGITS_MAX];
    int count = 0, whole = 0, fraction = 0;
    int64_t value = 0, rest = 0, ns = 0;
    if (sv_empty(text) || !is_digit(text.ptr[0]) || !epoch_digits(text, digits, &count, &whole) ||
        !sv_to_int64(sv_of(digits, (size_t)whole), &value) || value <= 0)
        return false;
    int64_t unit = value < INT64_C(100000000000)         ? NS_PER_S
                   : value < INT64_C(100000000000000)    ? NS_PER_MS
                   : value < INT64_C(100000000000000000) ? NS_PER_US
                                                         : 1;
    int64_t step = unit;
    for (int i = whole; i < count && step > 1; i++, fraction++) {
        step /= 10;
        rest += (digits[i] - '0') * step;
    }
    if (!time_of_units(value, unit, rest, &ns))
        return false;
    int more = unit == NS_PER_S ? 0 : unit == NS_PER_MS ? 3 : unit == NS_PER_US ? 6 : 9;
    *ret_time =
        (struct read_time){ns, time_precision_of(more + fraction), TIME_SOURCE_NATIVE, text};
    return true;
}

bool
times_of_parts(struct sv seconds, struct sv nanoseconds, struct read_time *ret_time)
{
    int64_t whole = 0, rest = 0, ns;
    if (!sv_to_int64(seconds, &whole) || whole <= 0 || whole >= INT64_C(100000000000) ||
        (!sv_empty(nanoseconds) && !sv_to_int64(nanoseconds, &rest)) || rest < 0 ||
        rest >= NS_PER_S || !time_of_units(whole, NS_PER_S, rest, &ns))
        return false;
    *ret_time =
        (struct read_time){ns, sv_empty(nanoseconds) ? PRECISION_SECOND : PRECISION_NANOSECOND,
                           TIME_SOURCE_NATIVE, seconds};
    return true;
}

/* ---- whole texts ---- */

static int
two(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

/* Has it the form "2026-03-01T10:00:00"? All bytes are compared at once, without a branch each. */
static bool
usual_form(const char *text)
{
    static const unsigned char form[] = "0000-00-00T00:00:00";
    static const unsigned char above[] = {9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9};
    unsigned char wrong = 0;
    for (size_t i = 0; i < 16; i++)
        wrong |= (unsigned char)((unsigned char)text[i] - form[i]) > above[i];
    for (size_t i = 16; i < sizeof(above); i++)
        wrong |= (unsigned char)((unsigned char)text[i] - form[i]) > above[i];
    return wrong == 0;
}

/* "2026-03-01T10:00:00[.123]Z", what most machines write; other spellings are left to the rest. */
static bool
read_usual(struct sv text, struct read_time *ret_time)
{
    const char *t = text.ptr;
    size_t at = 19;
    if (text.len <= at || text.len > at + 11 || t[text.len - 1] != 'Z' || !usual_form(t))
        return false;
    struct civil civil = {.year = two(t) * 100 + two(t + 2),
                          .month = two(t + 5),
                          .day = two(t + 8),
                          .hour = two(t + 11),
                          .minute = two(t + 14),
                          .second = two(t + 17)};
    int fraction = 0, step = 100000000;
    if (at + 1 < text.len) {
        if (t[at++] != '.' || at + 1 >= text.len)
            return false;
        for (; at + 1 < text.len; at++, step /= 10, fraction++) {
            if (!is_digit(t[at]))
                return false;
            civil.nanosecond += (t[at] - '0') * step;
        }
    }
    int64_t ns;
    if (civil.second > 59 || !civil_to_ns(&civil, &ns) || ns == 0)
        return false;
    *ret_time = (struct read_time){ns, time_precision_of(fraction), TIME_SOURCE_NATIVE, text};
    return true;
}

/* What stands before the zone is read by the form; an instant of 0 is what "none" is written as. */
static bool
read_form(struct sv text, const struct time_hints *hints, struct read_time *ret_time)
{
    struct written_time written;
    struct read_time time = {.text = text};
    size_t length = time_form_read(text, hints->zone, &written);
    if (length == 0 || length != text.len || !time_settle(&written, hints, &time))
        return false;
    *ret_time = time;
    return true;
}

bool
times_read_hinted(struct sv text, const struct time_hints *hints, struct read_time *ret_time)
{
    struct read_time time;
    text = sv_trim(text);
    if (text.len > 0 && (text.ptr[0] == '[' || text.ptr[0] == '"'))
        text = sv_trim(sv_slice(text, 1, text.len - 1));
    if (text.len < 8 || text.len > TIME_LENGTH_MAX)
        return false;
    if (read_usual(text, ret_time))
        return true;
    if (times_read_epoch(text, &time)) {
        /* "20260310150412" has the form of a date and is not a likely moment. */
        if (text.len == 14 || text.len == 17)
            (void)read_form(text, hints, &time);
        *ret_time = time;
        return true;
    }
    if (!read_form(text, hints, &time) || time.ns == TIME_NONE)
        return false;
    *ret_time = time;
    return true;
}

bool
times_read(struct sv text, const struct zone *zone, struct read_time *ret_time)
{
    struct time_hints hints = nothing_known;
    hints.zone = zone;
    return times_read_hinted(text, &hints, ret_time);
}

bool
times_read_two(struct sv date, struct sv clock, const struct zone *zone, struct read_time *ret_time)
{
    char text[TIME_LENGTH_MAX];
    date = sv_trim(date);
    clock = sv_trim(clock);
    if (sv_empty(date) || sv_empty(clock) || date.len + clock.len + 1 > sizeof(text))
        return false;
    char *end = sv_put(text, date);
    *end++ = ' ';
    end = sv_put(end, clock);
    struct read_time time;
    if (!times_read(sv_of(text, (size_t)(end - text)), zone, &time))
        return false;
    time.text = date;
    *ret_time = time;
    return true;
}

/* ---- JSON ---- */

static bool
read_typed(struct sv text, bool number, const struct zone *zone, struct read_time *ret_time)
{
    struct read_time time;
    if (sv_empty(text) || !(number ? times_read_epoch(text, &time) : times_read(text, zone, &time)))
        return false;
    *ret_time = time;
    return true;
}

/* {"seconds":1772361600,"nanos":5}, {"epochSecond":..,"nanoOfSecond":..}, {"$date":..} */
static bool
read_object(struct arena *arena, const json_t *object, const struct zone *zone,
            struct read_time *ret_time)
{
    struct sv seconds = tree_pick(arena, object, "seconds|epochSecond|_seconds|secs|sec");
    struct sv rest = tree_pick(arena, object, "nanos|nanoOfSecond|_nanoseconds|nanoseconds|nsec");
    if (!sv_empty(seconds))
        return times_of_parts(seconds, rest, ret_time);
    const json_t *date = json_object_get(object, "$date");
    if (date == NULL)
        return false;
    if (json_is_object(date))
        return read_typed(tree_pick(arena, date, "$numberLong"), true, zone, ret_time);
    return read_typed(tree_text(arena, date), json_is_number(date), zone, ret_time);
}

bool
times_read_json(struct arena *arena, const json_t *value, const struct zone *zone,
                struct read_time *ret_time)
{
    if (json_is_object(value))
        return read_object(arena, value, zone, ret_time);
    return !json_is_boolean(value) &&
           read_typed(tree_text(arena, value), json_is_number(value), zone, ret_time);
}

/* Rare enough to be read as a tree. */
static bool
read_tape_object(struct arena *arena, const struct tape_value *value, const struct zone *zone,
                 struct read_time *ret_time)
{
    enum tree_problem problem;
    if (value->len > 200)
        return false;
    json_t *tree = tree_parse(arena, sv_of(value->ptr, value->len), &problem);
    bool found = tree != NULL && read_object(arena, tree, zone, ret_time);
    if (found)
        ret_time->text = arena_copy(arena, sv_of(value->ptr, value->len));
    json_decref(tree);
    return found;
}

bool
times_read_tape(struct arena *arena, const struct tape_value *value, const struct zone *zone,
                struct read_time *ret_time)
{
    if (value->type == TAPE_OBJECT)
        return read_tape_object(arena, value, zone, ret_time);
    return (value->type == TAPE_STRING || value->type == TAPE_NUMBER) &&
           read_typed(tape_text(arena, value), value->type == TAPE_NUMBER, zone, ret_time);
}

/* ---- the start of a text ---- */

/* "Tue Mar 10 ...": asctime, which syslog does not write. */
static bool
begins_with_weekday(struct sv text)
{
    struct sv word = sv_slice(text, 0, time_word_length(text));
    return time_month(word) == 0 && !sv_empty(word);
}

bool
times_read_syslog(struct sv text, const struct time_hints *hints, struct read_time *ret_time,
                  size_t *ret_length)
{
    struct written_time written;
    struct read_time time;
    bool begins = text.len > 0 && (((text.ptr[0] | 0x20) >= 'a' && (text.ptr[0] | 0x20) <= 'z') ||
                                   (unsigned char)text.ptr[0] > 0x7f);
    /* "2024 Mar  1 10:00:00" */
    begins = begins || (text.len > 8 && is_digit(text.ptr[0]) && text.ptr[4] == ' ');
    size_t length = begins ? time_form_read(text, hints->zone, &written) : 0;
    if (length == 0 || !written.has_day || !written.has_seconds || written.has_half ||
        sv_find_char(sv_slice(text, 0, 8), ',') != SIZE_MAX || begins_with_weekday(text) ||
        !time_settle(&written, hints, &time))
        return false;
    time.text = sv_slice(text, 0, length);
    *ret_time = time;
    *ret_length = length;
    return true;
}

/* "1700000000", "1700000000.123": its length, 0 when there are fewer than ten digits. */
static size_t
epoch_length(struct sv text)
{
    size_t digits = 0, at;
    while (digits < text.len && is_digit(text.ptr[digits]))
        digits++;
    if (digits < 10 || digits > 19)
        return 0;
    for (at = digits + 1; at < text.len && is_digit(text.ptr[at]);)
        at++;
    bool fraction = at > digits + 1 && text.ptr[digits] == '.';
    return fraction ? at : digits;
}

/* A time ends where no letter and no digit goes on. */
static bool
ends_at(struct sv text, size_t at)
{
    return at >= text.len || is_one_of(text.ptr[at], " ]:,\t-|>)\"(;\r\n[");
}

bool
times_read_prefix(struct sv text, const struct time_hints *hints, struct read_time *ret_time,
                  size_t *ret_length)
{
    struct written_time written;
    struct read_time time;
    bool bracket = !sv_empty(text) && text.ptr[0] == '[';
    struct sv inner = bracket ? sv_slice(text, 1, text.len) : text;
    size_t length = epoch_length(inner);
    bool found =
        length > 0 && ends_at(inner, length) && times_read_epoch(sv_slice(inner, 0, length), &time);
    if (!found) {
        length = time_form_read(inner, hints->zone, &written);
        found = length > 0 && written.has_clock && ends_at(inner, length) &&
                time_settle(&written, hints, &time);
    }
    if (!found || (bracket && (length >= inner.len || inner.ptr[length] != ']')))
        return false;
    time.text = sv_slice(inner, 0, length);
    *ret_time = time;
    *ret_length = length + (bracket ? 2 : 0);
    return true;
}

void
times_into_event(const struct read_time *time, struct event *event)
{
    event->event_time_ns = time->ns;
    event->precision = time->precision;
    event->time_source = time->ns == TIME_NONE ? TIME_SOURCE_NONE : time->source;
    event->source_time_text = time->text;
}
