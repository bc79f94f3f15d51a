/*
 * Episodes by what changed (correlate/incremental/series.h) are those of the whole: in random
 * worlds, after every batch, in several orders; applied to the nodes of before, the changes give
 * the nodes of now, byte for byte as they are kept. RUNS=N worlds from SEED=S on. A record that
 * comes to a long episode reads no more than to a short one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "correlate/group/episodes.h"
#include "correlate/stored/content.h"
#include "tests/lib/groupworld.h"
#include "tests/lib/seriesstore.h"

#define WORLDS 150
#define ORDERS 3
#define RECORDS_MAX WORLD_DELIVERIES_MAX

/* ------------------------------------------------------------------ what changed */

static size_t
find_changes(const struct work_record *was, size_t was_count, const struct work_record *is,
             size_t is_count, struct record_change *changes)
{
    size_t count = 0;
    for (size_t i = 0; i < is_count; i++) {
        const struct work_record *before = NULL;
        for (size_t k = 0; k < was_count && before == NULL; k++)
            before = sv_eq(was[k].uid, is[i].uid) ? &was[k] : NULL;
        if (before == NULL || memcmp(before, &is[i], sizeof(*before)) != 0)
            changes[count++] = (struct record_change){before, &is[i]};
    }
    for (size_t k = 0; k < was_count; k++) {
        bool there = false;
        for (size_t i = 0; i < is_count && !there; i++)
            there = sv_eq(was[k].uid, is[i].uid);
        if (!there)
            changes[count++] = (struct record_change){&was[k], NULL};
    }
    return count;
}

static int
node_order(const void *left, const void *right)
{
    return node_id_cmp(left, right);
}

static const struct work_node *
id_node(const struct regroup_change *change)
{
    return change->is != NULL ? change->is : change->was;
}

/* Each `was` is one of the nodes, each `is` takes its place or a new one. */
static const char *
apply(struct work_node *nodes, size_t *count, const struct regroup_change *changes,
      size_t change_count)
{
    for (size_t i = 0; i < change_count; i++) {
        size_t at = 0;
        if (changes[i].was == NULL)
            continue;
        while (at < *count && node_id_cmp(&nodes[at], changes[i].was) != 0)
            at++;
        if (at == *count)
            return "a node goes that was not there";
        memmove(nodes + at, nodes + at + 1, (*count - at - 1) * sizeof(*nodes));
        (*count)--;
    }
    for (size_t i = 0; i < change_count; i++)
        if (changes[i].is != NULL)
            nodes[(*count)++] = *changes[i].is;
    for (size_t i = 0; i < change_count; i++)
        for (size_t k = 0; k < i; k++)
            if (node_id_cmp(id_node(&changes[i]), id_node(&changes[k])) == 0)
                return "a node is told twice";
    qsort(nodes, *count, sizeof(*nodes), node_order);
    return NULL;
}

static bool
same_content(const struct work_node *a, const struct work_node *b)
{
    struct strbuf one, two;
    strbuf_init(&one, 0);
    strbuf_init(&two, 0);
    content_write(a, &one);
    content_write(b, &two);
    bool same = node_id_cmp(a, b) == 0 && sv_eq(strbuf_view(&one), strbuf_view(&two));
    strbuf_release(&one);
    strbuf_release(&two);
    return same;
}

/* ----------------------------------------------------------------- one world */

struct running {
    struct arena *arena;
    const struct correlation_config *config;
    struct seriesstore store;
    struct work_record records[RECORDS_MAX];
    size_t record_count;
    struct work_node nodes[RECORDS_MAX];
    size_t node_count;
    size_t added, read;
};

