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
    for (size_t i = 0; i < token.len; i++)
        if (!is_digit(token.ptr[i]) && token.ptr[i] != ',' && token.ptr[i] != '.')
            return false;
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

/* A region, and words that tell that it was affected, in one line. */
static bool
names_region(struct arena *arena, const struct phrase_rules *rules, struct sv text)
{
    struct sv line = SV_NONE, token = SV_NONE;
    while (sv_split(&text, '\n', &line)) {
        struct sv rest = line;
        bool region = false;
        while (sv_split(&rest, ' ', &token))
            region = region || is_region(token);
        if (region && phrase_rule_fits(rules, &rules->confined, words_of(arena, line)))
            return true;
    }
    return false;
}

/* What is asked tells nothing. */
void
note_figures(struct story *story)
{
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        if (!is_said(row))
            continue;
        struct sv said =
            told_statements(story->scratch, row->language, observation_text(row->observation));
        struct words words = words_of(story->scratch, said);
        if (phrase_rule_fits(row->language, &row->language->severity, words))
            row_note(row, SV("tells_severity"));
        if (names_money(said) || names_region(story->scratch, row->language, said) ||
            phrase_rule_fits(
                row->language, &row->language->impact,
                words_of(story->scratch, figures_of(story->scratch, row->language, said))))
            row_note(row, SV("tells_impact"));
    }
}
