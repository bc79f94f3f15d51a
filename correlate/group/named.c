/*
 * Which incident a record names in words: see named.h.
 */
#include "correlate/group/named.h"

#include "base/text/word_char.h"

#define NUMBER_MOST 7    /* digits; eight are a date */
#define LOOKED_MOST 4000 /* bytes of a text */

static size_t
digits_at(struct sv text, size_t at)
{
    size_t end = at;
    while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9')
        end++;
    return end - at;
}

/* A number at this place that nothing makes longer: no date, no version. */
static struct sv
number_at(struct arena *arena, struct sv text, size_t at)
{
    size_t digits = digits_at(text, at), end = at + digits;
    bool goes_on =
        end + 1 < text.len && strchr("-._/", text.ptr[end]) != NULL && digits_at(text, end + 1) > 0;
    if (digits == 0 || digits > NUMBER_MOST || goes_on ||
        (end < text.len && text_is_word_char(text.ptr[end]) && text.ptr[end] != '_'))
        return SV_NONE;
    return arena_printf(arena, "#" SV_FMT, SV_ARG(sv_slice(text, at, end)));
}

/* "INCIDENT #1924": the number that stands behind the word and a '#'. */
static struct sv
in_text(struct arena *arena, struct sv text)
{
    text = sv_slice(text, 0, text.len < LOOKED_MOST ? text.len : LOOKED_MOST);
    for (size_t i = 0; i + sizeof("incident#1") - 1 <= text.len; i++) {
        size_t at = i + 8;
        if (!sv_starts_nocase(sv_slice(text, i, text.len), SV("incident")) ||
            (i > 0 && text_is_word_char(text.ptr[i - 1])))
            continue;
        while (at < text.len && text.ptr[at] == ' ')
            at++;
        struct sv number =
            at < text.len && text.ptr[at] == '#' ? number_at(arena, text, at + 1) : SV_NONE;
        if (number.len > 0)
            return number;
    }
    return SV_NONE;
}

/* "inc-1924", "checkout_incident_1924": the number behind the part that says incident. */
static struct sv
in_channel(struct arena *arena, struct sv channel)
{
    static const char *const words[] = {"incident", "inc"};
    for (size_t i = 0; i < channel.len; i++) {
        bool begins = i == 0 || channel.ptr[i - 1] == '-' || channel.ptr[i - 1] == '_' ||
                      channel.ptr[i - 1] == '#';
        for (size_t w = 0; begins && w < sizeof(words) / sizeof(words[0]); w++) {
            size_t at = i + strlen(words[w]);
            if (!sv_starts_nocase(sv_slice(channel, i, channel.len), sv_from(words[w])))
                continue;
            at += at < channel.len && (channel.ptr[at] == '-' || channel.ptr[at] == '_');
            struct sv number = number_at(arena, channel, at);
            if (number.len > 0)
                return number;
        }
    }
    return SV_NONE;
}

struct sv
named_incident(struct arena *arena, const struct event *event, struct sv text)
{
    if (event->kind == EVENT_ALERT)
        return in_text(arena, text);
    return event->kind == EVENT_CHAT ? in_channel(arena, event->channel) : SV_NONE;
}
