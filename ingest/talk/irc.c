/*
 * Dialects of IRC logs: see irc.h. Times of day stand for themselves only beside a day, which a
 * line before tells, or the name of the file.
 */
#include "ingest/talk/irc.h"

#include "ingest/talk/irc_said.h"
#include "ingest/talk/local.h"

/* ---- context ---- */

/* "Tue Mar 10 10:00:00 2026", "Tue Mar 10 2026" somewhere in the line. */
static bool
day_in_words(struct sv line, struct talk_day *ret_day)
{
    for (size_t at = 0; at < line.len; at++) {
        struct talk_date date;
        struct talk_clock clock;
        size_t length, taken;
        struct talk_day none = {0};
        if (at > 0 && !sv_blank(line.ptr[at - 1]))
            continue;
        if (!talk_date_read(sv_slice(line, at, line.len), &date, &length))
            continue;
        if (date.form == DATE_NO_YEAR) {
            size_t from = talk_skip_blanks(line, at + length);
            if (talk_clock_read(sv_slice(line, from, line.len), &clock, &taken))
                from = talk_skip_blanks(line, from + taken);
            size_t end = from;
            date.year = talk_number(line, &end, 4);
            if (end - from != 4)
                continue;
            date.form = DATE_FULL;
        }
        if (date.form == DATE_FULL && talk_day_of(&date, ORDER_UNKNOWN, none, ret_day))
            return true;
    }
    return false;
}

/* What clients write of themselves between lines that were said. */
static bool
is_context(struct talk_state *state, struct sv line)
{
    static const char *const signs[] = {
        "--- Log ",      "--- Day changed",  "**** BEGIN LOGGING", "**** ENDING LOGGING",
        "Session Start", "Session Close",    "Session Time",       "Session Ident",
        "### Log ",      "[disconnected at", "[connected at"};
    bool sign = false;
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        sign = sign || sv_starts(line, sv_from(signs[i]));
    struct talk_day day;
    bool dated = day_in_words(line, &day);
    /* eggdrop: "--- Tue Mar 10 2026" and nothing else */
    if (!sign && !(sv_starts(line, SV("--- ")) && dated && line.len < 32))
        return false;
    if (dated)
        talk_state_set_day(state, day);
    size_t ident = sv_find(line, SV("Session Ident: #"));
    if (ident == 0)
        talk_state_channel(state, sv_trim(sv_slice(line, 16, line.len)));
    return true;
}

/* ---- times ---- */

/* A clock at `at`, with its day from the state; the place behind it, 0: there is none. */
static size_t
clock_at(struct sv line, size_t at, struct talk_message *message)
{
    size_t length;
    if (!talk_clock_read(sv_slice(line, at, line.len), &message->clock, &length))
        return 0;
    message->has_clock = true;
    return at + length;
}

/* "2026-03-10T22:11:49[.1][+01:00]", "2026-03-10 22:11:49". */
static size_t
iso_time(struct sv line, struct talk_message *message)
{
    struct talk_date date;
    size_t length;
    struct talk_day none = {0};
    if (line.len < 16 || line.ptr[4] != '-' || line.ptr[7] != '-' ||
        !talk_date_read(line, &date, &length) || length != 10 ||
        !talk_day_of(&date, ORDER_UNKNOWN, none, &message->day))
        return 0;
    if (line.ptr[10] != 'T' && line.ptr[10] != ' ')
        return 0;
    size_t end = clock_at(line, 11, message);
    if (end == 0)
        return 0;
    size_t zone = talk_zone_read(line, end, &message->offset_s);
    message->has_zone = zone > end;
    return zone;
}

/* "Jan 08 22:11:49", "14 Jan 10:36": the year is the state's, or the nearest. */
static size_t
named_time(const struct talk_state *state, struct sv line, struct talk_message *message)
{
    struct talk_date date;
    size_t length;
    if (!talk_date_read(line, &date, &length) || date.numbers ||
        (date.form != DATE_NO_YEAR && date.form != DATE_FULL))
        return 0;
    (void)talk_day_of(&date, ORDER_UNKNOWN, talk_state_near(state), &message->day);
    if (state->day.how == DAY_WRITTEN && message->day.how == DAY_NO_YEAR)
        message->day.how = DAY_WRITTEN;
    size_t at = talk_skip_blanks(line, length);
    return at == length ? 0 : clock_at(line, at, message);
}

static struct sv
behind(struct sv line, size_t at, char close)
{
    if (close == '\0')
        return sv_slice(line, at, line.len);
    return at < line.len && line.ptr[at] == close ? sv_slice(line, at + 1, line.len) : SV_NONE;
}

/* ---- lines ---- */

static enum talk_line
begin(struct talk_state *state, struct sv line, struct sv time, struct talk_message *message,
      struct talk_message *ret_message)
{
    message->time_text = time;
    message->to = line.len;
    if (!sv_empty(message->channel))
        talk_state_channel(state, message->channel);
    message->channel = sv_from(state->channel);
    *ret_message = *message;
    return LINE_BEGINS;
}

