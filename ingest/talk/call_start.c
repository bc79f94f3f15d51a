/*
 * Starts of calls: see call_start.h and call.h.
 */
#include "ingest/talk/call_start.h"

#include "ingest/talk/call.h"
#include "ingest/talk/stamp.h"

#define DIGITS_MIN 7

static bool
digit_at(struct sv text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

/* "GMT+1", "UTC", "GMT-03:30", "Z", "+0100" at `at`. */
static void
read_zone(struct sv text, size_t at, struct talk_start *start)
{
    struct sv rest = sv_slice(text, talk_skip_blanks(text, at), text.len);
    bool named = sv_starts(rest, SV("GMT")) || sv_starts(rest, SV("UTC"));
    size_t here = named ? 3 : 0;
    if (!named && sv_starts(rest, SV("Z"))) {
        start->has_zone = true;
        return;
    }
    bool sign = here < rest.len && (rest.ptr[here] == '+' || rest.ptr[here] == '-');
    if (!sign) {
        start->has_zone = named;
        return;
    }
    bool west = rest.ptr[here++] == '-';
    int hours = talk_number(rest, &here, 2), minutes = 0;
    if (hours < 0 || hours > 14)
        return;
    if (here < rest.len && rest.ptr[here] == ':')
        here++;
    if (digit_at(rest, here))
        minutes = talk_number(rest, &here, 2);
    start->has_zone = true;
    start->offset_s = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
}

/* "10:02 AM", "10-02-13", "100213", "10_02": digits behind a day; the place behind them. */
static size_t
read_clock(struct sv text, size_t at, struct talk_clock *ret_clock)
{
    size_t length, here = at;
    int parts[3] = {0, 0, 0}, count = 0;
    if (talk_clock_read(sv_slice(text, at, text.len), ret_clock, &length))
        return at + length;
    for (; count < 3; count++) {
        size_t from = here;
        parts[count] = talk_number(text, &here, 2);
        if (here - from != 2)
            break;
        if (here < text.len && strchr("-_.h", text.ptr[here]) != NULL && digit_at(text, here + 1))
            here++;
    }
    if (count < 2 || digit_at(text, here) || parts[0] > 23 || parts[1] > 59 || parts[2] > 59)
        return 0;
    *ret_clock = (struct talk_clock){.hour = parts[0],
                                     .minute = parts[1],
                                     .second = count == 3 ? parts[2] : 0,
                                     .precision = count == 3 ? PRECISION_SECOND : PRECISION_MINUTE};
    return here;
}

/* What stands between a day and a clock. */
static size_t
skip_between(struct sv text, size_t at)
{
    at = talk_skip_blanks(text, at);
    while (at < text.len && strchr("-_,T", text.ptr[at]) != NULL)
        at++;
    at = talk_skip_blanks(text, at);
    if (sv_starts_nocase(sv_slice(text, at, text.len), SV("at ")))
        at = talk_skip_blanks(text, at + 3);
    return at;
}

static bool
day_at(struct sv text, size_t at, struct talk_day *ret_day, size_t *ret_end)
{
    struct sv rest = sv_slice(text, at, text.len);
    struct talk_date date;
    struct talk_day none = {0};
    size_t length;
    bool digit = digit_at(rest, 0);
    if (digit && rest.len >= 8 && talk_day_in_name(sv_slice(rest, 0, 8), ret_day) &&
        !digit_at(rest, 8)) {
        *ret_end = at + 8;
        return true;
    }
    if (digit && rest.len >= 10 && rest.ptr[4] == '_' &&
        talk_day_in_name(sv_slice(rest, 0, 10), ret_day)) {
        *ret_end = at + 10;
        return true;
    }
    if (!talk_date_read(rest, &date, &length) || date.form != DATE_FULL ||
        !talk_day_of(&date, ORDER_UNKNOWN, none, ret_day))
        return false;
    *ret_end = at + length;
    return true;
}

/* Fewer than these hold no day with its year and a clock: "1/2/26 1:02". */
static bool
has_digits(struct sv text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.len && digits < DIGITS_MIN; i++)
        digits += digit_at(text, i);
    return digits == DIGITS_MIN;
}

static bool
letter_at(struct sv text, size_t at)
{
    char lower = (char)(text.ptr[at] | 0x20);
    return lower >= 'a' && lower <= 'z';
}

/* Within a number or a word no day begins. */
static bool
goes_on(struct sv text, size_t at)
{
    return at > 0 && ((digit_at(text, at - 1) && digit_at(text, at)) ||
                      (letter_at(text, at - 1) && letter_at(text, at)));
}

/* The first day with a clock behind it. */
static bool
find_start(struct sv text, struct talk_start *ret_start)
{
    for (size_t at = 0; at < text.len && (at > 0 || has_digits(text)); at++) {
        struct talk_start start = {.known = true};
        size_t end;
        if (goes_on(text, at))
            continue;
        if (!day_at(text, at, &start.day, &end))
            continue;
        size_t clock = skip_between(text, end), behind = read_clock(text, clock, &start.clock);
        if (behind == 0)
            continue;
        bool gmt = at >= 3 && sv_eq(sv_slice(text, at - 3, at), SV("GMT"));
        start.has_zone = gmt;
        if (!gmt)
            read_zone(text, behind, &start);
        *ret_start = start;
        return true;
    }
    return false;
}

bool
talk_start_in_name(struct sv name, struct talk_start *ret_start)
{
    struct talk_start start;
    if (!find_start(name, &start))
        return false;
    start.day.how = DAY_ASSUMED;
    *ret_start = start;
    return true;
}

bool
call_head_line(struct talk_state *state, struct sv line)
{
    struct talk_start start;
    if (line.len > 300 || !find_start(line, &start))
        return false;
    start.day.how = DAY_WRITTEN;
    state->start = start;
    return true;
}
