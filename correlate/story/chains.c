/*
 * Chains: rows that tell of one change. Two records belong together when they name the same commit,
 * pull request of a repository, version of a service, pipeline, or subject, when a merge brings in
 * the commits of its branch, or when talk announces the version that was deployed. Of a chain the
 * row that came farthest tells the change; the others point at it. Rules chain* of reads.def.
 * Called by correlate_run() when changes have their reasons.
 */
#include "correlate/story/chains.h"

#include <stdlib.h>

#define SUBJECT_WORDS_LEAST 3 /* "Update rds" may be said by anybody of anything */
#define BRANCH_WORDS_LEAST 2
#define LOOKS_BACK_MOST 64 /* links that one merge or message looks at */

struct linking {
    struct story *story;
    struct chain_link *links;
    size_t count;
    struct counter last;  /* of a name: place of the last link that has it, from 1 */
    struct counter backs; /* of a repository: the last deployment that took something back */
};

static size_t
root_of(const struct linking *linking, size_t at)
{
    while (linking->links[at].up != at)
        at = linking->links[at].up;
    return at;
}

/* The earlier root stays: it says when the chain began. */
static void
join(struct linking *linking, size_t a, size_t b)
{
    size_t x = root_of(linking, a), y = root_of(linking, b);
    struct chain_link *kept = &linking->links[x < y ? x : y],
                      *other = &linking->links[x < y ? y : x];
    if (sv_empty(kept->deployed))
        kept->deployed = other->deployed;
    other->up = x < y ? x : y;
}

static int64_t
apart(const struct linking *linking, size_t from, size_t to)
{
    return linking->links[to].row->time_ns - linking->links[from].row->time_ns;
}

/* ------------------------------------------------------------------- by name */

static bool
shares_hash(const struct change_names *a, const struct change_names *b)
{
    for (size_t i = 0; i < a->hash_count; i++)
        for (size_t k = 0; k < b->hash_count; k++)
            if (sv_starts(a->hashes[i], b->hashes[k]) || sv_starts(b->hashes[k], a->hashes[i]))
                return true;
    return false;
}

/* What is deployed again after something was taken back is another change. */
static bool
taken_back_between(const struct linking *linking, size_t from, size_t to)
{
    const struct change_names *names = &linking->links[to].names;
    const int64_t *back = names->stage == STAGE_DEPLOY && !names->takes_back
                              ? counter_find(&linking->backs, names->repository)
                              : NULL;
    return back != NULL && (size_t)*back > from + 1;
}

/* One commit that is deployed to two services is two deployments. */
static bool
deploys_another(const struct linking *linking, size_t from, size_t to)
{
    struct sv one = linking->links[root_of(linking, from)].deployed;
    struct sv other = linking->links[root_of(linking, to)].deployed;
    return !sv_empty(one) && !sv_empty(other) && !sv_eq(one, other);
}

static bool
may_join(const struct linking *linking, size_t from, size_t to)
{
    return apart(linking, root_of(linking, from), to) <= reads_back(RULE_CHAIN) &&
           !taken_back_between(linking, from, to) && !deploys_another(linking, from, to);
}

/* Joins what had this name last, and has it from now on. */
static void
take_name(struct linking *linking, struct sv name, size_t at, bool by_hash)
{
    const struct change_names *names = &linking->links[at].names;
    int64_t *last = counter_at(&linking->last, name, 0);
    if (*last > 0) {
        size_t from = (size_t)*last - 1;
        if (deploys_another(linking, from, at))
            return; /* the name stays with the commit's own chain */
        if ((!by_hash || shares_hash(&linking->links[from].names, names)) &&
            may_join(linking, from, at))
            join(linking, from, at);
    }
    *last = (int64_t)at + 1;
}

