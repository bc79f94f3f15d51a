/*
 * What people take on for later, or give to others: "@ana to add an alert by Friday", "AI: Bo - fix
 * the retry", "I'll write the runbook tomorrow", and the items behind the heading of a list. Noted
 * at their rows as candidates for the draft, worth nothing. Called by correlate_run() after
 * score_acts().
 */
#include "base/text/named_day.h"
#include "base/text/word_char.h"
#include "correlate/run.h"
#include "correlate/story/told.h"

#define HEADING_WORDS 4 /* a longer text is no heading */

static bool
is_said(const struct row *row)
{
    return (row->record == RECORD_CHAT || row->record == RECORD_NOTE) && !row->bot &&
           !row->deleted && !row->came_or_went;
}

/* A mention that calls everybody names nobody. */
static size_t
mention_length(struct sv text)
{
    static const char *const everybody[] = {"here", "channel", "all", "everyone", "team", "room"};
    size_t end = 1;
    if (text.len == 0 || text.ptr[0] != '@')
        return 0;
    while (end < text.len && (text_is_word_char(text.ptr[end]) ||
                              ((text.ptr[end] == '.' || text.ptr[end] == '-') &&
                               end + 1 < text.len && text_is_word_char(text.ptr[end + 1]))))
        end++;
    for (size_t i = 0; i < sizeof(everybody) / sizeof(everybody[0]); i++)
        if (sv_eq_nocase(sv_slice(text, 1, end), sv_from(everybody[i])))
            return 0;
    return end > 2 ? end : 0;
}

static bool
mentions(struct sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text_word_begins(text, i) && mention_length(sv_slice(text, i, text.len)) > 0)
            return true;
    return false;
}

/* A day, and not only a time of that same day. */
static bool
is_day(struct sv said, const struct named_day *day)
{
    return day->kind != DAY_OPEN || said.ptr[0] < '0' || said.ptr[0] > '9';
}

static bool
is_action(struct arena *arena, const struct phrase_rules *rules, struct sv sentence)
{
    struct sv text = sv_trim(sentence), said;
    struct named_day day;
    text = sv_slice(text, text_item_mark(text), text.len);
    size_t mention = mention_length(text);
    struct sv behind = sv_slice(text, mention, text.len);
    if (text_marks_action(text) ||
        (mention > 0 && sv_starts(behind, SV(" to ")) && !sv_starts(behind, SV(" to the ")) &&
         !sv_starts(behind, SV(" to be "))))
        return true;
    if (named_day_due(text, &said, &day) && is_day(said, &day) && mentions(text))
        return true;
    if (!named_day_find(text, &said, &day) || !is_day(said, &day))
        return false;
    struct words words = words_of(arena, mention > 0 ? behind : text);
    return mention > 0 ? words.count > 0 && !words_have(rules->addressed, words.at[0])
                       : phrase_rule_fits(rules, &rules->commits, words) &&
                             !phrase_rule_fits(rules, &rules->absent, words);
}

static bool
says_action(struct story *story, const struct row *row)
{
    struct sv said =
        told_statements(story->scratch, row->language, observation_text(row->observation));
    struct sv sentence;
    while (text_next_sentence(&said, &sentence))
        if (is_action(story->scratch, row->language, sentence))
            return true;
    return false;
}

/* "Action items:" alone. */
static bool
is_heading(const struct row *row)
{
    return row->words.count > 0 && row->words.count <= HEADING_WORDS &&
           phrase_rule_fits(row->language, &row->language->listing, row->words);
}

/* An item behind the heading: a mark, a mention or a name with a colon begins it. */
static bool
is_item(const struct row *row, const struct row *heading)
{
    if (heading == NULL || row->time_ns - heading->time_ns > reads_back(RULE_ACTION_ITEM) ||
        !sv_eq(row->actor, heading->actor) ||
        !sv_eq(row->observation->event.channel, heading->observation->event.channel))
        return false;
    size_t colon = sv_find_char(row->text, ':'), blank = sv_find_char(row->text, ' ');
    return text_item_mark(row->text) > 0 || mention_length(row->text) > 0 ||
           (colon != SIZE_MAX && blank == colon + 1);
}

/* What is asked gives nobody anything. */
void
note_actions(struct story *story)
{
    const struct row *heading = NULL;
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        if (!is_said(row))
            continue;
        if (is_item(row, heading) || says_action(story, row))
            row_note(row, SV("tells_action"));
        if (is_heading(row))
            heading = row;
    }
}
