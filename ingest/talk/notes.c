/*
 * Timelines written by hand: see notes.h. What stands under a line without a time of its own
 * belongs to that line; a heading ends it.
 */
#include "ingest/talk/notes.h"

#include <string.h>

#include "base/strbuf.h"
#include "base/zone/zone.h"
#include "ingest/talk/local.h"

#define HEADING_BYTES_MAX 80 /* of a line without marks that tells a day for what follows */
#define ZONE_BYTES_MAX 5     /* of a name such as "CEST" */
#define CLOSERS "*_`])~"
#define NOTES_LEAST 2 /* lines with a time that make a text a timeline */

static bool
one_of(struct sv line, size_t at, const char *signs)
{
    return at < line.len && line.ptr[at] != '\0' && strchr(signs, line.ptr[at]) != NULL;
}

/* "•", "–", "—" */
static size_t
sign_at(struct sv line, size_t at)
{
    static const char *const signs[] = {"\xE2\x80\xA2", "\xE2\x80\x93", "\xE2\x80\x94"};
    struct sv rest = sv_slice(line, at, line.len);
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (sv_starts(rest, sv_from(signs[i])))
            return 3;
    return 0;
}

/* Behind "- ", "* ", "3. ", "• ", "| ", "[x] " and the signs of bold, code and brackets. */
static size_t
skip_marks(struct sv line, bool *ret_marked)
{
    size_t at = talk_skip_blanks(line, 0), from = at, digits = at;
    while (digits < line.len && digits < at + 3 && line.ptr[digits] >= '0' &&
           line.ptr[digits] <= '9')
        digits++;
    if (digits > at && digits + 1 < line.len && line.ptr[digits] == '.' &&
        line.ptr[digits + 1] == ' ')
        at = digits + 2;
    else if (one_of(line, at, "-*+|>"))
        at++;
    else
        at += sign_at(line, at);
    at = talk_skip_blanks(line, at);
    if (at + 4 < line.len && line.ptr[at] == '[' && line.ptr[at + 2] == ']')
        at = talk_skip_blanks(line, at + 3);
    /* A bracket alone is what chats and programs put around a time. */
    *ret_marked = at > from;
    while (one_of(line, at, "*_`[(~")) {
        *ret_marked = *ret_marked || one_of(line, at, "*_`");
        at++;
    }
    return at;
}

static size_t
skip_closers(struct sv line, size_t at)
{
    while (one_of(line, at, CLOSERS))
        at++;
    return at;
}

/* "Z", "+01:00", " UTC", " CEST": a name that stands for more than one offset is not taken. */
static size_t
zone_behind(struct sv line, size_t at, struct talk_message *message)
{
    /* "-10:45" is until when. */
    size_t end = one_of(line, at, "-") ? at : talk_zone_read(line, at, &message->offset_s);
    message->has_zone = end > at;
    if (message->has_zone)
        return end;
    size_t from = talk_skip_blanks(line, at);
    for (end = from; end < line.len && line.ptr[end] >= 'A' && line.ptr[end] <= 'Z'; end++)
        continue;
    bool certain = false;
    message->has_zone =
        end - from >= 2 && end - from <= ZONE_BYTES_MAX &&
        zone_abbreviation(sv_slice(line, from, end), NULL, &message->offset_s, &certain) && certain;
    return message->has_zone ? end : at;
}

/* "14:02", also "14:02: words". */
static bool
clock_behind(struct sv line, size_t at, struct talk_clock *ret_clock, size_t *ret_length)
{
    struct sv rest = sv_slice(line, at, line.len);
    if (talk_clock_read(rest, ret_clock, ret_length))
        return true;
    size_t first = sv_find_char(rest, ':');
    if (first > 2)
        return false;
    size_t next = sv_find_char(sv_slice(rest, first + 1, rest.len), ':');
    size_t end = first + 1 + next;
    return next == 2 && talk_blank(rest, end + 1) > 0 &&
           talk_clock_read(sv_slice(rest, 0, end), ret_clock, ret_length);
}

/* A time of day with its day before it, where that is told; the place behind it, 0: there is none.
 */
static size_t
time_at(const struct talk_state *state, struct sv line, size_t at, struct talk_message *message)
{
    struct talk_date date;
    size_t length;
    if (talk_date_read(sv_slice(line, at, line.len), &date, &length) &&
        (date.form == DATE_FULL || date.form == DATE_NO_YEAR)) {
        size_t behind = at + length;
        while (one_of(line, behind, ",T|*"))
            behind++;
        behind = talk_skip_blanks(line, behind);
        if (talk_day_of(&date, state->order, talk_state_near(state), &message->day))
            at = behind;
    }
    if (!clock_behind(line, at, &message->clock, &length))
        return 0;
    message->has_clock = true;
    return zone_behind(line, skip_closers(line, at + length), message);
}