static void
take_names(struct linking *linking, size_t at)
{
    struct arena *arena = linking->story->scratch;
    const struct change_names *names = &linking->links[at].names;
    struct sv place = names->repository, version = names->version;
    char back = names->takes_back ? 'b' : 'f';
    for (size_t i = 0; i < names->hash_count; i++) {
        struct sv hash = sv_slice(names->hashes[i], 0, HASH_DIGITS_LEAST);
        if (names->stage == STAGE_DEPLOY && place.len > 0)
            take_name(linking,
                      arena_printf(arena, "hash " SV_FMT " " SV_FMT, SV_ARG(hash), SV_ARG(place)),
                      at, true);
        take_name(linking, arena_printf(arena, "hash " SV_FMT, SV_ARG(hash)), at, true);
    }
    if (names->pull.len > 0 && place.len > 0)
        take_name(
            linking,
            arena_printf(arena, "pull " SV_FMT " " SV_FMT, SV_ARG(place), SV_ARG(names->pull)), at,
            false);
    if (names->run.len > 0)
        take_name(linking, arena_printf(arena, "run " SV_FMT, SV_ARG(names->run)), at, false);
    if (version.len > 0 && place.len > 0)
        take_name(linking,
                  arena_printf(arena, "version %c " SV_FMT " " SV_FMT, back, SV_ARG(place),
                               SV_ARG(version_number(version))),
                  at, false);
}

/* A commit that was applied as another one, a pipeline that shows its commit's title. */
static void
take_subject(struct linking *linking, size_t at)
{
    struct arena *arena = linking->story->scratch;
    const struct change_names *names = &linking->links[at].names;
    if (names->subject.len == 0 || names->repository.len == 0 ||
        words_of(arena, names->subject).count < SUBJECT_WORDS_LEAST)
        return;
    struct sv name =
        arena_printf(arena, "subject %c " SV_FMT " " SV_FMT, names->takes_back ? 'b' : 'f',
                     SV_ARG(names->repository), SV_ARG(names->subject));
    int64_t *last = counter_at(&linking->last, name, 0);
    size_t from = (size_t)*last - 1;
    /* Two commits that say the same are two, and so are two deployments. */
    if (*last > 0 && linking->links[from].names.stage != names->stage &&
        may_join(linking, from, at))
        join(linking, from, at);
    *last = (int64_t)at + 1;
}

/* ----------------------------------------------------------------- by branch */

static bool
is_of_branch(const struct linking *linking, const struct chain_link *commit,
             const struct chain_link *merge)
{
    struct arena *arena = linking->story->scratch;
    const struct change_names *a = &commit->names, *b = &merge->names;
    if (a->stage != STAGE_COMMIT || commit->merged || a->takes_back != b->takes_back ||
        !sv_eq(a->repository, b->repository))
        return false;
    return text_same_person(arena, b->owner, commit->row->actor) ||
           (!merge->row->bot && text_same_person(arena, merge->row->actor, commit->row->actor)) ||
           branch_words_in(arena, b->branch, commit->row) >= BRANCH_WORDS_LEAST;
}

/* What a merge of a branch brings in: commits before it of who owns or merges the branch, or with
 * its words, that no merge before has brought in. */
static void
take_branch(struct linking *linking, size_t at)
{
    const struct chain_link *merge = &linking->links[at];
    if (merge->names.branch.len == 0)
        return;
    for (size_t i = at, looked = 0; i-- > 0 && looked < LOOKS_BACK_MOST; looked++) {
        if (apart(linking, i, at) > reads_back(RULE_CHAIN_BRANCH))
            return;
        if (!is_of_branch(linking, &linking->links[i], merge))
            continue;
        linking->links[i].merged = true;
        join(linking, i, at);
    }
}

/* ------------------------------------------------------------------- by talk */

/* Words that only say that it was, or is about to be, deployed. */
static bool
announces(const struct row *row, bool before)
{
    bool plain = row->act == ACT_NONE || row->act == ACT_COMMS;
    return plain || (!before && (row->act == ACT_ACTION || row->act == ACT_ROLLBACK));
}

