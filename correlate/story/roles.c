/*
 * Roles over time: see roles.h. Called by entries_build() with all rows in their order.
 */
#include "correlate/story/roles.h"

#include <stdlib.h>

#include "base/embedded.h"
#include "base/text/utf8.h"
#include "correlate/run.h"
#include "correlate/story/spellings.h"
#include "correlate/story/told.h"

/* ------------------------------------------------------------------- reading */

static bool
read_role(struct arena *arena, struct sv rest, struct role_rules *rules)
{
    struct sv many;
    struct role *role = &rules->roles[rules->count];
    if (rules->count == ROLES_MAX || !sv_split(&rest, '\t', &role->name) ||
        !sv_split(&rest, '\t', &many) || rest.len == 0)
        return false;
    role->one = sv_eq(many, SV("one"));
    role->words.at = phrases_split(arena, rest, &role->words.count);
    rules->count++;
    return role->one || sv_eq(many, SV("many"));
}

static bool
read_line(struct arena *arena, struct sv line, struct role_rules *rules)
{
    struct sv kind;
    if (!sv_split(&line, '\t', &kind) || line.len == 0)
        return false;
    if (sv_eq(kind, SV("role")))
        return read_role(arena, line, rules);
    if (sv_eq(kind, SV("unless"))) {
        rules->unless = words_of(arena, line);
        return true;
    }
    struct role_phrases *phrases = sv_eq(kind, SV("take"))   ? &rules->take
                                   : sv_eq(kind, SV("give")) ? &rules->give
                                   : sv_eq(kind, SV("drop")) ? &rules->drop
                                                             : NULL;
    if (phrases == NULL)
        return false;
    phrases->at = phrases_split(arena, line, &phrases->count);
    return phrases->count > 0 && phrases->count <= ROLE_PHRASES_MAX;
}

int
role_rules_parse(struct arena *arena, struct sv text, struct role_rules *ret_rules, struct err *err)
{
    struct role_rules rules = {.count = 0};
    struct sv line;
    for (int number = 1; sv_split(&text, '\n', &line); number++)
        if (sv_trim(line).len > 0 && line.ptr[0] != '#' && !read_line(arena, line, &rules))
            return err_set(err, ERR_INTERNAL,
                           "roles, line %d: expected role, take, give, drop or unless, and phrases",
                           number);
    *ret_rules = rules;
    return 0;
}

int
role_rules_read(struct arena *arena, struct role_rules *ret_rules, struct err *err)
{
    const struct embedded_file *file = embedded_find(embedded_rules, "roles.tsv");
    if (file == NULL)
        return err_set(err, ERR_INTERNAL, "the rules of roles are not built in");
    return role_rules_parse(arena, sv_of(file->text, file->size), ret_rules, err);
}

/* -------------------------------------------------------------------- people */

struct holder {
    struct sv name;
    const struct role *role;  /* NULL: none */
    const struct role *shown; /* that the last row of the person showed */
    size_t span;              /* of the role: place + 1 */
};

#define OWN_ROLES_MAX 16 /* of an incident that rules do not have; further ones are left out */

struct keeping {
    const struct story *story;
    struct arena *arena;
    struct holder *people;
    size_t count;
    struct counter places; /* of people, by the name that is shown: place + 1 */
    struct spellings spellings;
    /* Who took each role last, those of the rules, then those that only tools know; NOBODY: none */
    struct held {
        size_t who, span; /* span: place + 1 */
    } last[ROLES_MAX + OWN_ROLES_MAX];
    struct role own[OWN_ROLES_MAX];
    size_t own_count;
    size_t row; /* at hand */
    struct role_span *spans;
    size_t span_count, span_size;
};

static bool
is_person(const struct row *row)
{
    return row->actor.len > 0 && !row->bot && row->observation->event.actor_type != ACTOR_SYSTEM;
}

/* The place of somebody, + 1. */
static int64_t
add_person(struct keeping *keeping, struct sv name)
{
    int64_t *place = counter_at(&keeping->places, name, 0);
    if (*place == 0) {
        keeping->people[keeping->count++] = (struct holder){.name = name};
        *place = (int64_t)keeping->count;
        spellings_add(&keeping->spellings, name, keeping->count - 1);
    }
    return *place;
}

static struct sv
given_to(const struct row *row, size_t at)
{
    return row->pages[row->page_count + at].person;
}

/* Whoever speaks, and whom tools give a role. */
static void
find_people(struct keeping *keeping)
{
    const struct story *story = keeping->story;
    struct counter seen;
    counter_init(&seen, keeping->arena);
    for (size_t i = 0; i < story->count; i++) {
        const struct row *row = story->rows[i];
        for (size_t g = 0; g < row->given_count; g++)
            if (given_to(row, g).len > 0)
                (void)add_person(keeping, given_to(row, g));
        if (!is_person(row))
            continue;
        int64_t place = add_person(keeping, row->actor);
        if (row->actor_written.len > 0 && (*counter_at(&seen, row->actor_written, 0))++ == 0)
            spellings_add(&keeping->spellings, row->actor_written, (size_t)place - 1);
    }
    spellings_sort(&keeping->spellings);
}

