/*
 * Groups that are kept in PostgreSQL (store/groups, correlate/stored) are those of the whole: in
 * random worlds, after every batch, read back from the tables; also where the step failed at any of
 * its statements and was taken again; and no rule of regroup() and reattach() can be left out
 * without a kept world that notices. What is written at once is what is written step by step. What
 * is read for an alert that comes late is counted: it does not grow with the scope.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "correlate/group/grouping.h"
#include "store/pg/conn.h"
#include "tests/lib/keptgroups.h"
#include "tests/lib/pgtest.h"

#define WORLDS 12
#define ORDERS 2
static void
kept_groups_are_those_of_the_whole(void **state)
{
    (void)state;
    struct arena arena;
    struct store *store = pgtest_open("hindcast_correlate");
    struct groupworld *world = malloc(sizeof(*world));
    const char *seed = getenv("SEED"), *runs = getenv("RUNS");
    uint64_t from = seed == NULL ? 1 : strtoull(seed, NULL, 10);
    uint64_t count = runs == NULL ? WORLDS : strtoull(runs, NULL, 10);
    arena_init(&arena, 0);
    for (uint64_t i = from; i < from + count; i++) {
        groupworld_make(world, &arena, i);
        for (uint64_t order = 0; order < ORDERS; order++) {
            char scope[64];
            snprintf(scope, sizeof(scope), "world %llu.%llu", (unsigned long long)i,
                     (unsigned long long)order);
            groupworld_shuffle(world, i + (order << 32));
            const char *fault = kept_world_run(store, world, scope, i, 0);
            if (fault != NULL)
                fail_msg("SEED=%llu RUNS=1: %s", (unsigned long long)i, fault);
        }
        arena_reset(&arena);
    }
    free(world);
    arena_release(&arena);
    store_close(store);
}

/* Each kept world alone shows that a rule is needed, over kept rows as well. */
static void
no_rule_can_be_left_out(void **state)
{
    (void)state;
    unsigned noticed = 0;
    struct arena arena;
    struct store *store = pgtest_open("hindcast_correlate");
    struct groupworld *world = malloc(sizeof(*world));
    glob_t found;
    assert_int_equal(glob("tests/fixtures/group_worlds/*.tsv", 0, NULL, &found), 0);
    arena_init(&arena, 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i];
        char scope[64];
        unsigned left_out;
        if (!groupworld_read(world, &arena, path, &left_out))
            fail_msg("%s cannot be read", path);
        snprintf(scope, sizeof(scope), "kept world %zu", i);
        const char *fault = kept_world_run(store, world, scope, i, 0);
        if (fault != NULL)
            fail_msg("%s: %s", path, fault);
        snprintf(scope, sizeof(scope), "kept world %zu without", i);
        if (left_out != 0 && kept_world_run(store, world, scope, i, left_out) == NULL)
            fail_msg("%s does not notice that rule %u is left out", path, left_out);
        noticed |= left_out;
    }
    assert_int_equal(noticed, REGROUP_RULES | REATTACH_RULES << WORLD_REATTACH_SHIFT);
    globfree(&found);
    free(world);
    arena_release(&arena);
    store_close(store);
}

/* ---------------------------------------------------------------- what is read */

#define LATE 60 /* alerts and messages */
#define KEYS 3  /* of each alert below */

static const char *const services[] = {"checkout", "payments", "search", "login", "carts", "mail"};

static struct observation *
words_at(struct arena *arena, const struct work_record *record)
{
    struct observation *observation = ARENA_NEW(arena, struct observation);
    groupworld_name(observation, record);
    return observation;
}

/* A message of the one channel, about one of the services or about nothing. */
static struct work_record
message_of_history(struct arena *arena, uint64_t *random, struct work_record record)
{
    static const char *const says[] = {"is down again", "looks fine to me", "is slow"};
    record.role = NODE_CHAT;
    record.source = SV("chat");
    record.fingerprint = SV("chat:engineering");
    record.key_count = 1;
    struct observation *observation = words_at(arena, &record);
    observation->event.channel = SV("engineering");
    observation->event.phase = PHASE_POST;
    observation->event.actor = SV("ana");
    observation->event.title = arena_printf(
        arena, "%s %s", world_random(random) % 3 == 0 ? "this" : services[world_random(random) % 6],
        says[world_random(random) % 3]);
    record.observation = observation;
    return record;
}

/*
 * An alert somewhere in a history of one record every 20 minutes, of 24 services with 3 hosts each;
 * every fourth record is a message.
 */