/* "-14:05", " – 14:05": until when. */
static size_t
skip_until(struct sv line, size_t at)
{
    struct talk_clock clock;
    size_t from = talk_skip_blanks(line, at), length;
    size_t sign = from < line.len && line.ptr[from] == '-' ? 1 : sign_at(line, from);
    if (sign == 0)
        return at;
    from = talk_skip_blanks(line, from + sign);
    if (!talk_clock_read(sv_slice(line, from, line.len), &clock, &length))
        return at;
    struct talk_message ignored = {0};
    return zone_behind(line, skip_closers(line, from + length), &ignored);
}

static size_t
skip_separators(struct sv line, size_t at)
{
    for (;;) {
        size_t next = talk_skip_blanks(line, skip_closers(line, at));
        size_t sign = one_of(line, next, "-:|>") ? 1 : sign_at(line, next);
        if (sign == 0)
            return next;
        at = next + sign;
    }
}

/* A heading, a rule, the head of a table, or a short line with a day and nothing else to say. */
static bool
is_context(struct talk_state *state, struct sv line, bool marked)
{
    struct talk_day day;
    bool dated = line.len <= HEADING_BYTES_MAX && talk_day_in_name(line, &day);
    bool heading = sv_starts(line, SV("#")) || sv_starts(line, SV("=="));
    size_t ruled = 0;
    while (one_of(line, ruled, "-=|: "))
        ruled++;
    bool rule = ruled == line.len;
    bool head = sv_starts(line, SV("|")) && state->before < 0;
    bool short_line = dated && !marked && line.ptr[line.len - 1] != '.';
    if (!heading && !rule && !head && !short_line)
        return false;
    if (dated) {
        day.how = DAY_WRITTEN;
        talk_state_set_day(state, day);
    }
    return true;
}

static enum talk_line
read_note(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {.phase = PHASE_NOTE};
    bool marked;
    line = talk_trim(line);
    size_t from = skip_marks(line, &marked), end = time_at(state, line, from, &message);
    bool dated = message.day.how != DAY_NONE;
    /* Lines of programs have seconds, or a day, and no marks. */
    if (end == 0 || (!marked && (dated || message.clock.precision != PRECISION_MINUTE)))
        return !sv_empty(line) && is_context(state, line, marked) ? LINE_CONTEXT : LINE_GOES_ON;
    message.time_text = sv_slice(line, from, end);
    while (message.time_text.len > 0 &&
           one_of(message.time_text, message.time_text.len - 1, CLOSERS))
        message.time_text.len--;
    message.text =
        talk_trim(sv_slice(line, skip_separators(line, skip_until(line, end)), line.len));
    if (sv_empty(message.text))
        return LINE_GOES_ON;
    message.bare = !dated;
    if (dated)
        talk_state_set_day(state, message.day);
    message.day = talk_state_day(state, &message.clock);
    message.to = line.len;
    message.channel = sv_from(state->channel);
    *ret_message = message;
    return LINE_BEGINS;
}

/* Cells of a row are told one after the other. */
static void
finish(struct arena *arena, const struct talk_state *state, struct sv lines,
       struct talk_message *message)
{
    struct sv first = SV_NONE, cell, rest = message->text;
    struct strbuf text;
    (void)state;
    (void)sv_split(&lines, '\n', &first);
    strbuf_init(&text, 0);
    bool row = sv_starts(talk_trim(first), SV("|"));
    while (row && sv_split(&rest, '|', &cell)) {
        cell = talk_trim(cell);
        if (!sv_empty(cell) && text.len > 0)
            strbuf_add_text(&text, ": ");
        strbuf_add_sv(&text, cell);
    }
    if (row)
        message->text = arena_copy(arena, strbuf_view(&text));
    strbuf_release(&text);
    if (lines.ptr != NULL)
        message->text = talk_join(arena, message->text, lines);
}

/* Two lines with a time at least, in a row that no clock contradicts, and most of them marked:
 * what a program wrote may begin with a time of day as well. */
static bool
suits(struct sv start, struct sv name)
{
    struct talk_hints hints = {0};
    struct talk_state state;
    struct sv line;
    size_t begun = 0, with_marks = 0, back = 0;
    int64_t before = 0;
    talk_state_init(&state, &hints);
    while (sv_split(&start, '\n', &line)) {
        struct talk_message message;
        bool marked;
        if (read_note(&state, sv_trim(line), &message) != LINE_BEGINS)
            continue;
        (void)skip_marks(talk_trim(line), &marked);
        int64_t now = talk_clock_seconds(&message.clock);
        if (message.day.how != DAY_NONE)
            now += talk_day_number(message.day) * 86400;
        begun++;
        with_marks += marked;
        back += begun > 1 && now < before;
        before = now;
    }
    bool page = sv_ends(name, SV(".md")) || sv_ends(name, SV(".markdown"));
    return begun >= NOTES_LEAST && back * 4 <= begun && (page || with_marks * 2 > begun);
}

const struct talk_dialect talk_notes = {.format = "timeline_notes",
                                        .read = read_note,
                                        .finish = finish,
                                        .suits = suits,
                                        .many_lines = true,
                                        .notes = true};
