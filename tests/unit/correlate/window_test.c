/*
 * Candidates of a window are those of the whole scope, and what changed reaches no farther than the
 * window says: over random worlds of which some records are taken away, and for each distance that
 * is left out some world notices. RUNS and SEED: how many worlds, and the first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "correlate/candidate/window.h"
#include "correlate/grouped.h"
#include "tests/lib/groupworld.h"
#include "tests/lib/talkworld.h"

#define DAYS 14
#define ROWS_A_DAY 26
#define DIRT_MAX 4000
#define HOUR_MS INT64_C(3600000)

static struct arena arena, texts; /* texts: what is read once */
static struct talkworld world;
static struct teller teller;
static struct candidate_rules rules;
static struct grouped before, after; /* the scope as it was, and as it is */
static struct candidate_dirt dirt[DIRT_MAX];
static size_t dirt_count;
static struct candidate_windows several; /* of the last find() without room for one */
static bool is_kept = true;              /* the source knows what nodes hung on */
static struct err err;

static uint64_t
number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    arena_init(&texts, 0);
    correlation_config_default(&world.config);
    assert_int_equal(teller_init(&texts, &world.config, SV("default"), &teller, &err), 0);
    assert_int_equal(
        candidate_rules_read(&texts, correlation_candidates(&world.config), &rules, &err), 0);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    arena_release(&texts);
    return 0;
}

/* ------------------------------------------------------------------ a scope */

static void
group(const struct observation *rows, size_t count, struct grouped *ret_grouped)
{
    struct correlation_input input = {.scope = SV("default"), .observations = rows, .count = count};
    assert_int_equal(grouped_make(&arena, &teller, &input, ret_grouped, &err), 0);
}

static bool
is_loose(const struct work_node *node)
{
    return node->attached_to == NO_NODE && node->quiet == QUIET_NOT &&
           (node->role == NODE_CHAT || node->role == NODE_CHANGE || node->role == NODE_LOG);
}

/* As grouping left it before candidates were found. */
static struct work_node
untold(const struct work_node *node)
{
    struct work_node copy = *node;
    copy.incident = is_loose(node) ? NO_NODE : 0;
    copy.opens_candidate = false;
    copy.candidate = NULL;
    copy.reason = SV("");
    if (!is_loose(node) || node->role == NODE_LOG)
        copy.record_count = 1;
    return copy;
}

/* No more than is asked for. */
static int
read_window(void *context, struct arena *into, int64_t from_ms, int64_t to_ms,
            struct window_nodes *ret_nodes, struct err *ret_err)
{
    const struct grouping *grouping = &((const struct grouped *)context)->grouping;
    struct background *background = ARENA_NEW(into, struct background);
    size_t lines = 0;
    (void)ret_err;
    *ret_nodes = (struct window_nodes){.background = background};
    ret_nodes->nodes = ARENA_ARRAY(into, struct work_node, grouping->node_count + 1);
    for (size_t n = 0; n < grouping->node_count; n++) {
        const struct work_node *node = &grouping->nodes[n];
        if (node->first_ms > to_ms || node->last_ms < from_ms)
            continue;
        ret_nodes->nodes[ret_nodes->count++] = untold(node);
        lines += node->role == NODE_LOG ? node->record_count : 0;
    }
    struct work_record *records = ARENA_ARRAY(into, struct work_record, lines + 1);
    lines = 0;
    for (size_t n = 0; n < grouping->node_count; n++)
        for (size_t i = 0;
             grouping->nodes[n].role == NODE_LOG && i < grouping->nodes[n].record_count; i++)
            if (grouping->nodes[n].records[i]->ms >= from_ms &&
                grouping->nodes[n].records[i]->ms <= to_ms)
                records[lines++] = *grouping->nodes[n].records[i];
    background_init(into, records, lines, background);
    return 0;
}

static size_t
place_of(const struct work_node *nodes, size_t count, const struct work_node *node)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = node_id_cmp(&nodes[middle], node);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NO_NODE;
}

/* As it was before something came or went. */
static int
find_kept(void *context, const struct work_node *node, enum window_kept *ret_kept,
          struct candidate_reach *ret_candidate, struct err *ret_err)
{
    const struct work_node *nodes = before.grouping.nodes;
    size_t n = place_of(nodes, before.grouping.node_count, node);
    (void)context, (void)ret_err;
    *ret_kept = KEPT_UNKNOWN;
    if (n == NO_NODE || !is_loose(&nodes[n]))
        return 0;
    *ret_kept = nodes[n].incident == NO_NODE ? KEPT_LOOSE : KEPT_HANGS;
    if (*ret_kept == KEPT_HANGS)
        *ret_candidate = (struct candidate_reach){nodes[nodes[n].incident].candidate->from_ns,
                                                  nodes[nodes[n].incident].candidate->to_ns};
    return 0;
}

