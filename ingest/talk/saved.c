/*
 * Saved chats: see saved.h.
 */
#include "ingest/talk/saved.h"

#include "base/strbuf.h"
#include "ingest/talk/name.h"
#include "ingest/talk/stamp.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define AUTHOR_BYTES_MAX 100

/* ---- WhatsApp ---- */

static bool
has_comma(const struct talk_stamp *stamp)
{
    size_t at = sv_find_char(stamp->text, ',');
    return at != SIZE_MAX && at < sv_find_char(stamp->text, ':');
}

/* Logs have the year first, without a comma, or fractions of seconds, or seconds and a dash. */
static bool
of_whatsapp(const struct talk_stamp *stamp)
{
    enum time_precision precision = stamp->clock.precision;
    if (stamp->date.form != DATE_FULL || (!stamp->date.numbers && !has_comma(stamp)))
        return false;
    return precision == PRECISION_MINUTE || (precision == PRECISION_SECOND && stamp->bracket);
}

/* The stamp of a line, and what stands behind it and its dash. */
static bool
whatsapp_stamp(struct sv line, struct talk_stamp *ret_stamp, struct sv *ret_rest)
{
    static const char *const dashes[] = {"-", "\xE2\x80\x93"};
    size_t length, start = talk_skip_blanks(line, 0);
    line = sv_slice(line, start, line.len);
    if (sv_empty(line))
        return false;
    if (!talk_stamp_read(line, ret_stamp, &length) || !of_whatsapp(ret_stamp))
        return false;
    struct sv rest = sv_slice(line, talk_skip_blanks(line, length), line.len);
    if (ret_stamp->bracket) {
        *ret_rest = rest;
        return line.ptr[0] == '[';
    }
    for (size_t i = 0; i < COUNT(dashes); i++)
        if (sv_starts(rest, sv_from(dashes[i])) && talk_blank(rest, strlen(dashes[i])) > 0) {
            *ret_rest = sv_slice(rest, strlen(dashes[i]), rest.len);
            return true;
        }
    return false;
}

static const struct {
    const char *words;
    enum event_phase phase;
} happened[] = {
    {" created group", PHASE_TOPIC},
    {" changed the subject", PHASE_TOPIC},
    {" changed the group name", PHASE_TOPIC},
    {" changed this group", PHASE_TOPIC},
    {" changed the group description", PHASE_TOPIC},
    {" added ", PHASE_JOIN},
    {" joined using ", PHASE_JOIN},
    {" was added", PHASE_JOIN},
    {" left", PHASE_LEAVE},
    {" removed ", PHASE_LEAVE},
    {" was removed", PHASE_LEAVE},
    {"end-to-end encrypted", PHASE_POST},
    {" security code ", PHASE_POST},
    {" changed their phone number", PHASE_POST},
};

/* What the program says of the group: the person before the words, if there is one. */
static void
whatsapp_happened(struct sv text, struct talk_message *message)
{
    message->text = talk_trim(text);
    message->phase = PHASE_POST;
    for (size_t i = 0; i < COUNT(happened); i++) {
        size_t at = sv_find(message->text, sv_from(happened[i].words));
        if (at == SIZE_MAX || at > AUTHOR_BYTES_MAX)
            continue;
        message->phase = happened[i].phase;
        if (at > 0 && happened[i].words[0] == ' ' && happened[i].phase != PHASE_POST) {
            message->actor = sv_slice(message->text, 0, at);
            message->actor_type = ACTOR_HUMAN;
        }
        return;
    }
}

static bool
tells_of_the_group(struct sv before_colon)
{
    for (size_t i = 0; i < COUNT(happened); i++)
        if (sv_contains(before_colon, sv_from(happened[i].words)))
            return true;
    return false;
}

static void
whatsapp_said(struct sv rest, struct talk_message *message)
{
    size_t colon = sv_find(rest, SV(": "));
    if (colon == SIZE_MAX && sv_ends(rest, SV(":")))
        colon = rest.len - 1;
    struct sv author = talk_trim(sv_slice(rest, 0, colon == SIZE_MAX ? 0 : colon));
    if (sv_empty(author) || author.len > AUTHOR_BYTES_MAX || tells_of_the_group(author)) {
        whatsapp_happened(rest, message);
        return;
    }
    if (sv_starts(author, SV("~"))) /* who is not among the contacts */
        author = talk_trim(sv_slice(author, 1, author.len));
    message->actor = author;
    message->actor_type = ACTOR_HUMAN;
    message->phase = PHASE_POST;
    message->text = talk_trim(sv_slice(rest, colon + 1, rest.len));
}

