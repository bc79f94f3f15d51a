/*
 * What a run will do, drawn from its seed: see crash.h. No I/O.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/crash/crash.h"

const char *const action_words[ACTION_COUNT] = {
    "kill",   "failpoint", "zombie",   "freeze", "terminate", "lock", "add",
    "remove", "swap",      "postgres", "broker", "reset",     "fold", "recreate",
};

/* How often each is drawn; starting servers takes seconds, so those are rarer. */
static const int weights[ACTION_COUNT] = {10, 14, 22, 8, 12, 8, 6, 5, 8, 6, 3, 6, 5, 5};

static const char *const failpoints[] = {
#define FAILPOINT(name) #name,
#include "hindcast/failpoints.def"
#undef FAILPOINT
};

uint64_t
rng_next(struct rng *rng)
{
    uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int
rng_below(struct rng *rng, int below)
{
    return (int)(rng_next(rng) % (uint64_t)below);
}

int
rng_between(struct rng *rng, int low, int high)
{
    return low + rng_below(rng, high - low + 1);
}

/* Those that workers meet stand at the beginning of the list; then come other programs'. */
size_t
failpoint_count(void)
{
    size_t count = 0;
    while (strncmp(failpoints[count], "redecode", 8) != 0)
        count++;
    return count;
}

const char *
failpoint_name(size_t at)
{
    return failpoints[at];
}

static enum action_kind
draw_kind(struct rng *rng)
{
    int sum = 0, kind = 0;
    for (int i = 0; i < ACTION_COUNT; i++)
        sum += weights[i];
    for (int at = rng_below(rng, sum); at >= weights[kind]; kind++)
        at -= weights[kind];
    return (enum action_kind)kind;
}

static bool
renews(const char *name)
{
    return strncmp(name, "renew", 5) == 0;
}

static int
draw_nth(struct rng *rng, const struct plan *plan, const char *name)
{
    if (renews(name) || strncmp(name, "release", 7) == 0)
        return 1;
    return strncmp(name, "claim", 5) == 0 ? rng_between(rng, 1, plan->partitions)
                                          : rng_between(rng, 1, 3);
}

static void
draw_action(struct rng *rng, const struct plan *plan, struct action *action, int only)
{
    action->kind = only >= 0 ? (enum action_kind)only : draw_kind(rng);
    do {
        action->name = failpoints[rng_below(rng, (int)failpoint_count())];
    } while (renews(action->name) || strncmp(action->name, "release", 7) == 0);
    action->nth = draw_nth(rng, plan, action->name);
    action->choice = rng_below(rng, 100);
    action->delay_us = rng_below(rng, 3) == 0 ? 0 : rng_below(rng, 40000);
}

/* Every run meets one failpoint, one after the other over consecutive seeds. */
static void
draw_actions(struct rng *rng, struct plan *plan, int only)
{
    struct action *first = &plan->actions[0];
    draw_action(rng, plan, first, ACTION_FAILPOINT);
    first->name = failpoints[plan->seed % failpoint_count()];
    first->nth = draw_nth(rng, plan, first->name);
    plan->action_count = 1;
    if (renews(first->name))
        first->kind = ACTION_RECREATE;
    int more = only >= 0 ? 1 : rng_below(rng, 10) < 2 ? 0 : rng_between(rng, 1, ACTIONS_MAX - 1);
    bool recreated = first->kind == ACTION_RECREATE;
    for (int i = 0; i < more; i++) {
        struct action *action = &plan->actions[plan->action_count++];
        draw_action(rng, plan, action, only);
        if (action->kind == ACTION_RECREATE && recreated)
            action->kind = ACTION_KILL;
        recreated |= action->kind == ACTION_RECREATE;
    }
    plan->life_count = recreated ? 2 : 1;
}

/* Some records are produced twice, to any partition: two records, both observed. */
static void
draw_life(struct rng *rng, struct life *life, int64_t base)
{
    size_t size = (size_t)life->count;
    life->numbers = calloc(size, sizeof(*life->numbers));
    life->partitions = calloc(size, sizeof(*life->partitions));
    for (int32_t p = 0; p < life->topic_partitions; p++)
        life->of[p] = calloc(size, sizeof(**life->of));
    int64_t fresh = base;
    for (int64_t i = 0; i < life->count; i++) {
        bool again = i > 0 && rng_below(rng, 50) == 0;
        life->numbers[i] = again ? life->numbers[rng_below(rng, (int)i)] : fresh++;
        int32_t p =
            i < life->topic_partitions ? (int32_t)i : rng_below(rng, life->topic_partitions);
        life->partitions[i] = p;
        life->of[p][life->of_count[p]++] = life->numbers[i];
    }
}

/* Actions share the records of their life; each begins somewhere inside its own stretch. */
static void
draw_lives(struct rng *rng, struct plan *plan)
{
    int action = 0;
    for (int i = 0; i < plan->life_count; i++) {
        struct life *life = &plan->lives[i];
        int64_t until = 0;
        for (bool same = true; same && action < plan->action_count; action++) {
            int64_t stretch = rng_between(rng, 5, 9) * plan->batch_rows + 200;
            plan->actions[action].at = until + rng_below(rng, (int)stretch / 3);
            plan->actions[action].half = until + stretch / 3;
            until += stretch;
            plan->actions[action].upto = until;
            same = plan->actions[action].kind != ACTION_RECREATE || i + 1 == plan->life_count;
        }
        life->count = until + rng_between(rng, 3, 6) * plan->batch_rows;
        life->topic_partitions = i == 0 ? plan->partitions : rng_between(rng, 1, PARTITIONS_MAX);
        draw_life(rng, life, 1000000 * (i + 1));
    }
}

void
plan_make(struct plan *plan, uint64_t seed, int only)
{
    struct rng rng = {seed * UINT64_C(0x2545f4914f6cdd1d) + 1};
    *plan = (struct plan){.seed = seed};
    plan->partitions = rng_between(&rng, 1, PARTITIONS_MAX);
    plan->batch_rows = rng_between(&rng, 50, 200);
    plan->threads = rng_between(&rng, 1, 2);
    plan->pace_us = rng_between(&rng, 200, 12000);
    plan->steady = rng_below(&rng, 2) == 0;
    plan->once_at_end = rng_below(&rng, 2) == 0;
    plan->fresh_group = rng_below(&rng, 2) == 0;
    draw_actions(&rng, plan, only);
    draw_lives(&rng, plan);
}

void
plan_release(struct plan *plan)
{
    for (int i = 0; i < plan->life_count; i++) {
        free(plan->lives[i].numbers);
        free(plan->lives[i].partitions);
        for (int32_t p = 0; p < plan->lives[i].topic_partitions; p++)
            free(plan->lives[i].of[p]);
    }
}
