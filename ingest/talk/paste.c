/*
 * From a pasted text to messages: see paste.h. Called while files are read and by the decoder.
 */
#include "ingest/talk/paste.h"

#include "base/strbuf.h"
#include "ingest/talk/paste_body.h"
#include "ingest/talk/paste_days.h"
#include "ingest/talk/paste_heads.h"
#include "ingest/talk/paste_noise.h"

#define GOES_ON_SECONDS_MAX 3600 /* of one person's messages that stand under one name */

struct reading {
    struct arena *arena;
    struct sv text;
    const struct talk_hints *hints;
    struct paste_heads heads;
    struct talk_paste paste;
    size_t size;
    struct talk_message *open; /* the one that goes on */
    size_t body;               /* line where its words begin */
    struct sv first_words;     /* on the line of its head */
};

static struct talk_message *
open_message(struct reading *reading, size_t line)
{
    struct talk_paste *paste = &reading->paste;
    if (paste->count == reading->size) {
        size_t more = reading->size == 0 ? 32 : 2 * reading->size;
        struct talk_message *messages = arena_calloc(reading->arena, more, sizeof(*messages));
        if (paste->count > 0)
            memcpy(messages, paste->messages, paste->count * sizeof(*messages));
        paste->messages = messages;
        reading->size = more;
    }
    struct talk_message *message = &paste->messages[paste->count++];
    *message = (struct talk_message){.line = line,
                                     .from = reading->heads.lines[line].from,
                                     .phase = PHASE_POST,
                                     .channel = reading->hints->channel,
                                     .has_clock = true};
    reading->first_words = SV_NONE;
    reading->open = message;
    return message;
}

/* The message ends before this line. */
static void
close_message(struct reading *reading, size_t line)
{
    struct talk_message *message = reading->open;
    if (message == NULL)
        return;
    bool last = line >= reading->heads.line_count;
    message->to = last ? reading->text.len : reading->heads.lines[line].from;
    paste_body(reading->arena, &reading->heads, reading->body, line, reading->first_words, message);
    reading->open = NULL;
}

static void
open_head(struct reading *reading, const struct paste_head *head, size_t line)
{
    struct talk_message *message = open_message(reading, line);
    message->actor = head->name.name;
    bool bot = head->name.bot || sv_eq(head->name.name, SV("Slackbot"));
    message->actor_type = bot ? ACTOR_BOT : ACTOR_HUMAN;
    message->clock = head->stamp.clock;
    message->time_text = head->stamp.text;
    reading->first_words = head->rest;
    reading->body = head->line + head->lines;
}

/* "10:03" under "10:02 PM" leaves PM out: the first time that is not earlier. */
static struct talk_clock
whole_clock(struct talk_clock clock, const struct talk_clock *before, bool half_days)
{
    struct talk_clock other = clock;
    other.hour = (clock.hour + 12) % 24;
    if (!half_days || clock.half_day || clock.hour > 12)
        return clock;
    int one = (talk_clock_seconds(&clock) - talk_clock_seconds(before) + 86400) % 86400;
    int two = (talk_clock_seconds(&other) - talk_clock_seconds(before) + 86400) % 86400;
    return two < one ? other : clock;
}

/* "10:03" alone, "[10:03 AM]" before text: the same person goes on. */
static bool
goes_on(struct reading *reading, size_t line)
{
    const struct paste_line *at = &reading->heads.lines[line];
    const struct talk_message *before = reading->open;
    struct paste_stamped stamped;
    struct talk_stamp stamp;
    size_t length;
    if (at->head >= 0)
        return false;
    bool alone = paste_stamp_line(at->text, &stamped);
    if (alone)
        stamp = stamped.stamp;
    else if (!talk_stamp_read(at->text, &stamp, &length) || !stamp.bracket ||
             talk_blank(at->text, length) > 0)
        return false;
    bool first = before == NULL && line == 0 && !sv_empty(reading->hints->actor);
    if (stamp.date.form != DATE_NONE || (before == NULL && !first))
        return false;
    struct talk_clock clock = stamp.clock;
    if (before != NULL) {
        clock = whole_clock(clock, &before->clock, reading->heads.half_days);
        int after =
            (talk_clock_seconds(&clock) - talk_clock_seconds(&before->clock) + 86400) % 86400;
        if (after > GOES_ON_SECONDS_MAX)
            return false;
    }
    struct sv actor = before == NULL ? reading->hints->actor : before->actor;
    enum actor_type type = before == NULL ? ACTOR_HUMAN : before->actor_type;
    struct talk_day day = before == NULL ? (struct talk_day){0} : before->day;
    close_message(reading, line);
    struct talk_message *message = open_message(reading, line);
    message->actor = actor;
    message->actor_type = type;
    message->day = day;
    message->clock = clock;
    message->time_text = stamp.text;
    reading->first_words = alone ? SV_NONE : talk_trim(sv_slice(at->text, length, at->text.len));
    reading->body = line + 1;
    return true;
}

/* "#ops" alone above the first message. */
static void
take_channel(struct reading *reading, struct sv line)
{
    if (line.len < 2 || line.len > 80 || line.ptr[0] != '#' || reading->paste.count > 0)
        return;
    struct sv name = talk_trim(sv_slice(line, 1, line.len));
    for (size_t i = 0; i < name.len; i++)
        if (talk_blank(name, i) > 0 || name.ptr[i] == '#')
            return;
    reading->paste.channel = name;
}

/* Words that no message holds: nobody said them at any time. */
static void
take_stray(struct reading *reading, size_t line)
{
    int number;
    struct sv text = reading->heads.lines[line].text;
    bool of_head = reading->heads.lines[line].head >= 0;
    if (reading->open != NULL || of_head || sv_empty(text))
        return;
    take_channel(reading, text);
    bool channel = !sv_empty(reading->paste.channel) && sv_ends(text, reading->paste.channel);
    if (reading->paste.stray == 0 && !channel && paste_noise_of(text, &number) == NOISE_NONE)
        reading->paste.stray = line + 1;
}

bool
talk_paste_read(struct arena *arena, struct sv text, const struct talk_hints *hints,
                struct talk_paste *ret_paste)
{
    struct reading reading = {.arena = arena, .text = text, .hints = hints};
    struct paste_days days;
    bool sure = paste_heads_find(arena, text, hints, &reading.heads);
    if (!sure && (sv_empty(hints->actor) || reading.heads.line_count == 0))
        return false;
    paste_days_init(&days, &reading.heads, hints);
    for (size_t i = 0; i < reading.heads.line_count; i++) {
        const struct paste_head *head = paste_head_at(&reading.heads, i);
        if (head != NULL) {
            close_message(&reading, i);
            open_head(&reading, head, i);
            reading.open->day = paste_days_of(&days, &head->stamp);
            i = head->line + head->lines - 1;
        } else if (goes_on(&reading, i)) {
            paste_days_goes_on(&days, reading.open);
        } else if (paste_days_divider(&days, i)) {
            close_message(&reading, i);
        } else {
            take_stray(&reading, i);
        }
    }
    close_message(&reading, reading.heads.line_count);
    if (hints->has_local && reading.paste.count > 0) {
        reading.paste.messages[0].day = hints->day;
        reading.paste.messages[0].clock = hints->clock;
    }
    *ret_paste = reading.paste;
    return reading.paste.count > 0;
}
