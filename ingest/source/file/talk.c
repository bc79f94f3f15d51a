/*
 * From lines that people wrote to records: see talk.h. Called by content.c.
 */
#include "ingest/source/file/talk.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ingest/source/file/dates.h"
#include "ingest/talk/call.h"
#include "ingest/talk/local.h"
#include "ingest/talk/paste.h"

#define PASTED "pasted_chat"

struct file_talk {
    struct file_reading *reading;
    const char *name;
    const struct talk_dialect *dialect;
    struct talk_state state;
    struct talk_message message; /* that is being collected */
    bool open;
    int64_t line;        /* where it begins */
    struct strbuf lines; /* of it */
    size_t end;          /* without blank lines behind it */
    char channel[TALK_CHANNEL_MAX];
};

/* ---- what is known of a file ---- */

/* The format that a person gave for all files; absent: none. */
static struct sv
told_format(const struct file_reading *reading)
{
    return reading->sink->decode == NULL ? SV_NONE : reading->sink->decode->format;
}

static const char *
last_part(const char *name)
{
    const char *part = name;
    for (const char *at = name; *at != '\0'; at++)
        if (*at == '/' || *at == '!')
            part = at + 1;
    return part;
}

/* "WhatsApp Chat with Ops.txt", "WhatsApp Chat - Ops.zip!_chat.txt", "libera.#ops.log". */
static struct sv
channel_of_name(const char *name)
{
    static const char *const starts[] = {"WhatsApp Chat with ", "WhatsApp Chat - ",
                                         "WhatsApp Chat mit "};
    struct sv whole = sv_from(name);
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        size_t at = sv_find(whole, sv_from(starts[i]));
        if (at == SIZE_MAX)
            continue;
        struct sv rest = sv_slice(whole, at + strlen(starts[i]), whole.len), part;
        size_t inner = sv_find_char(rest, '!');
        part = sv_slice(rest, 0, inner == SIZE_MAX ? rest.len : inner);
        for (size_t dot = part.len; dot > 0; dot--)
            if (part.ptr[dot - 1] == '.')
                return sv_slice(part, 0, dot - 1);
        return part;
    }
    struct sv part = sv_from(last_part(name));
    size_t sign = sv_find_char(part, '#');
    if (sign == SIZE_MAX)
        return SV_NONE;
    part = sv_slice(part, sign + 1, part.len);
    size_t end = 0;
    while (end < part.len && strchr("._ ", part.ptr[end]) == NULL)
        end++;
    return end == 0 ? SV_NONE : sv_slice(part, 0, end);
}

/* What is known of a text before it is read: from a person, from its name, from its time. */
static void
hints_of(const struct file_reading *reading, const char *name, struct talk_hints *hints)
{
    struct talk_start start;
    struct talk_day day;
    *hints = (struct talk_hints){.near = talk_day_at(reading->mtime_ns, DAY_ASSUMED),
                                 .channel = channel_of_name(name)};
    file_dates_find(reading->dates, name, false, hints);
    if (talk_day_in_name(sv_from(name), &day))
        hints->day = hints->near = day;
    if (talk_start_in_name(sv_from(last_part(name)), &start)) {
        hints->has_start = true;
        hints->day = start.day;
        hints->clock = start.clock;
        hints->has_zone = start.has_zone;
        hints->offset_s = start.offset_s;
    }
    file_dates_find(reading->dates, name, true, hints);
}

static int
emit(struct file_reading *reading, const char *name, int64_t line, struct sv value,
     const struct talk_message *message, const char *format, struct err *err)
{
    struct arena arena; /* that of the reading is a record's, and cleared for each */
    arena_init(&arena, 512);
    const struct file_said said = {
        .local = talk_local_text(&arena, message),
        .user = sv_empty(message->actor) ? SV_NONE : message->actor,
        .user_type = message->actor_type == ACTOR_BOT ? SV("bot") : SV_NONE,
        .channel = sv_empty(message->channel) ? SV_NONE : message->channel};
    int64_t before = reading->line;
    reading->said = &said;
    reading->format = format;
    reading->line = line;
    reading->place_in_content = line - 1;
    int status = file_emit(reading, name, SV_NONE, value, err);
    reading->line = before;
    reading->said = NULL;
    reading->format = NULL;
    arena_release(&arena);
    return status;
}