static bool
spells(struct words spelling, struct words words, size_t at)
{
    if (spelling.count == 0 || at + spelling.count > words.count)
        return false;
    for (size_t i = 0; i < spelling.count; i++)
        if (!sv_eq(spelling.at[i], words.at[at + i]))
            return false;
    return true;
}

/* ------------------------------------------------------------------- phrases */

struct fit {
    const struct role *role; /* NULL: the phrase names none */
    size_t person;           /* NOBODY: it names none */
    size_t end;
};

static const struct role *
role_at(const struct role_rules *rules, struct words words, size_t at, size_t *ret_end)
{
    const struct role *best = NULL;
    *ret_end = at;
    for (size_t r = 0; r < rules->count; r++)
        for (size_t p = 0; p < rules->roles[r].words.count; p++) {
            struct words phrase = rules->roles[r].words.at[p];
            if (spells(phrase, words, at) && at + phrase.count > *ret_end) {
                best = &rules->roles[r];
                *ret_end = at + phrase.count;
            }
        }
    return best;
}

static bool
phrase_fits(const struct keeping *keeping, struct words phrase, struct words words, size_t at,
            struct fit *ret_fit)
{
    const struct role_rules *rules = keeping->story->roles;
    struct fit fit = {NULL, NOBODY, at};
    for (size_t i = 0; i < phrase.count; i++) {
        size_t from = fit.end;
        if (sv_eq(phrase.at[i], SV("R"))) {
            fit.role = role_at(rules, words, from, &fit.end);
            if (fit.role == NULL)
                return false;
        } else if (sv_eq(phrase.at[i], SV("N"))) {
            fit.person = spellings_at(&keeping->spellings, words, from, &fit.end);
            if (fit.person == NOBODY)
                return false;
        } else if (from >= words.count || !sv_eq(words.at[from], phrase.at[i])) {
            return false;
        } else {
            fit.end = from + 1;
        }
    }
    *ret_fit = fit;
    return true;
}

/* "Incident commander: Mara" is a line; in a sentence the same words mean nothing. */
static bool
is_line_only(struct words phrase)
{
    return phrase.count == 2 && sv_eq(phrase.at[0], SV("R")) && sv_eq(phrase.at[1], SV("N"));
}

/* The first place at which one of the phrases fits, of these the longest. */
static bool
find_fit(const struct keeping *keeping, const struct role_phrases *phrases, struct words words,
         struct fit *ret_fit)
{
    for (size_t at = 0; at < words.count; at++) {
        struct fit best = {NULL, NOBODY, at}, fit;
        if (at > 0 && word_among(keeping->story->roles->unless, words.at[at - 1]))
            continue;
        for (size_t p = 0; p < phrases->count; p++) {
            struct words phrase = phrases->at[p];
            bool fits = phrase_fits(keeping, phrase, words, at, &fit) &&
                        (!is_line_only(phrase) || (at == 0 && fit.end == words.count));
            if (fits && fit.end > best.end)
                best = fit;
        }
        if (best.end > at) {
            *ret_fit = best;
            return true;
        }
    }
    return false;
}

/* --------------------------------------------------------------------- roles */

static void
end_span(struct keeping *keeping, size_t span)
{
    if (span > 0 && keeping->spans[span - 1].to == SIZE_MAX)
        keeping->spans[span - 1].to = keeping->row;
}

/* Of a person who takes another role, or gives up the one. Tools list all that somebody has: of
 * these another one ends none. */
static void
take_away(struct keeping *keeping, size_t person, bool given_up)
{
    struct holder *holder = &keeping->people[person];
    if (holder->role != NULL && (given_up || !keeping->spans[holder->span - 1].listed))
        end_span(keeping, holder->span);
    holder->role = NULL;
}

static void
begin_span(struct keeping *keeping, struct holder *holder, bool listed)
{
    if (keeping->span_count == keeping->span_size) {
        size_t size = 2 * keeping->span_size + 8;
        struct role_span *more = ARENA_ARRAY(keeping->arena, struct role_span, size);
        for (size_t i = 0; i < keeping->span_count; i++)
            more[i] = keeping->spans[i];
        keeping->spans = more;
        keeping->span_size = size;
    }
    keeping->spans[keeping->span_count++] =
        (struct role_span){holder->name, holder->role->name, keeping->row, SIZE_MAX, listed};
    holder->span = keeping->span_count;
}

static struct held *
last_of(struct keeping *keeping, const struct role *role)
{
    for (size_t i = 0; i < keeping->own_count; i++)
        if (role == &keeping->own[i])
            return &keeping->last[ROLES_MAX + i];
    return &keeping->last[role - keeping->story->roles->roles];
}

/* Nobody has it any more, or another one. */
static void
vacate(struct keeping *keeping, const struct role *role)
{
    const struct held *last = last_of(keeping, role);
    if (last->who == NOBODY)
        return;
    end_span(keeping, last->span);
    if (keeping->people[last->who].role == role)
        keeping->people[last->who].role = NULL;
}

