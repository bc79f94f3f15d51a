/*
 * Who speaks for customers: records of desks that customers write to, and people who tell what
 * customers say. Noted at their rows for the draft, worth nothing. Reads the row alone. Called by
 * tell() after score_acts().
 */
#include "correlate/run.h"
#include "correlate/story/told.h"

/* Names are cut into words at hyphens, underscores and points. */
static bool
names_desk(struct story *story, struct sv name)
{
    char *spaced = arena_strdup(story->scratch, name);
    for (char *c = spaced; *c != '\0'; c++)
        *c = *c == '_' || *c == '-' || *c == '.' || *c == ':' ? ' ' : *c;
    struct words words = words_of(story->scratch, sv_from(spaced));
    return name.len > 0 && phrase_rule_fits(story->rules, &story->rules->desk, words);
}

static bool
is_of_desk(struct story *story, const struct row *row)
{
    const struct event *event = &row->observation->event;
    return !row_is_change(row) && row->record != RECORD_LOG &&
           (names_desk(story, event->source) || names_desk(story, event->channel) ||
            names_desk(story, event->format) || (row->bot && names_desk(story, event->actor)));
}

static bool
says_word_of_customers(struct arena *arena, const struct row *row)
{
    struct phrase_rule rule = row->language->customers;
    struct sv sentence,
        said = told_statements(arena, row->language, observation_text(row->observation));
    rule.unless_negated = true;
    while (text_next_sentence(&said, &sentence)) {
        struct words words = words_of(arena, sentence);
        if (phrase_rule_fits(row->language, &rule, words) &&
            !phrase_rule_fits(row->language, &row->language->unsaid, words))
            return true;
    }
    return false;
}

/* "Customers call" is told by a colleague; "no customer reports" tells of none, and neither does
 * what is asked. */
static bool
tells_of_customers(struct story *story, const struct row *row)
{
    return !row->bot && !row->deleted && !row->came_or_went &&
           (row->record == RECORD_CHAT || row->record == RECORD_NOTE ||
            row->record == RECORD_LINKED_MESSAGE) &&
           says_word_of_customers(story->scratch, row);
}

void
note_customers(struct story *story)
{
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        if (is_of_desk(story, row))
            row_note(row, SV("from_customers"));
        else if (tells_of_customers(story, row))
            row_note(row, SV("tells_of_customers"));
    }
}