static struct work_record
record_of_history(struct arena *arena, uint64_t *random, size_t number, size_t nodes)
{
    uint64_t service = world_random(random) % 24;
    struct work_record record = {
        .ms = (int64_t)(world_random(random) % (nodes * 20)) * 60000,
        .source = SV("am"),
        .uid = arena_printf(arena, "h%07zu", number),
        .role = NODE_ALERT,
        .severity = 17,
        .key_count = KEYS,
    };
    record.fingerprint = record.uid;
    record.keys[0] = (struct node_key){KEY_SCOPE, SV("default")};
    if (number % 4 == 3)
        return message_of_history(arena, random, record);
    record.keys[1] = (struct node_key){
        KEY_HOST, arena_printf(arena, "host-%d-%d", (int)service, (int)(world_random(random) % 3))};
    record.keys[2] =
        (struct node_key){KEY_SERVICE, arena_printf(arena, "service-%d", (int)service)};
    struct observation *observation = words_at(arena, &record);
    observation->event.title = SV("error rate");
    observation->event.service = sv_from(services[service % 6]);
    record.observation = observation;
    return record;
}

static void
store_history(struct kept_step *step, const struct grouping *whole,
              const struct work_record *records, size_t count)
{
    struct groups *groups;
    struct stored stored;
    struct sv config;
    struct err err;
    assert_int_equal(store_begin(step->store, &err), 0);
    assert_int_equal(
        groups_open(step->store, step->arena, sv_from(step->scope), &groups, &config, &err), 0);
    stored_init(&stored, step->arena, groups_rows(groups));
    stored_fill(&stored, whole, NULL);
    stored_fill_records(&stored, records, count);
    assert_int_equal(stored_end(&stored, &err), 0);
    stored_release(&stored);
    assert_int_equal(store_end(step->store, &err), 0);
}

/* Rows read for alerts and messages that come late into a history of so many nodes. */
static size_t
rows_of_late_records(struct store *store, size_t nodes)
{
    struct arena arena, scratch;
    struct correlation_config config;
    struct grouping whole;
    struct kept_state nothing = {0};
    uint64_t random = nodes;
    size_t rows = 0, statements = 0;
    char scope[32];
    arena_init(&arena, 1 << 20);
    arena_init(&scratch, 0);
    correlation_config_default(&config);
    snprintf(scope, sizeof(scope), "history of %zu", nodes);
    struct kept_step step = {.store = store, .arena = &scratch, .config = &config, .scope = scope};
    struct work_record *records = ARENA_ARRAY(&arena, struct work_record, nodes + LATE);
    for (size_t i = 0; i < nodes + LATE; i++)
        records[i] = record_of_history(&arena, &random, i, nodes);
    struct work_record *late = ARENA_ARRAY(&arena, struct work_record, LATE);
    memcpy(late, records + nodes, LATE * sizeof(*late));
    grouping_run(&arena, &config, NULL, groupworld_rules(), records, nodes, &whole);
    store_history(&step, &whole, records, nodes);
    for (size_t i = 0; i < LATE; i++) {
        arena_reset(&scratch);
        struct kept_state one = {.records = &late[i], .count = 1};
        assert_int_equal(kept_step_take(&step, &nothing, &one), 0);
        /* each list of neighbours once a side and node, before and after; each node once; around
         * a message its channel's episodes; of an attaching node that is looked at again the
         * episodes beside it, and what those hang on */
        size_t near = (size_t)4 * KEYS, keys = step.count.key_rows, read = step.count.node_rows;
        size_t beside = 2 * ((size_t)config.familiar_count + 2) + 3 * step.result.attached;
        assert_true(keys <= near * (8 + 3 * near + 2 * step.result.groups.full));
        assert_true(read <= keys + step.result.groups.full + beside + 2);
        rows += keys + read + step.count.record_rows;
        statements += step.count.statements;
    }
    memcpy(records + nodes, late, LATE * sizeof(*late));
    grouping_run(&arena, &config, NULL, groupworld_rules(), records, nodes + LATE, &whole);
    arena_reset(&scratch);
    const char *fault = kept_step_compare(&step, &whole);
    if (fault != NULL)
        fail_msg("%zu nodes: %s", nodes, fault);
    printf("an alert or message among %zu nodes: %.1f rows read by %.1f statements\n", nodes,
           (double)rows / LATE, (double)statements / LATE);
    arena_release(&scratch);
    arena_release(&arena);
    return rows;
}

static void
what_is_read_does_not_grow_with_the_scope(void **state)
{
    (void)state;
    struct store *store = pgtest_open("hindcast_correlate");
    size_t small = rows_of_late_records(store, 10000), large = rows_of_late_records(store, 100000);
    assert_true(small > 0);
    assert_true(large * 10 <= small * 12);
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_groups_are_those_of_the_whole),
        cmocka_unit_test(no_rule_can_be_left_out),
        cmocka_unit_test(what_is_read_does_not_grow_with_the_scope),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