static int
find(unsigned windows, const struct candidate_dirt *of, size_t count,
     struct candidate_window *ret_window)
{
    const struct people_known people = {&teller.people, &after.directory};
    const struct candidate_finding finding = {&world.config, &rules, &teller.rules, &people,
                                              windows};
    const struct window_source source = {
        .context = &after, .read = read_window, .kept = is_kept ? find_kept : NULL};
    return ret_window == NULL
               ? candidate_windows(&arena, &finding, &source, of, count, &several, &err)
               : candidate_window(&arena, &finding, &source, of, count, ret_window, &err);
}

/* ------------------------------------------------------------------ what differs */

static bool
same_candidate(const struct candidate *a, const struct candidate *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    bool same = a->from_ns == b->from_ns && a->to_ns == b->to_ns && a->talk == b->talk &&
                a->log == b->log && a->wide == b->wide && sv_eq(a->place, b->place) &&
                sv_eq(a->title, b->title) && a->because_count == b->because_count;
    for (size_t i = 0; same && i < a->because_count; i++)
        same = sv_eq(a->because[i], b->because[i]);
    return same;
}

/* Of two loose nodes with the same id. */
static bool
told_alike(const struct work_node *nodes, size_t n, const struct work_node *others, size_t m)
{
    const struct work_node *one = &nodes[n], *other = &others[m];
    if (one->opens_candidate != other->opens_candidate ||
        (one->incident == NO_NODE) != (other->incident == NO_NODE))
        return false;
    return one->incident == NO_NODE ||
           (sv_eq(one->reason, other->reason) &&
            node_id_cmp(&nodes[one->incident], &others[other->incident]) == 0 &&
            same_candidate(nodes[one->incident].candidate, others[other->incident].candidate));
}

static bool
same_node(const struct work_node *a, const struct work_node *b)
{
    bool same = a->last_ms == b->last_ms && a->record_count == b->record_count &&
                a->role == b->role && is_loose(a) == is_loose(b);
    for (size_t i = 0; same && i < a->record_count; i++)
        same = sv_eq(a->records[i]->uid, b->records[i]->uid);
    return same;
}

/* Lines of one node that has more, or fewer, at its end. */
static bool
grew(const struct work_node *a, const struct work_node *b)
{
    bool same = a->role == NODE_LOG && is_loose(a) && is_loose(b);
    for (size_t i = 0; same && i < a->record_count && i < b->record_count; i++)
        same = sv_eq(a->records[i]->uid, b->records[i]->uid);
    return same;
}

static void
add_dirt(const struct grouped *of, const struct grouped *other)
{
    const struct grouping *here = &of->grouping, *there = &other->grouping;
    for (size_t n = 0; n < here->node_count; n++) {
        const struct work_node *node = &here->nodes[n];
        size_t m = place_of(there->nodes, there->node_count, node);
        if (m != NO_NODE && same_node(node, &there->nodes[m]))
            continue;
        assert_true(dirt_count < DIRT_MAX);
        int64_t from = node->first_ms, to = node->last_ms;
        if (m != NO_NODE && grew(node, &there->nodes[m])) {
            int64_t ended = there->nodes[m].last_ms;
            from = ended < to ? ended : to;
            to = ended < to ? to : ended;
        }
        dirt[dirt_count++] = (struct candidate_dirt){node->role, from, to};
    }
}

/* The scope with all rows of the world and without those that are marked; these come, or go. */
static void
make_scopes(const bool *marked, bool come)
{
    static struct observation fewer[TALKWORLD_ROWS_MAX];
    size_t count = 0;
    arena_reset(&arena);
    for (size_t i = 0; i < world.count; i++)
        if (!marked[i])
            fewer[count++] = world.rows[i];
    group(come ? fewer : world.rows, come ? count : world.count, &before);
    group(come ? world.rows : fewer, come ? world.count : count, &after);
    dirt_count = 0;
    add_dirt(&before, &after);
    add_dirt(&after, &before);
}