static enum talk_line
read_irssi(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {0};
    size_t end = clock_at(line, 0, &message);
    if (end == 0 || message.clock.half_day || !message.clock.padded || end >= line.len ||
        line.ptr[end] != ' ')
        return is_context(state, line) ? LINE_CONTEXT : LINE_GOES_ON;
    if (!irc_said(behind(line, end, '\0'), &message))
        return LINE_GOES_ON;
    message.day = talk_state_day(state, &message.clock);
    return begin(state, line, sv_slice(line, 0, end), &message, ret_message);
}

static enum talk_line
read_znc(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {0};
    bool bracket = line.len > 7 && line.ptr[0] == '[';
    struct sv inside = sv_slice(line, 1, line.len);
    size_t end = bracket ? clock_at(inside, 0, &message) : 0;
    bool dated = false;
    if (bracket && end == 0) {
        end = iso_time(inside, &message);
        dated = end > 0;
    }
    struct sv rest = end == 0 ? SV_NONE : behind(inside, end, ']');
    if (rest.ptr == NULL)
        return is_context(state, line) ? LINE_CONTEXT : LINE_GOES_ON;
    if (!irc_said(rest, &message))
        return LINE_GOES_ON;
    if (!dated)
        message.day = talk_state_day(state, &message.clock);
    return begin(state, line, sv_slice(inside, 0, end), &message, ret_message);
}

static enum talk_line
read_dircproxy(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {0};
    struct sv inside = line.len > 7 && line.ptr[0] == '[' ? sv_slice(line, 1, line.len) : SV_NONE;
    size_t end = named_time(state, inside, &message);
    struct sv rest = end == 0 ? SV_NONE : behind(inside, end, ']');
    if (rest.ptr == NULL || !irc_said(rest, &message))
        return LINE_GOES_ON;
    return begin(state, line, sv_slice(inside, 0, end), &message, ret_message);
}

static enum talk_line
read_xchat(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {0};
    size_t end = iso_time(line, &message);
    if (end == 0)
        end = named_time(state, line, &message);
    if (end == 0)
        return is_context(state, line) ? LINE_CONTEXT : LINE_GOES_ON;
    if (end >= line.len || line.ptr[end] != ' ' || !irc_said(behind(line, end, '\0'), &message))
        return LINE_GOES_ON;
    if (message.day.how == DAY_WRITTEN)
        talk_state_set_day(state, message.day);
    return begin(state, line, sv_slice(line, 0, end), &message, ret_message);
}

static enum talk_line
read_weechat(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {0};
    size_t end = iso_time(line, &message);
    if (end == 0 || end >= line.len || line.ptr[end] != '\t')
        return LINE_GOES_ON;
    struct sv rest = sv_slice(line, end + 1, line.len), nick;
    if (!sv_split(&rest, '\t', &nick) || rest.ptr == NULL ||
        !irc_said_columns(nick, rest, &message))
        return LINE_GOES_ON;
    return begin(state, line, sv_slice(line, 0, end), &message, ret_message);
}

/* ---- detection ---- */

static bool
names_a_channel(struct sv name)
{
    return sv_find_char(name, '#') != SIZE_MAX || sv_contains(name, SV("weechat")) ||
           sv_contains(name, SV("irc"));
}

/*
 * A table with a time, a word and a text is written by many programs: one of IRC has lines of
 * people who come and go, signs of rights, or a name that says so. A few lines may lack them all.
 */
static bool
suits_weechat(struct sv start, struct sv name)
{
    static const char *const levels[] = {"info",  "debug",  "warn",     "warning", "error", "trace",
                                         "fatal", "notice", "critical", "ok",      "fail"};
    struct sv line;
    size_t lines = 0;
    bool evidence = names_a_channel(name);
    while (sv_split(&start, '\n', &line)) {
        struct sv nick;
        (void)sv_split(&line, '\t', &nick);
        if (line.ptr == NULL || !sv_split(&line, '\t', &nick))
            continue;
        nick = sv_trim(nick);
        lines++;
        for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
            if (sv_eq_nocase(nick, sv_from(levels[i])))
                return false;
        if (sv_find_char(nick, '.') != SIZE_MAX || sv_find_char(nick, '/') != SIZE_MAX)
            return false;
        evidence = evidence || sv_eq(nick, SV("-->")) || sv_eq(nick, SV("<--")) ||
                   sv_eq(nick, SV("--")) || sv_eq(nick, SV("*")) || sv_starts(nick, SV("@")) ||
                   sv_starts(nick, SV("+"));
    }
    return evidence || lines <= 3;
}

const struct talk_dialect talk_irssi = {.format = "irc_irssi", .read = read_irssi};
const struct talk_dialect talk_weechat = {
    .format = "irc_weechat", .read = read_weechat, .suits = suits_weechat};
const struct talk_dialect talk_znc = {.format = "irc_znc_energymech", .read = read_znc};
const struct talk_dialect talk_dircproxy = {.format = "irc_dircproxy", .read = read_dircproxy};
const struct talk_dialect talk_xchat = {.format = "irc_xchat_iso", .read = read_xchat};