static enum talk_line
read_whatsapp(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {.has_clock = true, .to = line.len};
    struct talk_stamp stamp;
    struct sv rest;
    if (!whatsapp_stamp(line, &stamp, &rest))
        return LINE_GOES_ON;
    const struct talk_date *date = &stamp.date;
    if (!talk_day_of(date, state->order, state->near, &message.day))
        message.day.how = DAY_NONE;
    if (talk_date_open(date) && state->order_assumed && message.day.how != DAY_NONE)
        message.day.how = DAY_ASSUMED;
    message.clock = stamp.clock;
    message.time_text = stamp.text;
    message.channel = sv_from(state->channel);
    whatsapp_said(rest, &message);
    *ret_message = message;
    return LINE_BEGINS;
}

/* The text of the first line, and the lines below it as they stand. */
static struct sv
text_below(struct arena *arena, struct sv first, struct sv lines)
{
    struct sv line;
    (void)sv_split(&lines, '\n', &line);
    return lines.ptr == NULL ? first : talk_join(arena, first, lines);
}

static void
finish_whatsapp(struct arena *arena, const struct talk_state *state, struct sv lines,
                struct talk_message *message)
{
    static const char *const edits[] = {"<This message was edited>",
                                        "<Diese Nachricht wurde bearbeitet.>"};
    static const char *const deletions[] = {
        "This message was deleted", "You deleted this message", "This message was deleted.",
        "You deleted this message.", "Diese Nachricht wurde gel\xC3\xB6scht."};
    (void)state;
    message->text = text_below(arena, message->text, lines);
    for (size_t i = 0; i < COUNT(edits); i++)
        if (sv_ends(message->text, sv_from(edits[i]))) {
            message->text.len -= strlen(edits[i]);
            message->text = talk_trim(message->text);
            message->edited = true;
        }
    for (size_t i = 0; i < COUNT(deletions); i++)
        if (sv_eq(message->text, sv_from(deletions[i])))
            message->phase = PHASE_DELETE;
}

/* Without the comma in its stamps it is a program's log as well: people have names, and are two. */
static bool
suits_whatsapp(struct sv start, struct sv name)
{
    struct sv line, first = SV_NONE;
    (void)name;
    while (sv_split(&start, '\n', &line)) {
        struct talk_stamp stamp;
        struct talk_message message = {0};
        struct talk_name who;
        struct sv rest;
        if (!whatsapp_stamp(sv_trim(line), &stamp, &rest))
            continue;
        if (has_comma(&stamp))
            return true;
        whatsapp_said(rest, &message);
        bool named = !sv_empty(message.actor) && talk_name_read(message.actor, &who) && who.capital;
        if (!named)
            continue;
        if (first.ptr != NULL && !sv_eq(first, who.name))
            return true;
        first = who.name;
    }
    return false;
}

/* How often days go back in an order of the numbers; days that do not exist in it count as much. */
static size_t
steps_back(struct sv start, enum talk_order order)
{
    struct sv line;
    size_t back = 0;
    int64_t before = INT64_MIN;
    while (sv_split(&start, '\n', &line)) {
        struct talk_stamp stamp;
        struct sv rest;
        struct talk_day day, none = {0};
        if (!whatsapp_stamp(sv_trim(line), &stamp, &rest) || !stamp.date.numbers ||
            stamp.date.between == '.')
            continue;
        bool fine = stamp.date.month > 12 || stamp.date.day > 12
                        ? (stamp.date.month > 12) == (order == ORDER_DAY_FIRST)
                        : true;
        if (!fine || !talk_day_of(&stamp.date, order, none, &day)) {
            back += 1000;
            continue;
        }
        back += talk_day_number(day) < before;
        before = talk_day_number(day);
    }
    return back;
}