/* `listed`: by a tool. */
static void
give(struct keeping *keeping, size_t person, const struct role *role, bool listed)
{
    struct held *last = last_of(keeping, role);
    bool has = listed && last->who == person && keeping->spans[last->span - 1].to == SIZE_MAX;
    if (has || keeping->people[person].role == role)
        return; /* said again */
    if (role->one)
        vacate(keeping, role);
    take_away(keeping, person, false);
    keeping->people[person].role = role;
    begin_span(keeping, &keeping->people[person], listed);
    *last = (struct held){person, keeping->people[person].span};
}

/* What one line of a row changes. */
static void
read_roles(struct keeping *keeping, size_t speaker, struct words words)
{
    const struct role_rules *rules = keeping->story->roles;
    struct fit fit;
    if (find_fit(keeping, &rules->give, words, &fit)) {
        const struct role *role = fit.role != NULL    ? fit.role
                                  : speaker != NOBODY ? keeping->people[speaker].role
                                                      : NULL;
        if (role != NULL)
            give(keeping, fit.person, role, false);
        if (fit.role == NULL && role != NULL && speaker != fit.person)
            take_away(keeping, speaker, true);
    } else if (speaker != NOBODY && find_fit(keeping, &rules->drop, words, &fit)) {
        if (fit.role == NULL || fit.role == keeping->people[speaker].role)
            take_away(keeping, speaker, true);
    } else if (speaker != NOBODY && find_fit(keeping, &rules->take, words, &fit)) {
        give(keeping, speaker, fit.role, false);
    }
}

static bool
may_tell(const struct row *row)
{
    return !row_is_change(row) && row->record != RECORD_LOG && row->record != RECORD_METRIC &&
           !row->deleted;
}

/* The role that a tool calls so: one of the rules, else one of its own, by the name that it has
 * there. NULL: there are too many. */
static const struct role *
role_called(struct keeping *keeping, struct sv name)
{
    size_t end;
    struct words words = words_of(keeping->arena, name);
    const struct role *role = role_at(keeping->story->roles, words, 0, &end);
    if (role != NULL && end == words.count)
        return role;
    for (size_t i = 0; i < keeping->own_count; i++)
        if (sv_eq_nocase(keeping->own[i].name, name))
            return &keeping->own[i];
    if (keeping->own_count == OWN_ROLES_MAX || words.count == 0)
        return NULL;
    role = &keeping->own[keeping->own_count++];
    keeping->own[keeping->own_count - 1] = (struct role){.name = name, .one = true};
    return role;
}

/* What a tool lists: who has each role from here on. */
static void
read_given(struct keeping *keeping, const struct row *row)
{
    for (size_t i = 0; i < row->given_count; i++) {
        const struct role *role = role_called(keeping, row->given[i]);
        struct sv who = given_to(row, i);
        if (role == NULL)
            continue;
        if (who.len > 0)
            give(keeping, (size_t)add_person(keeping, who) - 1, role, true);
        else if (row->pages[row->page_count + i].written.len == 0 && role->one)
            vacate(keeping, role);
    }
}

static void
read_row(struct keeping *keeping, const struct row *row)
{
    const int64_t *place = is_person(row) ? counter_find(&keeping->places, row->actor) : NULL;
    struct sv said = utf8_cut(observation_text(row->observation), ROW_TEXT_MAX), line;
    struct sv text = told_statements(keeping->arena, keeping->story->rules, said);
    while (sv_split(&text, '\n', &line))
        read_roles(keeping, place == NULL ? NOBODY : (size_t)*place - 1,
                   words_of(keeping->arena, line));
}

void
roles_of_rows(const struct story *story, struct sv *ret_roles, struct role_spans *ret_spans)
{
    struct keeping keeping = {.story = story, .arena = story->scratch};
    size_t most = story->count;
    for (size_t i = 0; i < story->count; i++)
        most += story->rows[i]->given_count;
    keeping.people = ARENA_ARRAY(story->scratch, struct holder, most + 1);
    spellings_init(&keeping.spellings, story->scratch, 2 * most);
    for (size_t i = 0; i < ROLES_MAX + OWN_ROLES_MAX; i++)
        keeping.last[i] = (struct held){NOBODY, 0};
    counter_init(&keeping.places, story->scratch);
    find_people(&keeping);
    for (size_t i = 0; i < story->count; i++) {
        const struct row *row = story->rows[i];
        keeping.row = i;
        if (keeping.count > 0 && may_tell(row))
            read_row(&keeping, row);
        read_given(&keeping, row);
        const int64_t *place = is_person(row) ? counter_find(&keeping.places, row->actor) : NULL;
        struct holder none = {.role = NULL};
        struct holder *holder = place == NULL ? &none : &keeping.people[*place - 1];
        if (holder->role != NULL && holder->role != holder->shown)
            row_note(story->rows[i], SV("role_begins"));
        holder->shown = holder->role;
        ret_roles[i] = holder->role == NULL ? SV_NONE : holder->role->name;
    }
    *ret_spans = (struct role_spans){keeping.spans, keeping.span_count};
}