/* Some records of some hours, or one. */
static void
make(uint64_t seed, bool tight)
{
    static const int64_t spans[] = {1, 1, 300, 3600, 4 * 3600};
    static bool marked[TALKWORLD_ROWS_MAX];
    uint64_t random = seed * 7919 + 1;
    if (tight)
        talkworld_make_tight(&world, seed);
    else
        talkworld_make(&world, seed, DAYS, ROWS_A_DAY);
    int64_t span = spans[world_random(&random) % 5], share = 1 + (int64_t)(seed % 3);
    const struct event *first = &world.rows[world_random(&random) % world.count].event;
    int64_t from = first->event_time_ns / NS_PER_S;
    for (size_t i = 0; i < world.count; i++) {
        int64_t at = world.rows[i].event.event_time_ns / NS_PER_S;
        marked[i] = at >= from && at < from + span &&
                    (at == from || world_random(&random) % (uint64_t)share == 0);
    }
    make_scopes(marked, seed % 2 == 0);
}

/* ------------------------------------------------------------------ tests */

static bool
is_as_before(const struct work_node *nodes, size_t n)
{
    const struct grouping *was = &before.grouping;
    size_t m = place_of(was->nodes, was->node_count, &nodes[n]);
    return m != NO_NODE && told_alike(nodes, n, was->nodes, m);
}

/* Loose nodes of the interior that are not told as in the whole scope. */
static size_t
count_told_otherwise(const struct candidate_window *window)
{
    const struct grouping *whole = &after.grouping;
    size_t differ = 0, at = 0;
    for (size_t n = 0; n < whole->node_count; n++) {
        const struct work_node *node = &whole->nodes[n];
        if (!is_loose(node) || node->first_ms > window->to_ms || node->last_ms < window->from_ms)
            continue;
        bool here =
            at < window->loose_count && node_id_cmp(&window->nodes[window->loose[at]], node) == 0;
        differ += !here || (window->stays[window->loose[at]]
                                ? !is_as_before(whole->nodes, n)
                                : !told_alike(window->nodes, window->loose[at], whole->nodes, n));
        at += here ? 1 : 0;
    }
    return differ + (at != window->loose_count);
}

/* Loose nodes outside that what changed told otherwise. */
static size_t
count_missed_by(const struct candidate_window *windows, size_t count)
{
    const struct grouping *is = &after.grouping, *was = &before.grouping;
    size_t differ = 0;
    for (size_t n = 0; n < is->node_count; n++) {
        const struct work_node *node = &is->nodes[n];
        size_t m = place_of(was->nodes, was->node_count, node);
        bool inside = false;
        for (size_t i = 0; i < count; i++)
            inside = inside ||
                     (node->first_ms <= windows[i].to_ms && node->last_ms >= windows[i].from_ms);
        if (!is_loose(node) || m == NO_NODE || !is_loose(&was->nodes[m]) || inside)
            continue;
        differ += !told_alike(is->nodes, n, was->nodes, m);
    }
    return differ;
}

static size_t
count_missed(const struct candidate_window *window)
{
    return count_missed_by(window, 1);
}

static void
a_window_tells_what_the_whole_tells(void **state)
{
    (void)state;
    uint64_t seed = number_of("SEED", 1), runs = number_of("RUNS", 150);
    size_t proven = 0, changed = 0, loose = 0, all = 0, ran = 0, stay = 0, opened[3] = {0};
    for (uint64_t end = seed + runs; seed < end; seed++) {
        struct candidate_window window;
        make(seed, seed % 2 == 0);
        if (dirt_count == 0)
            continue;
        changed++;
        assert_int_equal(find(WINDOW_RULES, dirt, dirt_count, &window), 0);
        ran += window.runs;
        if (!window.proven)
            continue;
        proven++;
        size_t otherwise = count_told_otherwise(&window), missed = count_missed(&window);
        if (otherwise > 0 || missed > 0)
            fail_msg("world %llu: %zu nodes told otherwise, %zu missed", (unsigned long long)seed,
                     otherwise, missed);
        loose += window.loose_count;
        all += after.grouping.node_count;
        for (size_t i = 0; i < window.loose_count; i++) {
            const struct candidate *found = window.nodes[window.loose[i]].candidate;
            stay += window.stays[window.loose[i]];
            if (found != NULL)
                opened[found->talk ? 0 : found->log ? 1 : 2]++;
        }
    }
    print_message("%zu worlds changed, %zu proven by %zu runs: %zu nodes of %zu; candidates: %zu "
                  "of talk, %zu of lines, %zu of changes; %zu nodes stay\n",
                  changed, proven, ran, loose, all, opened[0], opened[1], opened[2], stay);
    if (runs < 100)
        return;
    assert_true(proven * 10 >= changed * 7);
    assert_true(opened[0] > 0 && opened[1] > 0 && opened[2] > 0 && stay > 0);
}