/* Nothing tells: months are first where nothing is padded and years are short (as in the USA). */
static enum talk_order
usual_order(struct sv start)
{
    struct sv line;
    while (sv_split(&start, '\n', &line)) {
        struct talk_stamp stamp;
        struct sv rest;
        if (whatsapp_stamp(sv_trim(line), &stamp, &rest) && stamp.date.numbers &&
            (stamp.date.padded || !stamp.date.short_year || stamp.date.between != '/'))
            return ORDER_DAY_FIRST;
    }
    return ORDER_MONTH_FIRST;
}

static void
learn_whatsapp(struct talk_state *state, struct sv start)
{
    size_t day_first = steps_back(start, ORDER_DAY_FIRST),
           month_first = steps_back(start, ORDER_MONTH_FIRST);
    state->order = day_first < month_first ? ORDER_DAY_FIRST : ORDER_MONTH_FIRST;
    if (day_first == month_first) {
        state->order = usual_order(start);
        state->order_assumed = true;
    }
}

/* ---- Zoom's chat ---- */

/* " to Everyone", " to Bob(Direct Message)" behind a name: where it begins. */
static size_t
addressee(struct sv who)
{
    static const char *const links[] = {" to ", " To ", "  to  "};
    for (size_t i = 0; i < COUNT(links); i++) {
        size_t at = sv_find(who, sv_from(links[i]));
        if (at != SIZE_MAX && at > 0)
            return at;
    }
    return who.len;
}

static enum talk_line
read_zoom(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {.has_clock = true, .to = line.len, .phase = PHASE_POST};
    size_t length;
    if (!talk_clock_read(line, &message.clock, &length) ||
        message.clock.precision == PRECISION_MINUTE)
        return LINE_GOES_ON;
    struct sv rest = sv_slice(line, talk_skip_blanks(line, length), line.len);
    if (!sv_starts(rest, SV("From ")))
        return LINE_GOES_ON;
    rest = talk_trim(sv_slice(rest, 5, rest.len));
    size_t colon = sv_find(rest, SV(": "));
    if (colon == SIZE_MAX && sv_ends(rest, SV(":")))
        colon = rest.len - 1;
    if (colon == SIZE_MAX || colon == 0)
        return LINE_GOES_ON;
    struct sv who = sv_slice(rest, 0, colon);
    message.actor = talk_trim(sv_slice(who, 0, addressee(who)));
    message.actor_type = ACTOR_HUMAN;
    message.text = talk_trim(sv_slice(rest, colon + 1, rest.len));
    message.day = talk_state_day(state, &message.clock);
    message.time_text = sv_slice(line, 0, length);
    message.channel = sv_from(state->channel);
    *ret_message = message;
    return LINE_BEGINS;
}

/* "Replying to "..."" stands above an answer, "Reacted to "..." with" is not a message of words. */
static void
finish_zoom(struct arena *arena, const struct talk_state *state, struct sv lines,
            struct talk_message *message)
{
    (void)state;
    struct sv text = text_below(arena, message->text, lines), line, rest;
    struct strbuf out;
    strbuf_init(&out, 0);
    for (rest = text; sv_split(&rest, '\n', &line);) {
        strbuf_add_sv(&out, talk_trim(line)); /* a tab stands before each */
        strbuf_add_char(&out, '\n');
    }
    text = arena_copy(arena, talk_trim(strbuf_view(&out)));
    strbuf_release(&out);
    rest = text;
    struct sv answer = SV("Replying to \"");
    (void)sv_split(&rest, '\n', &line);
    if (text.ptr != NULL && sv_starts(text, answer) && rest.ptr != NULL) {
        line = talk_trim(line);
        message->reply_to = talk_trim(sv_slice(line, answer.len, line.len - 1));
        text = talk_trim(rest);
    }
    message->text = text;
    if (text.ptr != NULL && sv_starts(text, SV("Reacted to \"")))
        message->phase = PHASE_REACT;
}

/* ---- DiscordChatExporter ---- */

