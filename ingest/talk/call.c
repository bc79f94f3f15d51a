/*
 * Transcripts of calls: see call.h.
 */
#include "ingest/talk/call.h"

#include "base/strbuf.h"
#include "ingest/talk/call_start.h"
#include "ingest/talk/name.h"

#define LINE_BYTES_MAX 120 /* of a name and an offset */
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* ---- offsets ---- */

/* "00:00:05.000", "0:05", "1:02:03,120": where it ends, 0: there is none. */
static size_t
read_offset(struct sv text, int64_t *ret_ns, int *ret_parts)
{
    size_t at = 0;
    int parts[3], count = 0;
    int64_t ns = 0, step = 100000000;
    for (; count < 3; at++) {
        size_t from = at;
        parts[count] = talk_number(text, &at, 3);
        if (parts[count] < 0 || (count > 0 && (at - from > 2 || parts[count] > 59)))
            return 0;
        count++;
        if (at >= text.len || text.ptr[at] != ':')
            break;
    }
    if (count < 2)
        return 0;
    for (int i = 0; i < count; i++)
        ns = ns * 60 + parts[i];
    ns *= NS_PER_S;
    if (at + 1 < text.len && (text.ptr[at] == '.' || text.ptr[at] == ',') &&
        text.ptr[at + 1] >= '0' && text.ptr[at + 1] <= '9')
        for (at++; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9'; at++, step /= 10)
            ns += (text.ptr[at] - '0') * step;
    if (at < text.len && ((text.ptr[at] >= '0' && text.ptr[at] <= '9') || text.ptr[at] == ':'))
        return 0;
    *ret_ns = ns;
    *ret_parts = count;
    return at;
}

static void
set_offset(const struct talk_state *state, int64_t ns, enum time_precision precision,
           struct talk_message *message)
{
    message->has_offset = true;
    message->offset_ns = ns;
    message->clock.precision = precision;
    message->channel = sv_from(state->channel);
    message->phase = PHASE_POST;
    talk_state_place(state, message);
}

/* ---- cues ---- */

/* "00:00:05.000 --> 00:00:08.100 align:start". */
static bool
is_timing(struct sv line, int64_t *ret_ns, struct sv *ret_text)
{
    int parts;
    int64_t end_ns;
    size_t end = read_offset(line, ret_ns, &parts), at = talk_skip_blanks(line, end);
    if (end == 0 || !sv_starts(sv_slice(line, at, line.len), SV("-->")))
        return false;
    struct sv rest = sv_slice(line, talk_skip_blanks(line, at + 3), line.len);
    *ret_text = sv_slice(line, 0, end);
    return read_offset(rest, &end_ns, &parts) > 0;
}

static enum talk_line
read_cues(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {.to = line.len};
    int64_t ns;
    bool after_blank = state->after_blank;
    state->after_blank = sv_empty(line);
    if (is_timing(line, &ns, &message.time_text)) {
        set_offset(state, ns, PRECISION_MILLISECOND, &message);
        state->inside = true;
        *ret_message = message;
        return LINE_BEGINS;
    }
    if (after_blank && !sv_empty(line))
        state->inside = false; /* the name of a cue, a note, a style */
    if (!state->inside)
        call_head_line(state, line);
    return state->inside ? LINE_GOES_ON : LINE_CONTEXT;
}

static enum talk_line
read_webvtt(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    return read_cues(state, line, ret_message);
}

/* The name in "<v Ada Miller>" or "<v.loud Ada>"; the place behind it, 0: it is not such a tag. */
static size_t
voice(struct sv text, struct sv *ret_name)
{
    size_t end = sv_find_char(text, '>'), blank = sv_find_char(text, ' ');
    if (text.len < 4 || text.ptr[1] != 'v' || (text.ptr[2] != ' ' && text.ptr[2] != '.') ||
        end == SIZE_MAX || blank == SIZE_MAX || blank > end)
        return 0;
    *ret_name = talk_trim(sv_slice(text, blank + 1, end));
    return end + 1;
}

/* Without tags; *ret_name when one of them tells who speaks. */
static void
add_untagged(struct strbuf *out, struct sv line, struct sv *ret_name)
{
    static const struct {
        const char *entity, *text;
    } entities[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&nbsp;", " "}, {"&lrm;", ""}};
    for (size_t at = 0; at < line.len;) {
        struct sv rest = sv_slice(line, at, line.len);
        size_t step = 0;
        for (size_t i = 0; i < COUNT(entities) && step == 0; i++)
            if (sv_starts(rest, sv_from(entities[i].entity))) {
                strbuf_add_text(out, entities[i].text);
                step = strlen(entities[i].entity);
            }
        if (step == 0 && line.ptr[at] == '<') {
            size_t end = sv_find_char(rest, '>');
            step = voice(rest, ret_name);
            if (step == 0 && end != SIZE_MAX)
                step = end + 1;
        }
        if (step == 0) {
            strbuf_add_char(out, line.ptr[at]);
            step = 1;
        }
        at += step;
    }
}

/* "Ada Miller: text" where no tag names the speaker. */
static void
speaker_before_colon(struct talk_message *message)
{
    size_t colon = sv_find(message->text, SV(": "));
    struct talk_name name;
    if (!sv_empty(message->actor) || colon == SIZE_MAX ||
        !talk_name_read(sv_slice(message->text, 0, colon), &name) || !name.capital)
        return;
    message->actor = name.name;
    message->text = talk_trim(sv_slice(message->text, colon + 1, message->text.len));
}

static void
finish_cue(struct arena *arena, const struct talk_state *state, struct sv lines,
           struct talk_message *message)
{
    struct strbuf text;
    struct sv line, name = SV_NONE;
    (void)state;
    (void)sv_split(&lines, '\n', &line);
    strbuf_init(&text, 0);
    while (sv_split(&lines, '\n', &line)) {
        line = talk_trim(line);
        if (sv_empty(line))
            break;
        if (text.len > 0)
            strbuf_add_char(&text, ' ');
        add_untagged(&text, line, &name);
    }
    message->actor = name.ptr == NULL ? SV_NONE : arena_copy(arena, name);
    message->text = arena_copy(arena, talk_trim(strbuf_view(&text)));
    strbuf_release(&text);
    speaker_before_colon(message);
    message->actor_type = sv_empty(message->actor) ? ACTOR_NONE : ACTOR_HUMAN;
}

static bool
suits_webvtt(struct sv start, struct sv name)
{
    (void)name;
    return sv_starts(start, SV("WEBVTT"));
}

static bool
suits_subrip(struct sv start, struct sv name)
{
    struct sv first, second;
    (void)name;
    size_t at = 0;
    return sv_split(&start, '\n', &first) && sv_split(&start, '\n', &second) &&
           talk_number(sv_trim(first), &at, 6) >= 0 && at == sv_trim(first).len &&
           sv_contains(second, SV("-->"));
}

/* ---- text ---- */

/* "Ada Miller   0:05", "Ada Miller  00:01:05". */
static bool
name_and_offset(struct sv line, struct talk_name *ret_name, int64_t *ret_ns, struct sv *ret_time)
{
    size_t from = line.len;
    int parts;
    while (from > 0 && line.ptr[from - 1] >= '0' && line.ptr[from - 1] <= ':')
        from--;
    if (from == line.len || line.len > LINE_BYTES_MAX)
        return false;
    struct sv before = sv_slice(line, 0, from), time = sv_slice(line, from, line.len);
    size_t trimmed = talk_trim(before).len;
    bool apart = trimmed > 0 && before.len - trimmed >= 2;
    bool tab = trimmed > 0 && before.len > trimmed && before.ptr[before.len - 1] == '\t';
    if ((!apart && !tab) || read_offset(time, ret_ns, &parts) != time.len)
        return false;
    *ret_time = time;
    return talk_name_read(before, ret_name);
}

/* "00:05:00" alone: what stands below was said from then on. */
static bool
is_mark(struct sv line, int64_t *ret_ns)
{
    int parts;
    return line.len >= 7 && read_offset(line, ret_ns, &parts) == line.len && parts == 3;
}

static enum talk_line
under_mark(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {.to = line.len};
    struct talk_name name;
    size_t colon = sv_find(line, SV(": "));
    if (colon == SIZE_MAX || !talk_name_read(sv_slice(line, 0, colon), &name) || !name.capital)
        return state->inside ? LINE_GOES_ON : LINE_CONTEXT;
    message.actor = name.name;
    message.actor_type = ACTOR_HUMAN;
    message.text = talk_trim(sv_slice(line, colon + 1, line.len));
    set_offset(state, state->offset_ns, PRECISION_MINUTE, &message);
    *ret_message = message;
    state->inside = true;
    return LINE_BEGINS;
}

static enum talk_line
read_transcript(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {.to = line.len};
    struct talk_name name;
    int64_t ns;
    if (name_and_offset(line, &name, &ns, &message.time_text)) {
        message.actor = name.name;
        message.actor_type = ACTOR_HUMAN;
        set_offset(state, ns, PRECISION_SECOND, &message);
        state->inside = true;
        state->offset_ns = -1;
        *ret_message = message;
        return LINE_BEGINS;
    }
    if (is_mark(line, &ns)) {
        state->offset_ns = ns;
        state->inside = false;
        return LINE_CONTEXT;
    }
    if (sv_starts(line, SV("Transcription ended")) || sv_starts(line, SV("Meeting ended")))
        return LINE_CONTEXT;
    bool marked = state->offset_ns > 0 || (state->offset_ns == 0 && !state->inside);
    if (marked && call_head_line(state, line))
        return LINE_CONTEXT;
    if (state->offset_ns >= 0)
        return under_mark(state, line, ret_message);
    return LINE_GOES_ON;
}

/*
 * Names with times that only rise, from the first minutes of a call on, or a document that says
 * what it is. A pasted chat has the times of a day.
 */
static bool
suits_transcript(struct sv start, struct sv name)
{
    struct sv line;
    size_t begun = 0, seen = 0;
    bool told = sv_contains(name, SV("ranscript")), marks = false;
    int64_t before = 0, ns = 0;
    while (sv_split(&start, '\n', &line)) {
        struct talk_name who;
        struct sv time;
        line = talk_trim(line);
        seen += !sv_empty(line);
        if (sv_eq(line, SV("Transcript")) || sv_ends(line, SV("- Transcript")) ||
            sv_ends(line, SV("\xE2\x80\x93 Transcript")) ||
            sv_ends(line, SV("started transcription")))
            told = told || seen < 8;
        marks = marks || is_mark(line, &ns);
        if (!name_and_offset(line, &who, &ns, &time))
            continue;
        if (ns < before || (begun == 0 && ns > 600 * NS_PER_S && !told) || seen > 12 + 40 * begun)
            return false;
        before = ns;
        begun++;
    }
    return told ? begun > 0 || marks : begun > 1;
}

const struct talk_dialect talk_webvtt = {.format = "webvtt",
                                         .read = read_webvtt,
                                         .finish = finish_cue,
                                         .suits = suits_webvtt,
                                         .many_lines = true};
const struct talk_dialect talk_subrip = {.format = "subrip",
                                         .read = read_cues,
                                         .finish = finish_cue,
                                         .suits = suits_subrip,
                                         .many_lines = true};
const struct talk_dialect talk_transcript = {.format = "call_transcript",
                                             .read = read_transcript,
                                             .suits = suits_transcript,
                                             .many_lines = true};