/* Records of three places come or go at once. */
static void
what_lies_far_apart_is_found_apart(void **state)
{
    (void)state;
    uint64_t runs = number_of("RUNS", 150) / 3;
    size_t lots = 0, apart = 0;
    for (uint64_t seed = 1; seed <= runs; seed++) {
        static bool marked[TALKWORLD_ROWS_MAX];
        uint64_t random = seed * 104729;
        talkworld_make(&world, seed, 3 * DAYS, ROWS_A_DAY);
        memset(marked, 0, sizeof(marked));
        for (size_t i = 0; i < 3; i++)
            marked[world_random(&random) % world.count] = true;
        make_scopes(marked, seed % 2 == 0);
        assert_int_equal(find(WINDOW_RULES, dirt, dirt_count, NULL), 0);
        assert_true(several.proven);
        for (size_t i = 0; i < several.count; i++)
            if (count_told_otherwise(&several.at[i]) > 0)
                fail_msg("world %llu: lot %zu", (unsigned long long)seed, i);
        assert_int_equal(count_missed_by(several.at, several.count), 0);
        lots += several.count;
        apart += several.count > 1;
    }
    print_message("%zu lots, %zu of %zu worlds had several\n", lots, apart, (size_t)runs);
    assert_true(apart > 0 || runs < 50);
}

static bool
is_noticed(unsigned rule)
{
    struct candidate_window window;
    assert_int_equal(find(WINDOW_RULES & ~rule, dirt, dirt_count, &window), 0);
    return window.proven && (count_told_otherwise(&window) > 0 || count_missed(&window) > 0);
}

/* The last row comes, or goes. */
static void
make_last(bool comes)
{
    static bool marked[TALKWORLD_ROWS_MAX];
    memset(marked, 0, sizeof(marked));
    marked[world.count - 1] = true;
    make_scopes(marked, comes);
}

static void
say(int minute, const char *actor, const char *text)
{
    talkworld_say(&world, (int64_t)minute * 60, sv_from(actor), sv_from(text));
}

static void
make_known(void (*of)(struct talkworld *), bool comes)
{
    of(&world);
    make_last(comes);
}

/* Worlds that notice were found by trying seeds: NOTICED=N does so for all rules. */
static void
no_distance_can_be_left_out(void **state)
{
    static const struct {
        unsigned rule;
        uint64_t seed; /* 0: the world is made by hand */
        void (*make)(struct talkworld *);
    } worlds[] = {
        {WINDOW_SIGN_BACK, 11, NULL},
        {WINDOW_SIGN_AHEAD, 1215, NULL},
        {WINDOW_TALK_GAP, 272, NULL},
        {WINDOW_TALK_SPAN, 272, NULL},
        {WINDOW_NEAR, 1503, NULL},
        {WINDOW_BOUNDS, 143, NULL},
        {WINDOW_TOGETHER, 0, talkworld_page},
        {WINDOW_WHOLE_NODES, 0, talkworld_long_page},
        {WINDOW_KEPT_OUTSIDE, 0, talkworld_hot_line},
        {WINDOW_SINCE, 0, talkworld_third_revert},
    };
    (void)state;
    unsigned waiting = WINDOW_RULES;
    for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
        struct candidate_window window;
        if (worlds[i].seed > 0)
            make(worlds[i].seed, true);
        else
            make_known(worlds[i].make, worlds[i].rule == WINDOW_SINCE);
        assert_int_equal(find(WINDOW_RULES, dirt, dirt_count, &window), 0);
        assert_true(window.proven && count_told_otherwise(&window) == 0 &&
                    count_missed(&window) == 0);
        if (is_noticed(worlds[i].rule))
            waiting &= ~worlds[i].rule;
    }
    for (uint64_t seed = 1, most = number_of("NOTICED", 0); seed <= most && waiting != 0; seed++) {
        make(seed, true);
        for (unsigned rule = 1; rule < WINDOW_RULES && dirt_count > 0; rule *= 2)
            if ((waiting & rule) != 0 && is_noticed(rule)) {
                print_message("rule %u: world %llu\n", rule, (unsigned long long)seed);
                waiting &= ~rule;
            }
    }
    if (waiting != 0)
        fail_msg("no world needs the rules %u", waiting);
}

