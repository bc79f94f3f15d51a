/*
 * Identification: see people.h. Called by correlate_run() for each incident before its rows are
 * scored. Names are in order of their bytes, sets of them are joined by what holds between any two:
 * no step depends on the order of records.
 */
#include "correlate/story/people_sets.h"

#include <assert.h>
#include <stdlib.h>

#include "correlate/story/people_known.h"

/* ---------------------------------------------------------------- collecting */

static bool
is_somebody(const struct row *row)
{
    return row->actor.len > 0 && !row->bot && row->observation->event.actor_type != ACTOR_SYSTEM;
}

/* Whom it pages and whom it gives a role. */
static size_t
named_count(const struct row *row)
{
    return row->page_count + row->given_count;
}

/* What tables and the list tell of names: that one is a program's; the list also that it is not. */
static void
find_tools(struct story *story, const struct people_list *list, const struct known_speaker *known)
{
    struct person_name name;
    for (size_t i = 0; i < story->count; i++)
        story->rows[i]->bot = story->rows[i]->bot || known[i].tool;
    for (size_t i = 0; list->count > 0 && i < story->count; i++) {
        struct row *row = story->rows[i];
        person_name_read(story->scratch, row->actor, &name);
        const struct listed_person *listed = people_list_find(list, &name);
        if (listed != NULL)
            row->bot = listed->tool;
    }
}

static int
sv_order(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

/* Every name once, in order of bytes. */
static void
add_aliases(struct people *people, const struct people_list *list, struct sv *written, size_t count)
{
    if (count > 1)
        qsort(written, count, sizeof(*written), sv_order);
    people->all = ARENA_ARRAY(people->arena, struct alias, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && sv_eq(written[i], written[i - 1]))
            continue;
        struct alias *alias = &people->all[people->count];
        *alias = (struct alias){.parent = people->count};
        person_name_read(people->arena, written[i], &alias->name);
        alias->listed = people_list_find(list, &alias->name);
        *counter_at(&people->places, written[i], 0) = (int64_t)++people->count;
    }
}

static void
collect(struct people *people, const struct people_list *list, const struct known_speaker *known)
{
    const struct story *story = people->story;
    size_t most = (1 + KNOWN_NAMES_MAX) * story->count, count = 0;
    for (size_t i = 0; i < story->count; i++)
        most += named_count(story->rows[i]);
    struct sv *written = ARENA_ARRAY(people->arena, struct sv, most + 1);
    for (size_t i = 0; i < story->count; i++) {
        for (size_t p = 0; p < named_count(story->rows[i]); p++)
            if (story->rows[i]->pages[p].written.len > 0)
                written[count++] = story->rows[i]->pages[p].written;
        if (!is_somebody(story->rows[i]))
            continue;
        written[count++] = story->rows[i]->actor;
        for (size_t n = 0; n < known[i].name_count; n++)
            written[count++] = known[i].names[n];
    }
    add_aliases(people, list, written, count);
}

static size_t
place_of(const struct people *people, struct sv written)
{
    const int64_t *place = counter_find(&people->places, written);
    assert(place != NULL);
    return (size_t)*place - 1;
}

/* ------------------------------------------------------------------- joining */

/* Whoever shares this with an alias before is the same. */
static void
share(struct people *people, size_t at, const char *kind, struct sv what, struct sv reason)
{
    if (what.len == 0)
        return;
    struct sv key = arena_printf(people->arena, "%s\x1f" SV_FMT, kind, SV_ARG(what));
    int64_t *place = counter_at(&people->joined, key, 0);
    if (*place == 0)
        *place = (int64_t)at + 1;
    else
        (void)people_join(people, (size_t)*place - 1, at, reason);
}

