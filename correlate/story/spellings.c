/*
 * Names of people: see spellings.h.
 */
#include "correlate/story/spellings.h"

#include <stdlib.h>

#define NAME_WORD_LEAST 2 /* bytes of a word that names somebody alone */

static int
words_cmp(struct words a, struct words b)
{
    for (size_t i = 0; i < a.count && i < b.count; i++) {
        int order = sv_cmp(a.at[i], b.at[i]);
        if (order != 0)
            return order;
    }
    return (a.count > b.count) - (a.count < b.count);
}

static int
spelling_order(const void *left, const void *right)
{
    const struct spelling *a = left, *b = right;
    int order = words_cmp(a->words, b->words);
    return order != 0 ? order : (a->person > b->person) - (a->person < b->person);
}

void
spellings_init(struct spellings *spellings, struct arena *arena, size_t most)
{
    *spellings =
        (struct spellings){.arena = arena, .names = ARENA_ARRAY(arena, struct spelling, most + 1)};
}

void
spellings_add(struct spellings *spellings, struct sv name, size_t person)
{
    struct words words = words_of(spellings->arena, name);
    if (words.count == 0)
        return;
    spellings->names[spellings->count++] = (struct spelling){words, person};
    spellings->alone_count += words.count;
    if (words.count > spellings->longest)
        spellings->longest = words.count;
}

void
spellings_sort(struct spellings *spellings)
{
    size_t put = 0;
    spellings->alone = ARENA_ARRAY(spellings->arena, struct spelling, spellings->alone_count + 1);
    for (size_t i = 0; i < spellings->count; i++) {
        const struct spelling *name = &spellings->names[i];
        for (size_t w = 0; w < name->words.count; w++)
            spellings->alone[put++] = (struct spelling){{&name->words.at[w], 1}, name->person};
    }
    if (spellings->count > 1)
        qsort(spellings->names, spellings->count, sizeof(*spellings->names), spelling_order);
    if (put > 1)
        qsort(spellings->alone, put, sizeof(*spellings->alone), spelling_order);
}

/* The first that does not stand before these words or, `behind`, the first behind them. */
static size_t
place_of(const struct spelling *at, size_t count, struct words words, bool behind)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = words_cmp(at[middle].words, words);
        if (order < 0 || (behind && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* False: there are none of these words. NOBODY: several people have them. */
static bool
find_person(const struct spelling *at, size_t count, struct words words, size_t *ret_person)
{
    size_t first = place_of(at, count, words, false), end = place_of(at, count, words, true);
    if (first == end)
        return false;
    *ret_person = at[first].person == at[end - 1].person ? at[first].person : NOBODY;
    return true;
}

size_t
spellings_at(const struct spellings *spellings, struct words words, size_t at, size_t *ret_end)
{
    size_t person = NOBODY, left = at < words.count ? words.count - at : 0;
    for (size_t count = left < spellings->longest ? left : spellings->longest; count > 0; count--) {
        *ret_end = at + count;
        if (find_person(spellings->names, spellings->count, (struct words){&words.at[at], count},
                        &person))
            return person;
    }
    *ret_end = at;
    if (left == 0 || words.at[at].len < NAME_WORD_LEAST)
        return NOBODY;
    *ret_end = at + 1;
    (void)find_person(spellings->alone, spellings->alone_count, (struct words){&words.at[at], 1},
                      &person);
    return person;
}