static bool
announces_deployment(const struct row *row, struct sv version, const struct chain_link *link)
{
    int64_t after_ns = row->time_ns - link->row->time_ns;
    return link->names.stage == STAGE_DEPLOY && link->names.repository.len > 0 &&
           after_ns <= reads_back(RULE_CHAIN_TALK) && -after_ns <= reads_ahead(RULE_CHAIN_TALK) &&
           sv_eq(version_number(link->names.version), version_number(version)) &&
           text_has_word_start(row->lower, link->names.repository) && announces(row, after_ns < 0);
}

/* Talk about a version belongs to the nearest deployment before it, else to the first after it;
 * `next`: the first change behind the message. */
static void
take_talk(struct linking *linking, struct row *row, size_t changes, size_t next)
{
    struct change_names names;
    change_names_of(linking->story->scratch, row, &names);
    if (names.version.len == 0)
        return;
    size_t found = changes, looked = 0;
    for (size_t i = next; i-- > 0 && found == changes && looked < LOOKS_BACK_MOST; looked++)
        if (announces_deployment(row, names.version, &linking->links[i]))
            found = i;
    for (size_t i = next; i < changes && found == changes && looked < 2 * LOOKS_BACK_MOST;
         i++, looked++)
        if (announces_deployment(row, names.version, &linking->links[i]))
            found = i;
    if (found == changes)
        return;
    size_t at = linking->count++;
    linking->links[at] = (struct chain_link){.row = row, .names = names, .up = at};
    join(linking, found, at);
}

/* -------------------------------------------------------------------- chains */

static void
link_rows(struct linking *linking)
{
    struct story *story = linking->story;
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        if (!row_is_change(row))
            continue;
        size_t at = linking->count++;
        struct chain_link *link = &linking->links[at];
        *link = (struct chain_link){.row = row, .up = at};
        change_names_of(story->scratch, row, &link->names);
        if (link->names.stage == STAGE_DEPLOY)
            link->deployed = link->names.repository;
        take_names(linking, at);
        take_subject(linking, at);
        take_branch(linking, at);
        if (link->names.takes_back && link->names.stage == STAGE_DEPLOY)
            *counter_at(&linking->backs, link->names.repository, 0) = (int64_t)at + 1;
    }
    size_t changes = linking->count, next = 0;
    for (size_t i = 0; i < story->count && changes > 0; i++) {
        struct row *row = story->rows[i];
        while (next < changes && linking->links[next].row->time_ns <= row->time_ns)
            next++;
        if (row->record == RECORD_CHAT && !row->came_or_went)
            take_talk(linking, row, changes, next);
    }
}

static int
link_order(const void *left, const void *right)
{
    const struct chain_link *a = *(const struct chain_link *const *)left;
    const struct chain_link *b = *(const struct chain_link *const *)right;
    return a->up != b->up ? (a->up < b->up ? -1 : 1) : row_order(&a->row, &b->row);
}

/* A deployment whose record says no more than its state is told by what is known of it. */
static bool
tells_alone(const struct chain_link *link)
{
    const struct change_names *names = &link->names;
    return names->stage == STAGE_DEPLOY && names->repository.len > 0 &&
           (names->version.len > 0 || link->row->observation->event.environment.len > 0);
}

void
find_chains(struct story *story)
{
    struct linking linking = {.story = story};
    linking.links = ARENA_ARRAY(story->scratch, struct chain_link, story->count + 1);
    counter_init(&linking.last, story->scratch);
    counter_init(&linking.backs, story->scratch);
    link_rows(&linking);
    const struct chain_link **sorted =
        ARENA_ARRAY(story->scratch, const struct chain_link *, linking.count + 1);
    for (size_t i = 0; i < linking.count; i++)
        linking.links[i].up = root_of(&linking, i); /* roots lie before: one step from here on */
    for (size_t i = 0; i < linking.count; i++)
        sorted[i] = &linking.links[i];
    if (linking.count > 1)
        qsort(sorted, linking.count, sizeof(*sorted), link_order);
    for (size_t from = 0, to; from < linking.count; from = to) {
        for (to = from + 1; to < linking.count && sorted[to]->up == sorted[from]->up;)
            to++;
        if (to - from > 1 || tells_alone(sorted[from]))
            chain_tell(story, sorted + from, to - from);
    }
}