static const char *
step(struct running *running, const struct work_record *records, size_t count)
{
    struct record_change *changes =
        ARENA_ARRAY(running->arena, struct record_change, 2 * RECORDS_MAX);
    struct series by = {running->arena, running->config, NULL, &running->store.store};
    struct series_result result;
    size_t changed = find_changes(running->records, running->record_count, records, count, changes);
    running->store.nodes = ARENA_ARRAY(running->arena, struct work_node, RECORDS_MAX);
    memcpy((void *)running->store.nodes, running->nodes, sizeof(running->nodes));
    running->store.node_count = running->node_count;
    series_apply(&by, changes, changed, &result);
    running->added += result.added;
    running->read += result.read;
    const char *fault =
        apply(running->nodes, &running->node_count, result.opening, result.opening_count);
    if (fault == NULL)
        fault =
            apply(running->nodes, &running->node_count, result.attaching, result.attaching_count);
    memcpy(running->records, records, count * sizeof(*records));
    running->record_count = count;
    return fault;
}

static const char *
compare(struct running *running, struct work_record *records, size_t count)
{
    struct grouping whole = {.arena = running->arena, .config = running->config};
    episodes_build(&whole, records, count);
    if (whole.node_count != running->node_count)
        return "there are more nodes, or fewer";
    for (size_t n = 0; n < whole.node_count; n++)
        if (!same_content(&whole.nodes[n], &running->nodes[n]))
            return "a node is another one";
    return NULL;
}

static const char *
run_world(const struct groupworld *world, size_t *added, size_t *read)
{
    struct arena arena;
    const char *fault = NULL;
    struct running *running = calloc(1, sizeof(*running));
    arena_init(&arena, 0);
    running->arena = &arena;
    running->config = &world->config;
    seriesstore_init(&running->store);
    for (size_t i = 0; i < world->count && fault == NULL; i++) {
        struct work_record *records = ARENA_ARRAY(&arena, struct work_record, RECORDS_MAX);
        if (!world->deliveries[i].ends_batch)
            continue;
        size_t count = groupworld_records(world, i + 1, records);
        fault = step(running, records, count);
        if (fault == NULL)
            fault = compare(running, records, count);
    }
    *added += running->added;
    *read += running->read;
    free(running);
    arena_release(&arena);
    return fault;
}

static uint64_t
number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static void
every_order_gives_the_episodes_of_the_whole(void **state)
{
    (void)state;
    struct arena arena;
    struct groupworld *world = malloc(sizeof(*world));
    uint64_t from = number_of("SEED", 1), runs = number_of("RUNS", WORLDS);
    size_t added = 0, read = 0;
    arena_init(&arena, 0);
    for (uint64_t seed = from; seed < from + runs; seed++) {
        groupworld_make(world, &arena, seed);
        for (uint64_t order = 0; order < ORDERS; order++) {
            groupworld_shuffle(world, seed + (order << 32));
            const char *fault = run_world(world, &added, &read);
            if (fault != NULL)
                fail_msg("SEED=%llu RUNS=1, order %d: %s", (unsigned long long)seed, (int)order,
                         fault);
        }
        arena_reset(&arena);
    }
    printf("%zu records added to what was known, %zu episodes read again\n", added, read);
    assert_true(added > 0 && (read > 0 || runs < 10));
    free(world);
    arena_release(&arena);
}

/* ---------------------------------------------------------------- what is read */

/* Rows read for one more record at this place of an episode of so many, one each minute. */
static size_t
rows_of_one_more(size_t count, int64_t ms)
{
    struct arena arena;
    struct correlation_config config;
    struct running *running = calloc(1, sizeof(*running));
    arena_init(&arena, 0);
    correlation_config_default(&config);
    running->arena = &arena;
    running->config = &config;
    seriesstore_init(&running->store);
    struct work_record *records = ARENA_ARRAY(&arena, struct work_record, RECORDS_MAX);
    for (size_t i = 0; i < count; i++)
        records[i] = (struct work_record){.ms = (int64_t)i * 60000,
                                          .source = SV("am"),
                                          .uid = arena_printf(&arena, "u%03zu", i),
                                          .role = NODE_ALERT,
                                          .fingerprint = SV("f")};
    assert_null(step(running, records, count));
    records[count] = records[0];
    records[count].uid = SV("v");
    records[count].ms = ms;
    running->store.rows = running->added = running->read = 0;
    assert_null(step(running, records, count + 1));
    assert_int_equal(running->added, 1);
    assert_int_equal(running->read, 0);
    assert_null(compare(running, records, count + 1));
    assert_int_equal(running->node_count, 1);
    assert_int_equal(running->nodes[0].record_count, count + 1);
    size_t rows = running->store.rows;
    free(running);
    arena_release(&arena);
    return rows;
}

