/*
 * Short names: which speaker a handle is, or whose it could be. Called by identify_people() when
 * all is joined that is known for sure. A round joins every set that fits exactly one other; what
 * is left after the last round and fits two is asked.
 */
#include "correlate/story/people_sets.h"

#define DOUBT_NAMES_MAX 3 /* that a question tells */

/* Of two sets, or two names: how the first fits the second. */
struct pairs {
    size_t count; /* of names: a row and a column each */
    uint8_t *fits;
    bool *apart; /* two accounts of one system are two people's, for all that their names tell */
};

static struct pairs
make_pairs(const struct people *people)
{
    size_t all = people->count * people->count;
    return (struct pairs){people->count, arena_calloc(people->arena, all + 1, 1),
                          arena_calloc(people->arena, all + 1, sizeof(bool))};
}

static void
compare_names(const struct people *people, struct pairs *pairs)
{
    for (size_t i = 0; i < people->count; i++)
        for (size_t k = 0; k < people->count; k++) {
            const struct alias *a = &people->all[i], *b = &people->all[k];
            size_t at = i * people->count + k;
            pairs->fits[at] = (uint8_t)person_name_fits(&a->name, &b->name);
            pairs->apart[at] = a->account.len > 0 && b->account.len > 0 &&
                               sv_eq(a->system, b->system) && !sv_eq(a->account, b->account);
        }
}

static void
compare_sets(const struct people *people, const struct pairs *names, struct pairs *ret_sets)
{
    size_t count = people->count;
    memset(ret_sets->fits, 0, count * count);
    memset(ret_sets->apart, 0, count * count * sizeof(bool));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            size_t from = i * count + k;
            size_t to = people_set(people, i) * count + people_set(people, k);
            if (names->fits[from] > ret_sets->fits[to])
                ret_sets->fits[to] = names->fits[from];
            ret_sets->apart[to] = ret_sets->apart[to] || names->apart[from];
        }
}

/* Who a set could be. */
struct could_be {
    size_t sure[DOUBT_NAMES_MAX], sure_count;
    size_t perhaps[DOUBT_NAMES_MAX], perhaps_count;
};

static struct could_be
who_could_be(const struct people *people, const struct pairs *sets, size_t set)
{
    struct could_be could = {.sure_count = 0};
    if (people->all[set].listed != NULL)
        return could; /* the list says who it is */
    for (size_t other = 0; other < people->count; other++) {
        size_t at = set * people->count + other;
        if (other == set || people_set(people, other) != other || sets->fits[at] == NAME_FITS_NOT)
            continue;
        bool sure = sets->fits[at] == NAME_FITS && !sets->apart[at];
        if (sure && could.sure_count < DOUBT_NAMES_MAX)
            could.sure[could.sure_count++] = other;
        else if (!sure && could.perhaps_count < DOUBT_NAMES_MAX)
            could.perhaps[could.perhaps_count++] = other;
    }
    return could;
}

/* True: there were some. */
static bool
join_round(struct people *people, const struct pairs *sets)
{
    size_t *to = ARENA_ARRAY(people->arena, size_t, people->count + 1);
    bool any = false;
    for (size_t set = 0; set < people->count; set++) {
        to[set] = SIZE_MAX;
        if (people_set(people, set) != set)
            continue;
        struct could_be could = who_could_be(people, sets, set);
        if (could.sure_count == 1)
            to[set] = could.sure[0];
    }
    for (size_t set = 0; set < people->count; set++)
        if (to[set] != SIZE_MAX)
            any |= people_join(people, set, to[set], SV("fits no other speaker of the incident"));
    return any;
}

static void
ask(struct people *people, const struct pairs *sets, size_t set)
{
    struct could_be could = who_could_be(people, sets, set);
    const size_t *who = could.sure_count > 0 ? could.sure : could.perhaps;
    size_t count = could.sure_count > 0 ? could.sure_count : could.perhaps_count;
    struct sv text = SV("could be ");
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        text = arena_printf(people->arena, SV_FMT "%s" SV_FMT, SV_ARG(text), i == 0 ? "" : " or ",
                            SV_ARG(people_shown(people, who[i])));
    people->all[set].doubt = arena_copy(people->story->arena, text);
}

void
people_join_handles(struct people *people)
{
    struct pairs names = make_pairs(people), sets = make_pairs(people);
    compare_names(people, &names);
    do
        compare_sets(people, &names, &sets);
    while (join_round(people, &sets));
    people_show(people);
    for (size_t set = 0; set < people->count; set++)
        if (people_set(people, set) == set)
            ask(people, &sets, set);
}
