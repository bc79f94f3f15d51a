/*
 * Talk in lines: the state that readers share, and messages cut out of a text. See lines.h.
 */
#include "ingest/talk/lines.h"

#include <stdio.h>

#include "base/strbuf.h"

#define HALF_A_DAY 43200

void
talk_state_init(struct talk_state *state, const struct talk_hints *hints)
{
    *state = (struct talk_state){.day = hints->day, .near = hints->near, .before = -1};
    if (hints->has_start)
        state->start = (struct talk_start){.known = true,
                                           .has_zone = hints->has_zone,
                                           .day = hints->day,
                                           .clock = hints->clock,
                                           .offset_s = hints->offset_s};
    talk_state_channel(state, hints->channel);
}

void
talk_state_channel(struct talk_state *state, struct sv channel)
{
    if (channel.len > 0 && channel.len < TALK_CHANNEL_MAX && channel.ptr != state->channel)
        snprintf(state->channel, sizeof(state->channel), SV_FMT, SV_ARG(channel));
}

struct talk_day
talk_state_day(struct talk_state *state, const struct talk_clock *clock)
{
    int now = talk_clock_seconds(clock);
    if (state->before >= 0 && now < state->before - HALF_A_DAY)
        state->day = talk_day_later(state->day, 1);
    state->before = now;
    return state->day;
}

struct talk_day
talk_state_near(const struct talk_state *state)
{
    return state->day.how == DAY_NONE ? state->near : talk_day_after(state->day);
}

void
talk_state_set_day(struct talk_state *state, struct talk_day day)
{
    state->day = day;
    state->before = -1;
}

void
talk_state_place(const struct talk_state *state, struct talk_message *message)
{
    const struct talk_start *start = &state->start;
    if (!start->known || !message->has_offset)
        return;
    int64_t ns = (int64_t)talk_clock_seconds(&start->clock) * NS_PER_S + start->clock.nanosecond +
                 message->offset_ns;
    int64_t seconds = ns / NS_PER_S;
    message->day = talk_day_later(start->day, (int)(seconds / 86400));
    seconds %= 86400;
    message->clock.hour = (int)(seconds / 3600);
    message->clock.minute = (int)(seconds / 60 % 60);
    message->clock.second = (int)(seconds % 60);
    message->clock.nanosecond = (int32_t)(ns % NS_PER_S);
    message->has_clock = true;
    message->has_zone = start->has_zone;
    message->offset_s = start->offset_s;
}

/* ---- messages ---- */

struct sv
talk_join(struct arena *arena, struct sv first, struct sv lines)
{
    struct strbuf text;
    struct sv line;
    strbuf_init(&text, 0);
    strbuf_add_sv(&text, first);
    while (sv_split(&lines, '\n', &line)) {
        while (line.len > 0 && sv_blank(line.ptr[line.len - 1]))
            line.len--;
        strbuf_add_char(&text, '\n');
        strbuf_add_sv(&text, line);
    }
    struct sv copy = arena_copy(arena, talk_trim(strbuf_view(&text)));
    strbuf_release(&text);
    return copy;
}

bool
talk_read_one(struct arena *arena, const struct talk_dialect *dialect, struct talk_state *state,
              struct sv lines, struct talk_message *ret_message)
{
    struct talk_message message = {0};
    struct sv rest = lines, first;
    if (!sv_split(&rest, '\n', &first) ||
        dialect->read(state, sv_trim(first), &message) != LINE_BEGINS)
        return false;
    /* The state goes on, the message stays. */
    message.channel = sv_empty(message.channel) ? SV_NONE : arena_copy(arena, message.channel);
    if (dialect->finish != NULL)
        dialect->finish(arena, state, lines, &message);
    else if (rest.ptr != NULL)
        message.text = talk_join(arena, message.text, rest);
    *ret_message = message;
    return true;
}

void
talk_splitter_init(struct talk_splitter *splitter, struct arena *arena,
                   const struct talk_dialect *dialect, const struct talk_hints *hints,
                   struct sv text)
{
    struct talk_state *state = arena_alloc(arena, sizeof(*state));
    talk_state_init(state, hints);
    if (dialect->learn != NULL)
        dialect->learn(state, text);
    *splitter = (struct talk_splitter){.arena = arena,
                                       .dialect = dialect,
                                       .hints = hints,
                                       .state = state,
                                       .rest = text,
                                       .first = true};
}

/*
 * Up to the line that begins the next message, or says something about it. *ret_state is what is
 * known before that line.
 */
static struct sv
lines_of_one(const struct talk_splitter *splitter, struct sv *ret_rest,
             struct talk_state *ret_state)
{
    struct talk_state ahead = *splitter->state, before;
    struct talk_message message;
    struct sv text = splitter->rest, line, rest = text;
    bool first = true;
    while (sv_split(&rest, '\n', &line)) {
        before = ahead;
        if (splitter->dialect->read(&ahead, sv_trim(line), &message) != LINE_GOES_ON && !first) {
            size_t at = (size_t)(line.ptr - text.ptr);
            *ret_rest = sv_slice(text, at, text.len);
            *ret_state = before;
            return sv_slice(text, 0, at);
        }
        first = false;
    }
    *ret_rest = SV_NONE;
    *ret_state = ahead;
    return text;
}

static void
take_hints(const struct talk_hints *hints, struct talk_message *message)
{
    if (hints->has_local) {
        message->day = hints->day;
        message->clock = hints->clock;
        message->has_clock = true;
        message->has_zone = hints->has_zone;
        message->offset_s = hints->offset_s;
    }
    if (!sv_empty(hints->actor) && sv_empty(message->actor)) {
        message->actor = hints->actor;
        message->actor_type = ACTOR_HUMAN;
    }
}

bool
talk_splitter_next(struct talk_splitter *splitter, struct talk_message *ret_message)
{
    while (splitter->rest.ptr != NULL) {
        struct talk_state state;
        struct sv rest, lines = lines_of_one(splitter, &rest, &state);
        bool said =
            talk_read_one(splitter->arena, splitter->dialect, splitter->state, lines, ret_message);
        splitter->rest = rest;
        *splitter->state = state;
        if (!said)
            continue;
        if (splitter->first)
            take_hints(splitter->hints, ret_message);
        splitter->first = false;
        return true;
    }
    return false;
}
