/*
 * Lines of a chat's window: see paste_noise.h.
 */
#include "ingest/talk/paste_noise.h"

#include "ingest/talk/clock.h"
#include "ingest/talk/name.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const edited_words[] = {"(edited)",
                                           "(bearbeitet)",
                                           "(modifi\xC3\xA9)",
                                           "(editado)",
                                           "(modificato)",
                                           "(bewerkt)",
                                           "(\xE7\xB7\xA8\xE9\x9B\x86\xE6\xB8\x88\xE3\x81\xBF)"};

static bool
among(struct sv line, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sv_eq_nocase(line, sv_from(words[i])))
            return true;
    return false;
}

static bool
starts_among(struct sv line, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sv_starts_nocase(line, sv_from(words[i])))
            return true;
    return false;
}

static bool
is_window_line(struct sv line)
{
    static const char *const whole[] = {"new",
                                        "new messages",
                                        "new message",
                                        "view thread",
                                        "show more",
                                        "show less",
                                        "see more",
                                        "also sent to the channel",
                                        "reply",
                                        "reply in thread",
                                        "has context menu",
                                        "last read",
                                        "download all",
                                        "view message",
                                        "view conversation",
                                        "only visible to you",
                                        "expand",
                                        "loading history...",
                                        "loading history\xE2\x80\xA6",
                                        "thread",
                                        "more actions",
                                        "view newer replies",
                                        "new replies",
                                        "shift + return to add a new line",
                                        "add reaction",
                                        "copy link",
                                        "unread messages",
                                        "image preview",
                                        "edited by you",
                                        "nachricht anzeigen",
                                        "antworten",
                                        "neu"};
    static const char *const starts[] = {"last reply ",      "pinned by ",
                                         "saved for later",  "url preview for ",
                                         "added by ",        "jump to ",
                                         "![](http",         "status of ",
                                         "view full thread", "attachment file type: ",
                                         "letzte antwort "};
    return among(line, whole, COUNT(whole)) || starts_among(line, starts, COUNT(starts));
}

/* The number that the line begins with, and what comes behind it. */
static int
leading_number(struct sv line, struct sv *ret_rest)
{
    size_t at = 0;
    int number = talk_number(line, &at, 5);
    *ret_rest = number < 0 ? line : sv_slice(line, at, line.len);
    return number;
}

static bool
counts_replies(struct sv rest)
{
    static const char *const words[] = {"reply",     "replies",        "antwort",
                                        "antworten", "r\xC3\xA9ponse", "r\xC3\xA9ponses",
                                        "respuesta", "respuestas"};
    size_t at = talk_skip_blanks(rest, 0);
    rest = sv_slice(rest, at, rest.len);
    if (at == 0)
        return false;
    for (size_t i = 0; i < COUNT(words); i++) {
        struct sv word = sv_from(words[i]);
        struct sv behind = sv_slice(rest, word.len, rest.len);
        if (sv_starts_nocase(rest, word) &&
            (behind.len == 0 ||
             starts_among(talk_trim(behind), (const char *const[]){"last reply", "view thread"},
                          2)))
            return true;
    }
    return false;
}

/* "1 Like reaction.", "2 Fire reactions with light skin tone." */
static bool
counts_reactions(struct sv rest)
{
    size_t at = sv_find(rest, SV(" reaction"));
    return at != SIZE_MAX && at > 0 && at < 40 && rest.ptr[0] == ' ' && rest.len < 80 &&
           sv_ends(rest, SV("."));
}

/* "like 2": as an older Teams shows them. */
static bool
named_reaction(struct sv line, int *ret_number)
{
    static const char *const words[] = {"like ",      "heart ", "laugh ",
                                        "surprised ", "sad ",   "angry "};
    for (size_t i = 0; i < COUNT(words); i++) {
        size_t at = strlen(words[i]);
        if (!sv_starts_nocase(line, sv_from(words[i])))
            continue;
        *ret_number = talk_number(line, &at, 4);
        if (*ret_number > 0 && at == line.len)
            return true;
    }
    return false;
}

/* A character of the ranges that emoji are in, at `at`: its length, 0: another one. */
static size_t
emoji_length(struct sv line, size_t at)
{
    unsigned char c = (unsigned char)line.ptr[at];
    unsigned char second = at + 1 < line.len ? (unsigned char)line.ptr[at + 1] : 0;
    if (c == 0xF0 && second == 0x9F && at + 4 <= line.len)
        return 4;
    bool three = c == 0xE2 || (c == 0xEF && second == 0xB8) || (c == 0xE3 && second == 0x80);
    if (three && at + 3 <= line.len && !(c == 0xE2 && second == 0x80 && line.ptr[at + 2] != '\x8D'))
        return 3;
    return 0;
}

static bool
is_emoji(struct sv line)
{
    size_t at = 0;
    while (at < line.len) {
        size_t step = talk_emoji_code(sv_slice(line, at, line.len));
        if (step == 0)
            step = emoji_length(line, at);
        if (step == 0)
            step = talk_blank(line, at);
        if (step == 0)
            return false;
        at += step;
    }
    return line.len > 0 && line.len < 120;
}

enum paste_noise
paste_noise_of(struct sv line, int *ret_number)
{
    struct sv rest;
    if (among(line, edited_words, COUNT(edited_words)) || sv_eq(line, SV("Edited")))
        return NOISE_EDITED;
    if (is_window_line(line))
        return NOISE_LINE;
    if (named_reaction(line, ret_number))
        return NOISE_MARKS;
    *ret_number = leading_number(line, &rest);
    if (*ret_number >= 0) {
        if (rest.len == 0)
            return NOISE_COUNT;
        if (counts_replies(rest))
            return NOISE_REPLIES;
        if (counts_reactions(rest))
            return NOISE_MARKS;
        bool more = sv_starts(rest, SV("+ new message")) || sv_eq(rest, SV(" new messages"));
        return more ? NOISE_LINE : NOISE_NONE;
    }
    if (sv_starts_nocase(line, SV("replied to a thread:")))
        return NOISE_ANSWER;
    return is_emoji(line) ? NOISE_EMOJI : NOISE_NONE;
}

enum event_phase
paste_phase_of(struct sv text)
{
    static const char *const joins[] = {"joined #",
                                        "joined the channel",
                                        "has joined ",
                                        "was added to #",
                                        "was added to the conversation",
                                        "joined the conversation"};
    static const char *const leaves[] = {"left #", "left the channel", "has left ",
                                         "was removed from "};
    static const char *const topics[] = {"set the channel topic",     "set the channel description",
                                         "cleared the channel topic", "set the topic",
                                         "renamed the channel",       "changed the group name",
                                         "archived the channel",      "changed the channel name"};
    if (text.len > 200 || sv_find_char(text, '\n') != SIZE_MAX)
        return PHASE_POST;
    if (starts_among(text, joins, COUNT(joins)))
        return PHASE_JOIN;
    if (starts_among(text, leaves, COUNT(leaves)))
        return PHASE_LEAVE;
    return starts_among(text, topics, COUNT(topics)) ? PHASE_TOPIC : PHASE_POST;
}

size_t
paste_without_edited(struct sv line)
{
    for (size_t i = 0; i < COUNT(edited_words); i++)
        if (sv_ends(line, sv_from(edited_words[i])))
            return talk_trim(sv_slice(line, 0, line.len - strlen(edited_words[i]))).len;
    return line.len;
}