static void
an_episode_is_not_read_for_one_more(void **state)
{
    (void)state;
    const int64_t minute = 60000;
    for (size_t i = 0; i < 4; i++) {
        size_t few = rows_of_one_more(60, (int64_t[]){-1, 30, 55, 60}[i] * minute + 1);
        size_t many = rows_of_one_more(230, (int64_t[]){-1, 30, 200, 230}[i] * minute + 1);
        assert_int_equal(few, many);
        assert_true(many <= SERIES_HEAD + 3);
    }
}

/* Of equally quiet records the first one says why; one that comes between is not known to be. */
static void
the_first_of_the_quietest_says_why(void **state)
{
    (void)state;
    struct arena arena;
    struct correlation_config config;
    static const struct {
        int64_t ms;
        enum quiet quiet;
        const char *why;
    } come[] = {{10, QUIET_NO_TROUBLE, "test page"},
                {30, QUIET_MINOR, "late"},
                {20, QUIET_MINOR, "early"},
                {40, QUIET_MINOR, "last"},
                {5, QUIET_MINOR, "first"}};
    struct running *running = calloc(1, sizeof(*running));
    arena_init(&arena, 0);
    correlation_config_default(&config);
    running->arena = &arena;
    running->config = &config;
    seriesstore_init(&running->store);
    struct work_record *records = ARENA_ARRAY(&arena, struct work_record, RECORDS_MAX);
    for (size_t i = 0; i < sizeof(come) / sizeof(come[0]); i++) {
        for (size_t k = 0; k <= i; k++)
            records[k] = (struct work_record){.ms = come[k].ms * 1000,
                                              .source = SV("am"),
                                              .uid = sv_from(come[k].why),
                                              .role = NODE_ALERT,
                                              .quiet = come[k].quiet,
                                              .quiet_reason = sv_from(come[k].why),
                                              .fingerprint = SV("f")};
        assert_null(step(running, records, i + 1));
        struct work_record *sorted = ARENA_ARRAY(&arena, struct work_record, RECORDS_MAX);
        memcpy(sorted, records, (i + 1) * sizeof(*records));
        assert_null(compare(running, sorted, i + 1));
    }
    free(running);
    arena_release(&arena);
}

/* One fingerprint for lines and alerts: of lines less is known than an alert needs. */
static void
another_role_is_read_again(void **state)
{
    (void)state;
    static const int64_t minutes[] = {2, 3, 4, 1, 5};
    struct arena arena;
    struct correlation_config config;
    struct running *running = calloc(1, sizeof(*running));
    arena_init(&arena, 0);
    correlation_config_default(&config);
    running->arena = &arena;
    running->config = &config;
    seriesstore_init(&running->store);
    struct work_record *records = ARENA_ARRAY(&arena, struct work_record, RECORDS_MAX);
    for (size_t i = 0; i < 5; i++) {
        records[i] = (struct work_record){.ms = minutes[i] * 60000,
                                          .source = SV("am"),
                                          .uid = arena_printf(&arena, "u%zu", i),
                                          .role = i == 3 ? NODE_ALERT : NODE_LOG,
                                          .fingerprint = SV("f")};
        struct observation *observation = ARENA_NEW(&arena, struct observation);
        groupworld_name(observation, &records[i]);
        records[i].observation = observation;
        running->read = 0;
        assert_null(step(running, records, i + 1));
        assert_int_equal(running->read, i < 3 ? 0 : 1);
        struct work_record *sorted = ARENA_ARRAY(&arena, struct work_record, RECORDS_MAX);
        memcpy(sorted, records, (i + 1) * sizeof(*records));
        assert_null(compare(running, sorted, i + 1));
    }
    free(running);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_gives_the_episodes_of_the_whole),
        cmocka_unit_test(the_first_of_the_quietest_says_why),
        cmocka_unit_test(another_role_is_read_again),
        cmocka_unit_test(an_episode_is_not_read_for_one_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