/* Worlds of one density: what one more message reads does not follow how long they are. */
static void
a_window_does_not_follow_history(void **state)
{
    (void)state;
    int64_t longest[2] = {0};
    size_t rows[2] = {0}, most[2] = {0};
    for (uint64_t seed = 1; seed <= 8; seed++)
        for (size_t i = 0; i < 2; i++) {
            static bool marked[TALKWORLD_ROWS_MAX];
            struct candidate_window window;
            memset(marked, 0, sizeof(marked));
            talkworld_make(&world, seed, i == 0 ? 8 : 80, ROWS_A_DAY);
            correlation_config_default(&world.config);
            marked[world.count / 2] = true;
            make_scopes(marked, true);
            assert_int_equal(find(WINDOW_RULES, dirt, dirt_count, &window), 0);
            assert_true(window.proven);
            rows[i] += world.count;
            most[i] += window.node_count;
            if (window.read_to_ms - window.read_from_ms > longest[i])
                longest[i] = window.read_to_ms - window.read_from_ms;
        }
    print_message("%zu and %zu rows: %zu and %zu nodes read, %lld and %lld hours at most\n",
                  rows[0], rows[1], most[0], most[1], (long long)(longest[0] / HOUR_MS),
                  (long long)(longest[1] / HOUR_MS));
    assert_true(rows[1] > 7 * rows[0]);
    assert_true(most[1] <= 2 * most[0]);
    assert_true(longest[1] <= 2 * longest[0]);
}

/* A line that is logged for 12 days hangs on talk of its first day; it is not read back to there.
 */
static void
what_long_lines_hang_on_is_kept(void **state)
{
    (void)state;
    int64_t read[2];
    for (size_t i = 0; i < 2; i++) {
        struct candidate_window window;
        talkworld_empty(&world);
        talkworld_lines(&world, 0, 12 * INT64_C(86400));
        say(20, "Mia Roth", "checkout is down");
        say(30, "Ben", "checkout is down");
        say(40, "Ada", "checkout is down");
        say(11 * 24 * 60, "Mia Roth", "checkout is down");
        say(11 * 24 * 60 + 10, "Ben", "checkout is down");
        say(11 * 24 * 60 + 20, "Ada", "checkout is down");
        make_last(true);
        is_kept = i == 0;
        assert_int_equal(find(WINDOW_RULES, dirt, dirt_count, &window), 0);
        is_kept = true;
        assert_true(window.proven && count_told_otherwise(&window) == 0 &&
                    count_missed(&window) == 0);
        read[i] = window.read_to_ms - window.read_from_ms;
    }
    assert_true(2 * read[0] < read[1]);
}

/* Talk that never pauses, of which something opens every day: the scope is to be computed whole. */
static void
where_talk_never_pauses_nothing_is_proven(void **state)
{
    (void)state;
    struct candidate_window window;
    talkworld_empty(&world);
    for (int minute = 0; minute < 40 * 24 * 60; minute += 20)
        say(minute,
            minute % 60 == 0    ? "Mia Roth"
            : minute % 60 == 20 ? "Ben"
                                : "Ada",
            "checkout is down");
    struct observation last = world.rows[world.count - 1];
    world.rows[world.count - 1] = world.rows[world.count / 2];
    world.rows[world.count / 2] = last;
    make_last(false);
    assert_int_equal(find(WINDOW_RULES, dirt, dirt_count, &window), 0);
    assert_false(window.proven);
    assert_true(window.read_to_ms - window.read_from_ms <=
                2 * CANDIDATE_WINDOW_MAX_MS + 96 * HOUR_MS);
}

static int
fail_to_read(void *context, struct arena *into, int64_t from_ms, int64_t to_ms,
             struct window_nodes *ret_nodes, struct err *ret_err)
{
    (void)context, (void)into, (void)from_ms, (void)to_ms, (void)ret_nodes;
    return err_set(ret_err, ERR_DB_DOWN, "no answer");
}

static void
an_error_of_the_source_is_handed_on(void **state)
{
    (void)state;
    const struct people_known people = {&teller.people, &after.directory};
    const struct candidate_finding finding = {&world.config, &rules, &teller.rules, &people,
                                              WINDOW_RULES};
    const struct window_source source = {.read = fail_to_read};
    const struct candidate_dirt some = {NODE_CHAT, 0, 0};
    struct candidate_window window;
    assert_int_equal(candidate_window(&arena, &finding, &source, &some, 1, &window, &err), -1);
    assert_int_equal(err.code, ERR_DB_DOWN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_window_tells_what_the_whole_tells, setup, teardown),
        cmocka_unit_test_setup_teardown(what_lies_far_apart_is_found_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(no_distance_can_be_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(a_window_does_not_follow_history, setup, teardown),
        cmocka_unit_test_setup_teardown(what_long_lines_hang_on_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(where_talk_never_pauses_nothing_is_proven, setup, teardown),
        cmocka_unit_test_setup_teardown(an_error_of_the_source_is_handed_on, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