static enum talk_line
read_discord(struct talk_state *state, struct sv line, struct talk_message *ret_message)
{
    struct talk_message message = {.has_clock = true, .to = line.len, .phase = PHASE_POST};
    struct talk_stamp stamp;
    struct talk_name name;
    size_t length;
    if (sv_starts(line, SV("Guild: ")) || sv_starts(line, SV("=======")) ||
        sv_starts(line, SV("Exported ")))
        return LINE_CONTEXT;
    if (sv_starts(line, SV("Channel: ")) && !state->inside) {
        struct sv channel = sv_slice(line, 9, line.len);
        for (size_t at; (at = sv_find(channel, SV(" / "))) != SIZE_MAX;)
            channel = sv_slice(channel, at + 3, channel.len);
        talk_state_channel(state, channel);
        return LINE_CONTEXT;
    }
    if (!talk_stamp_read(line, &stamp, &length) || !stamp.bracket || stamp.date.form != DATE_FULL ||
        talk_skip_blanks(line, length) == length)
        return state->inside ? LINE_GOES_ON : LINE_CONTEXT;
    struct sv who = talk_trim(sv_slice(line, length, line.len));
    if (sv_ends(who, SV("(pinned)"))) {
        who = talk_trim(sv_slice(who, 0, who.len - 8));
        message.marks = 1;
    }
    if (!talk_name_read(who, &name))
        return LINE_GOES_ON;
    state->inside = true;
    message.actor = name.name;
    message.actor_type = name.bot ? ACTOR_BOT : ACTOR_HUMAN;
    (void)talk_day_of(&stamp.date, state->order, state->near, &message.day);
    if (talk_date_open(&stamp.date) && state->order_assumed && message.day.how != DAY_NONE)
        message.day.how = DAY_ASSUMED;
    message.clock = stamp.clock;
    message.time_text = stamp.text;
    message.channel = sv_from(state->channel);
    *ret_message = message;
    return LINE_BEGINS;
}

/* Sections behind the text: the heads go, what they hold stays, but for reactions, which count. */
static void
finish_discord(struct arena *arena, const struct talk_state *state, struct sv lines,
               struct talk_message *message)
{
    struct strbuf text;
    struct sv line;
    bool reactions = false;
    (void)state;
    (void)sv_split(&lines, '\n', &line);
    strbuf_init(&text, 0);
    while (sv_split(&lines, '\n', &line)) {
        line = talk_trim(line);
        size_t open = sv_find_char(line, '(');
        if (!sv_empty(line) && line.ptr[0] == '{' && line.ptr[line.len - 1] == '}') {
            reactions = sv_eq(line, SV("{Reactions}"));
        } else if (reactions) {
            size_t at = open == SIZE_MAX ? 0 : open + 1;
            int number = open == SIZE_MAX ? 1 : talk_number(line, &at, 5);
            message->marks += sv_empty(line) ? 0 : number < 1 ? 1 : number;
        } else {
            strbuf_add_sv(&text, line);
            strbuf_add_char(&text, '\n');
        }
    }
    message->text = arena_copy(arena, talk_trim(strbuf_view(&text)));
    strbuf_release(&text);
}

static bool
suits_discord(struct sv start, struct sv name)
{
    (void)name;
    struct sv head = sv_slice(start, 0, 1000);
    return sv_starts(head, SV("=====")) && sv_contains(head, SV("\nGuild: ")) &&
           sv_contains(head, SV("\nChannel: "));
}

static void
learn_discord(struct talk_state *state, struct sv start)
{
    struct sv line;
    bool points = false;
    while (sv_split(&start, '\n', &line)) {
        struct talk_stamp stamp;
        size_t length;
        if (!talk_stamp_read(sv_trim(line), &stamp, &length) || !stamp.date.numbers)
            continue;
        if (stamp.date.month > 12 || stamp.date.day > 12)
            state->order = stamp.date.month > 12 ? ORDER_DAY_FIRST : ORDER_MONTH_FIRST;
        points = points || stamp.clock.half_day;
    }
    if (state->order == ORDER_UNKNOWN) {
        state->order = points ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST;
        state->order_assumed = true;
    }
}

const struct talk_dialect talk_whatsapp = {.format = "whatsapp_export",
                                           .read = read_whatsapp,
                                           .finish = finish_whatsapp,
                                           .suits = suits_whatsapp,
                                           .learn = learn_whatsapp,
                                           .many_lines = true};
const struct talk_dialect talk_zoom = {
    .format = "zoom_chat", .read = read_zoom, .finish = finish_zoom, .many_lines = true};
const struct talk_dialect talk_discord = {.format = "discord_text",
                                          .read = read_discord,
                                          .finish = finish_discord,
                                          .suits = suits_discord,
                                          .learn = learn_discord,
                                          .many_lines = true};
