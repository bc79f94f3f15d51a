/*
 * Which merge brought a commit in: see merges.h. Called by score_changes().
 */
#include "correlate/story/merges.h"

#include <string.h>

#include "correlate/story/change_names.h"

void
merges_init(struct merges *merges, struct arena *arena)
{
    *merges = (struct merges){.arena = arena};
    counter_init(&merges->owner_places, arena);
    counter_init(&merges->actors, arena);
}

/* Room for one more; memory of the arena. */
static void *
grow(struct arena *arena, void *list, size_t count, size_t *size, size_t each)
{
    if (count < *size)
        return list;
    *size = *size == 0 ? 16 : 2 * *size;
    void *grown = arena_calloc(arena, *size, each);
    if (count > 0)
        memcpy(grown, list, count * each);
    return grown;
}

static struct merge_owner *
owner_with(struct merges *merges, struct sv name)
{
    int64_t *place = counter_at(&merges->owner_places, name, 0);
    if (*place == 0) {
        merges->owners = grow(merges->arena, merges->owners, merges->owner_count,
                              &merges->owner_size, sizeof(*merges->owners));
        struct merge_owner *owner = &merges->owners[merges->owner_count++];
        owner->name = name;
        counter_init(&owner->words, merges->arena);
        *place = (int64_t)merges->owner_count;
    }
    return &merges->owners[*place - 1];
}

static void
add_word(struct merges *merges, struct merge_owner *owner, struct sv word, struct sv branch,
         const struct row *row)
{
    int64_t *last = counter_at(&owner->words, word, 0);
    if (*last > 0 && merges->links[*last - 1].merge == row)
        return; /* the same word again */
    merges->links = grow(merges->arena, merges->links, merges->link_count, &merges->link_size,
                         sizeof(*merges->links));
    size_t before = (size_t)*last;
    merges->links[merges->link_count++] = (struct merge_link){
        row, branch, before, before == 0 ? 1 : merges->links[before - 1].length + 1};
    *last = (int64_t)merges->link_count;
}

void
merges_add(struct merges *merges, const struct row *row)
{
    struct sv name, branch;
    if (!merged_branch(row->text, &name, &branch))
        return;
    struct merge_owner *owner = owner_with(merges, name);
    struct words words = branch_words(merges->arena, branch);
    for (size_t i = 0; i < words.count; i++)
        add_word(merges, owner, words.at[i], branch, row);
}

/* The owners that this actor may be, in a list that ends with SIZE_MAX. */
static const size_t *
owners_of(struct merges *merges, struct sv actor)
{
    int64_t *place = counter_at(&merges->actors, actor, 0);
    if (*place == 0) {
        *place = (int64_t)merges->same_count + 1;
        for (size_t i = 0; i <= merges->owner_count; i++) {
            bool end = i == merges->owner_count;
            if (!end && !text_same_person(merges->arena, merges->owners[i].name, actor))
                continue;
            merges->same = grow(merges->arena, merges->same, merges->same_count, &merges->same_size,
                                sizeof(*merges->same));
            merges->same[merges->same_count++] = end ? SIZE_MAX : i;
        }
    }
    return &merges->same[*place - 1];
}

/* From the last merge that has the word back to the time of the row. */
static bool
list_has(const struct merges *merges, int64_t last, const struct row *row, struct arena *scratch)
{
    for (size_t at = (size_t)last; at > 0; at = merges->links[at - 1].before) {
        const struct merge_link *link = &merges->links[at - 1];
        if (link->merge->time_ns < row->time_ns)
            return false;
        arena_reset(scratch);
        if (branch_words_in(scratch, link->branch, row) >= MERGE_WORDS_LEAST)
            return true;
    }
    return false;
}

/* What has two words in common with it is in two lists: the longest need not be looked at. */
static bool
owner_has(const struct merges *merges, const struct merge_owner *owner, const struct row *row,
          struct arena *scratch)
{
    int64_t longest = 0;
    size_t most = 0;
    for (size_t i = 0; i < row->words.count; i++) {
        const int64_t *last = counter_find(&owner->words, row->words.at[i]);
        if (last != NULL && merges->links[*last - 1].length > most) {
            longest = *last;
            most = merges->links[*last - 1].length;
        }
    }
    for (size_t i = 0; i < row->words.count; i++) {
        const int64_t *last = counter_find(&owner->words, row->words.at[i]);
        if (last != NULL && *last != longest && list_has(merges, *last, row, scratch))
            return true;
    }
    return false;
}

bool
merges_have(struct merges *merges, const struct row *row)
{
    struct arena scratch;
    bool found = false;
    if (merges->owner_count == 0)
        return false;
    arena_init(&scratch, 0);
    for (const size_t *owner = owners_of(merges, row->actor); *owner != SIZE_MAX && !found; owner++)
        found = owner_has(merges, &merges->owners[*owner], row, &scratch);
    arena_release(&scratch);
    return found;
}
