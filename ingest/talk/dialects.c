/*
 * Which reader of lines a text is for: see lines.h. Called while files are read and by decoders.
 */
#include "ingest/talk/call.h"
#include "ingest/talk/irc.h"
#include "ingest/talk/notes.h"
#include "ingest/talk/saved.h"

#define JUDGED_LINES_MAX 400

/* In the order in which they are asked: what says more of itself comes first. */
static const struct talk_dialect *const dialects[] = {
    &talk_webvtt,    &talk_subrip, &talk_discord, &talk_zoom,    &talk_whatsapp, &talk_transcript,
    &talk_dircproxy, &talk_znc,    &talk_irssi,   &talk_weechat, &talk_xchat,    &talk_notes,
};
#define DIALECTS (sizeof(dialects) / sizeof(dialects[0]))

/* Words that programs put where a nick would stand. */
static bool
is_level(struct sv word)
{
    static const char *const words[] = {"info",  "debug", "warn",   "warning", "error",   "err",
                                        "trace", "fatal", "notice", "crit",    "critical"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq_nocase(word, sv_from(words[i])))
            return true;
    return false;
}

struct judged {
    size_t lines, own, begun, evident;
    bool first, levels;
};

static struct judged
judge(const struct talk_dialect *dialect, struct sv start, struct talk_state state)
{
    struct judged judged = {0};
    struct sv line;
    while (judged.lines < JUDGED_LINES_MAX && sv_split(&start, '\n', &line)) {
        struct talk_message message = {0};
        bool blank = sv_empty(sv_trim(line));
        enum talk_line found = dialect->read(&state, sv_trim(line), &message);
        if (blank)
            continue;
        judged.lines++;
        judged.own += found != LINE_GOES_ON;
        judged.begun += found == LINE_BEGINS;
        judged.first = judged.first || (judged.lines == 1 && found != LINE_GOES_ON);
        if (dialect->many_lines && !judged.first)
            break; /* never sure */
        judged.evident +=
            found == LINE_BEGINS &&
            (!sv_empty(message.actor) || message.phase != PHASE_POST || message.has_offset);
        judged.levels = judged.levels || (found == LINE_BEGINS && is_level(message.actor));
    }
    return judged;
}

static bool
is_sure(const struct talk_dialect *dialect, const struct judged *judged)
{
    if (judged->begun == 0 || judged->levels || judged->evident * 2 < judged->begun)
        return false;
    return dialect->many_lines ? judged->first : judged->own * 10 >= judged->lines * 9;
}

bool
talk_dialect_is(const struct talk_dialect *dialect, struct sv start, const struct talk_state *state)
{
    struct judged judged = judge(dialect, start, *state);
    return is_sure(dialect, &judged) && (dialect->suits == NULL || dialect->suits(start, SV_NONE));
}

const struct talk_dialect *
talk_dialect_of(struct sv start, struct sv name, struct talk_state *state)
{
    for (size_t i = 0; i < DIALECTS; i++) {
        const struct talk_dialect *dialect = dialects[i];
        struct judged judged = judge(dialect, start, *state);
        if (!is_sure(dialect, &judged) || (dialect->suits != NULL && !dialect->suits(start, name)))
            continue;
        if (dialect->learn != NULL)
            dialect->learn(state, start);
        return dialect;
    }
    return NULL;
}

const struct talk_dialect *
talk_dialect_named(struct sv format)
{
    for (size_t i = 0; i < DIALECTS; i++)
        if (sv_eq(format, sv_from(dialects[i]->format)))
            return dialects[i];
    return NULL;
}