/* Without blanks and ends of lines behind it. */
static struct sv
without_end(struct sv text)
{
    while (text.len > 0 && sv_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

/* ---- pastes ---- */

static bool
may_talk(const struct file_reading *reading, const char *format)
{
    struct sv told = told_format(reading);
    return sv_empty(told) || sv_eq(told, sv_from(format));
}

bool
file_may_be_pasted(const struct file_reading *reading, const char *name, struct sv start)
{
    struct talk_hints hints;
    struct talk_paste paste;
    struct arena arena;
    if (!may_talk(reading, PASTED))
        return false;
    if (!sv_empty(told_format(reading)))
        return true;
    arena_init(&arena, 0);
    hints_of(reading, name, &hints);
    bool may = talk_paste_read(&arena, sv_slice(start, 0, FILE_PASTE_START), &hints, &paste);
    arena_release(&arena);
    return may;
}

int
file_pasted(struct file_reading *reading, const char *name, struct sv text, bool *ret_paste,
            struct err *err)
{
    struct talk_hints hints;
    struct talk_paste paste;
    struct arena arena;
    int status = 0;
    arena_init(&arena, 0);
    hints_of(reading, name, &hints);
    *ret_paste = talk_paste_read(&arena, text, &hints, &paste);
    if (*ret_paste && paste.stray > 0)
        file_skip(reading, name, (int64_t)paste.stray,
                  "words that stand in no message of the chat");
    for (size_t i = 0; *ret_paste && i < paste.count && status == 0; i++) {
        struct talk_message message = paste.messages[i];
        if (sv_empty(message.channel))
            message.channel = paste.channel;
        struct sv value = without_end(sv_slice(text, message.from, message.to));
        status = emit(reading, name, (int64_t)message.line + 1, value, &message, PASTED, err);
    }
    arena_release(&arena);
    return status;
}

/* ---- lines ---- */

/* The last line may be cut: only whole ones are looked at, unless there is none. */
static struct sv
whole_lines(struct sv start)
{
    size_t end = start.len;
    while (end > 0 && start.ptr[end - 1] != '\n')
        end--;
    return end == 0 ? start : sv_slice(start, 0, end);
}

struct file_talk *
file_talk_new(struct file_reading *reading, const char *name, struct sv start)
{
    struct talk_hints hints;
    struct talk_state state;
    const struct talk_dialect *dialect = talk_dialect_named(told_format(reading));
    hints_of(reading, name, &hints);
    talk_state_init(&state, &hints);
    start = whole_lines(start);
    if (dialect != NULL && dialect->learn != NULL)
        dialect->learn(&state, start);
    if (dialect == NULL && sv_empty(told_format(reading)))
        dialect = talk_dialect_of(start, sv_from(name), &state);
    if (dialect == NULL)
        return NULL;
    struct file_talk *talk = memory_calloc(1, sizeof(*talk));
    *talk =
        (struct file_talk){.reading = reading, .name = name, .dialect = dialect, .state = state};
    strbuf_init(&talk->lines, RECORD_BYTES_MAX + 1);
    return talk;
}

void
file_talk_free(struct file_talk *talk)
{
    if (talk == NULL)
        return;
    strbuf_release(&talk->lines);
    free(talk);
}

/* The message that is open goes out. */
static int
close_message(struct file_talk *talk, struct err *err)
{
    if (!talk->open)
        return 0;
    talk->open = false;
    talk->message.channel = sv_from(talk->channel);
    /* Who speaks stands in the lines themselves. */
    talk->message.actor = SV_NONE;
    talk->message.actor_type = ACTOR_NONE;
    struct sv value = without_end(strbuf_view(&talk->lines));
    return emit(talk->reading, talk->name, talk->line, value, &talk->message, talk->dialect->format,
                err);
}

int
file_talk_line(struct file_talk *talk, struct sv line, struct err *err)
{
    struct talk_message message;
    int status = 0;
    enum talk_line found = talk->dialect->read(&talk->state, sv_trim(line), &message);
    bool stray = found == LINE_GOES_ON && !talk->dialect->many_lines && !sv_empty(sv_trim(line));
    if (found != LINE_GOES_ON || stray)
        status = close_message(talk, err);
    if (found == LINE_BEGINS && status == 0) {
        talk->message = message;
        talk->open = true;
        talk->line = talk->reading->line;
        strbuf_clear(&talk->lines);
        memcpy(talk->channel, talk->state.channel, sizeof(talk->channel));
    }
    if (found == LINE_CONTEXT || status != 0)
        return status;
    if (talk->open) {
        strbuf_add_sv(&talk->lines, line);
        return 0;
    }
    line = without_end(line);
    if (sv_empty(line))
        return 0;
    /* A line that nothing explains is a line of text. */
    talk->reading->place_in_content = talk->reading->line - 1;
    return file_emit(talk->reading, talk->name, SV_NONE, line, err);
}

int
file_talk_end(struct file_talk *talk, struct err *err)
{
    return close_message(talk, err);
}
