/*
 * What people tell in figures: how severe it is, what users felt. Noted at their rows as candidates
 * for the draft, worth nothing. Reads the row alone. Called by correlate_run() after score_acts().
 */
#include "base/text/word_char.h"
#include "correlate/run.h"
#include "correlate/story/told.h"

static bool
is_said(const struct row *row)
{
    return (row->record == RECORD_CHAT || row->record == RECORD_NOTE ||
            row->record == RECORD_LINKED_MESSAGE || row->record == RECORD_STATUS) &&
           !row->bot && !row->deleted && !row->came_or_went;
}

/* "$12k", "€ 300": the sign is part of no word. */
static bool
names_money(struct sv text)
{
    static const char *const signs[] = {"$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        for (struct sv rest = text;;) {
            size_t at = sv_find(rest, sv_from(signs[i]));
            if (at == SIZE_MAX)
                break;
            rest = sv_slice(rest, at + strlen(signs[i]), rest.len);
            struct sv figure = sv_trim(rest);
            if (figure.len > 0 && figure.ptr[0] >= '0' && figure.ptr[0] <= '9')
                return true;
        }
    return false;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "11,240", "(~38%)", "214k,": a figure, and not a time, a version, a number of something, the mark
 * of a list or a status that servers answer with. */
static bool
is_figure(const struct phrase_rules *rules, struct sv token)
{
    static const struct sv ends[] = {{"k", 1}, {"K", 1}, {"m", 1}, {"M", 1}, {"bn", 2}, {"%", 1}};
    bool opened = false;
    while (token.len > 0 && !is_digit(token.ptr[0])) {
        if (text_is_word_char(token.ptr[0]) || strchr("#:./", token.ptr[0]) != NULL)
            return false;
        opened = opened || token.ptr[0] == '(';
        token = sv_slice(token, 1, token.len);
    }
    while (token.len > 0 && strchr(".,;:!?)", token.ptr[token.len - 1]) != NULL) {
        if (token.ptr[token.len - 1] == ')' && !opened)
            return false;
        token.len--;
    }
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (token.len > ends[i].len && sv_ends(token, ends[i])) {
            token.len -= ends[i].len;
            break;
        }
    size_t points = 0;
    for (size_t i = 0, since = 0; i < token.len; i++, since++) {
        bool mark = token.ptr[i] == ',' || token.ptr[i] == '.';
        if (!is_digit(token.ptr[i]) && !mark)
            return false;
        points += mark;
        if (mark && points > 1 && since != 4) /* "2.4.1" is a version, "1.250.000" is none */
            return false;
        since = mark ? 0 : since;
    }
    return token.len > 0 && !words_have(rules->status, token);
}

/* The text with figures and plain words alone: each other word that has a digit, or is joined to
 * others ("orders-api"), becomes one that no phrase has. */
static struct sv
figures_of(struct arena *arena, const struct phrase_rules *rules, struct sv text)
{
    char *copy = arena_alloc(arena, 2 * text.len + 2), *at = copy;
    struct sv token;
    for (size_t i = 0; i < text.len;) {
        size_t end = i;
        bool digit = false, joined = false;
        while (end < text.len && (unsigned char)text.ptr[end] > ' ') {
            digit = digit || is_digit(text.ptr[end]);
            joined = joined || (end > i && strchr("-_/#", text.ptr[end]) != NULL);
            end++;
        }
        token = sv_slice(text, i, end);
        bool keeps = digit ? is_figure(rules, token) : !joined;
        at = sv_put(at, keeps ? token : token.len > 0 ? SV("_") : SV(""));
        *at++ = ' ';
        i = end + 1;
    }
    return sv_of(copy, (size_t)(at - copy));
}

/* "eu-west-1", "us-east-1a", "europe-west1": a side of the world in it, and a number at its end. */
static bool
is_region(struct sv token)
{
    static const char *const sides[] = {"-north", "-south", "-east", "-west", "-central"};
    while (token.len > 0 && strchr("(\"'", token.ptr[0]) != NULL)
        token = sv_slice(token, 1, token.len);
    while (token.len > 0 && strchr(".,;:!)\"'", token.ptr[token.len - 1]) != NULL)
        token.len--;
    bool side = false, digit = token.len > 5 && (is_digit(token.ptr[token.len - 1]) ||
                                                 is_digit(token.ptr[token.len - 2]));
    for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++)
        side = side || sv_contains(token, sv_from(sides[i]));
    return side && digit;
}

/* A region, and words that tell that it was affected. */
static bool
names_region(const struct phrase_rules *rules, struct sv sentence, struct words words)
{
    struct sv token = SV_NONE;
    bool region = false;
    while (sv_split(&sentence, ' ', &token))
        region = region || is_region(token);
    return region && phrase_rule_fits(rules, &rules->confined, words);
}

/* What is counted tells of an impact where something was harmed. */
static bool
tells_impact(struct arena *arena, const struct phrase_rules *rules, struct sv sentence)
{
    struct phrase_rule harm = rules->harm;
    struct words words = words_of(arena, sentence);
    harm.unless_negated = true;
    struct words figures = words_of(arena, figures_of(arena, rules, sentence));
    if (phrase_rule_fits(rules, &rules->harmless, words) ||
        phrase_rule_fits(rules, &rules->elsewhere, words))
        return false;
    return phrase_rule_fits(rules, &rules->impact, figures) ||
           names_region(rules, sentence, words) ||
           (phrase_rule_fits(rules, &harm, words) &&
            (names_money(sentence) || phrase_rule_fits(rules, &rules->counted, figures)));
}

/* What is denied or only thought of is none. */
static bool
tells_severity(struct arena *arena, const struct phrase_rules *rules, struct sv sentence)
{
    struct phrase_rule rule = rules->severity;
    rule.unless_negated = true;
    return phrase_rule_fits(rules, &rule, words_of(arena, sentence));
}

/* What is asked tells nothing. */
void
note_figures(struct story *story)
{
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        if (!is_said(row))
            continue;
        struct sv sentence, said = told_statements(story->scratch, row->language,
                                                   observation_text(row->observation));
        bool severity = false, impact = false;
        while (text_next_sentence(&said, &sentence)) {
            severity = severity || tells_severity(story->scratch, row->language, sentence);
            impact = impact || tells_impact(story->scratch, row->language, sentence);
        }
        if (severity)
            row_note(row, SV("tells_severity"));
        if (impact)
            row_note(row, SV("tells_impact"));
    }
}