static void
join_known(struct people *people, size_t at, const struct known_speaker *known)
{
    struct alias *alias = &people->all[at];
    alias->rows++;
    if (known->account.len > 0) {
        struct sv account = arena_printf(people->arena, SV_FMT ":" SV_FMT, SV_ARG(known->system),
                                         SV_ARG(known->account));
        if (alias->account.len == 0 || sv_cmp(account, alias->account) < 0) {
            alias->account = account;
            alias->system = known->system;
        }
        if (sv_eq(known->account, alias->name.written))
            alias->name.rank = 0; /* an id is what nobody is called */
        share(people, at, "account", account, SV("the same account"));
    }
    share(people, at, "address", known->address, SV("the same address"));
    for (size_t n = 0; n < known->name_count; n++)
        (void)people_join(people, at, place_of(people, known->names[n]), SV("names of one user"));
}

/* Whoever is paged by the account of a tool has that account. */
static void
join_paged(struct people *people, const struct row *row)
{
    struct sv system = directory_system(&row->observation->event);
    for (size_t p = 0; p < named_count(row); p++) {
        struct sv written = row->pages[p].written;
        if (written.len == 0)
            continue;
        struct sv account =
            arena_printf(people->arena, SV_FMT ":" SV_FMT, SV_ARG(system), SV_ARG(written));
        share(people, place_of(people, written), "account", account, SV("the same account"));
    }
}

static void
join_equal(struct people *people)
{
    const struct sv reason = SV("equal but for case, accents or the order of words");
    for (size_t i = 0; i < people->count; i++) {
        const struct person_name *name = &people->all[i].name;
        if (people->all[i].listed != NULL)
            share(people, i, "listed", people->all[i].listed->name, SV("listed among people"));
        share(people, i, "address", name->address, SV("the same address"));
        share(people, i, "name", name->key, reason);
        share(people, i, "name", name->spelled_key, reason);
    }
}

/* ------------------------------------------------------------------ the rows */

static void
name_row(const struct people *people, struct row *row)
{
    size_t at = place_of(people, row->actor), set = people_set(people, at);
    struct sv shown = people_shown(people, set);
    const struct alias *alias = &people->all[at], *whole = &people->all[set];
    row->person_role = whole->listed != NULL ? whole->listed->role : SV_NONE;
    row->actor_reason = whole->doubt;
    if (sv_eq(shown, row->actor))
        return;
    row->actor_written = row->actor;
    row->actor = arena_copy(people->story->arena, shown);
    if (row->actor_reason.len == 0)
        row->actor_reason = alias->reason.len > 0   ? alias->reason
                            : whole->listed != NULL ? SV("listed among people")
                                                    : SV("without what stands around it");
}

static void
name_pages(const struct people *people, struct row *row)
{
    struct arena *arena = people->story->arena;
    for (size_t p = 0; p < named_count(row); p++) {
        struct row_page *page = &row->pages[p];
        if (page->written.len == 0)
            continue;
        size_t set = people_set(people, place_of(people, page->written));
        const struct listed_person *listed = people->all[set].listed;
        if (listed != NULL && listed->tool)
            continue; /* a program: nobody */
        page->person = arena_copy(arena, people_shown(people, set));
        page->doubt = people->all[set].doubt;
    }
}

void
identify_people(struct story *story, const struct people_list *list,
                const struct directory *directory)
{
    struct people people = {.story = story, .arena = story->scratch};
    struct known_speaker *known =
        ARENA_ARRAY(story->scratch, struct known_speaker, story->count + 1);
    counter_init(&people.places, story->scratch);
    counter_init(&people.joined, story->scratch);
    for (size_t i = 0; i < story->count; i++)
        if (story->rows[i]->actor.len > 0)
            known_speaker_read(story->scratch, directory, &story->rows[i]->observation->event,
                               &known[i]);
    find_tools(story, list, known);
    collect(&people, list, known);
    for (size_t i = 0; i < story->count; i++)
        if (is_somebody(story->rows[i]))
            join_known(&people, place_of(&people, story->rows[i]->actor), &known[i]);
    for (size_t i = 0; i < story->count; i++)
        join_paged(&people, story->rows[i]);
    join_equal(&people);
    if (people.count <= PEOPLE_COMPARED_MAX)
        people_join_handles(&people);
    people_show(&people);
    for (size_t i = 0; i < story->count; i++) {
        if (is_somebody(story->rows[i]))
            name_row(&people, story->rows[i]);
        name_pages(&people, story->rows[i]);
    }
}
