/*
 * What another configuration would change: each fate of an incident, by the records that it holds;
 * worlds made by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <string.h>

#include "base/clock.h"
#include "report/whatif/whatif.h"
#include "tests/lib/attacks.h"

#define MOST 8

/* Incidents as words of letters: "ab cd" are two, of the records a and b, and of c and d. A
 * capital: it is not raised. Each record is a row; '!' before it: a key row. */
struct world {
    struct incident incidents[MOST];
    struct entry entries[MOST][MOST];
    struct sv uids[MOST][MOST];
    struct correlation correlation;
};

static void
make(struct world *world, const char *text)
{
    size_t count = 0;
    memset(world, 0, sizeof(*world));
    for (struct sv rest = sv_from(text), word; sv_split(&rest, ' ', &word); count++) {
        struct incident *incident = &world->incidents[count];
        bool key = false;
        incident->raised = true;
        incident->last_ns = (int64_t)count * NS_PER_HOUR;
        incident->entries = world->entries[count];
        incident->member_uids = world->uids[count];
        for (size_t i = 0; i < word.len; i++) {
            struct sv letter = sv_slice(word, i, i + 1);
            if (letter.ptr[0] == '!') {
                key = true;
                continue;
            }
            if (letter.ptr[0] < 'a')
                incident->raised = false;
            world->uids[count][incident->member_count++] = letter;
            world->entries[count][incident->entry_count++] = (struct entry){
                .entry_id = letter, .significance = key ? SIGNIFICANCE_KEY : SIGNIFICANCE_FULL};
            key = false;
        }
        incident->incident_key = incident->title = world->uids[count][0];
    }
    world->correlation =
        (struct correlation){.incidents = world->incidents, .incident_count = count};
}

static struct sv
unnamed(const void *context, const struct incident *incident)
{
    (void)context;
    (void)incident;
    return SV_NONE;
}

/* "ab>a+b split": what becomes of what, in order. */
static void
tell(const struct what_if *found, struct strbuf *out)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct incident_fate *fate = &found->fates[i];
        strbuf_add_text(out, i > 0 ? "; " : "");
        for (size_t k = 0; k < fate->from_count; k++)
            strbuf_addf(out, "%s" SV_FMT, k > 0 ? "+" : "", SV_ARG(fate->from[k]->incident_key));
        strbuf_add_char(out, '>');
        for (size_t k = 0; k < fate->to_count; k++)
            strbuf_addf(out, "%s" SV_FMT, k > 0 ? "+" : "", SV_ARG(fate->to[k]->incident_key));
        strbuf_addf(out, " %s", fate_word(fate->fate));
        if (fate->fate == FATE_CHANGED)
            strbuf_addf(out, " %zu %zu %zu", fate->came, fate->went, fate->change_count);
    }
}

static void
each_fate(void **state)
{
    static const struct {
        const char *now, *then, *told;
    } cases[] = {
        {"ab cd", "ab cd", "a>a same; c>c same"},
        {"ab", "ab cd", "a>a same; >c gained"},
        {"ab cd", "cd", "a> lost; c>c same"},
        {"ab cd", "abcd", "a+c>a merged"},
        {"abcd", "ab cd", "a>a+c split"},
        {"ab cd", "ac bd", "a+c>a+b split"},
        {"ab", "abc", "a>a changed 1 0 0"},
        {"abc", "ab", "a>a changed 0 1 0"},
        {"a!bc", "!abc", "a>a changed 0 0 2"},
        {"ab", "AB", "a> lost"},
        {"AB", "ab", ">a gained"},
        {"ab cd ef", "bc ef", "a+c>b merged; e>e same"},
        {"a b c", "abc", "a+b+c>a merged"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world now, then;
        struct what_if found;
        struct arena arena;
        struct strbuf out;
        arena_init(&arena, 0);
        strbuf_init(&out, 0);
        make(&now, cases[i].now);
        make(&then, cases[i].then);
        what_if_compare(&arena, &now.correlation, &then.correlation, TIME_NONE, &found);
        tell(&found, &out);
        if (!sv_eq(strbuf_view(&out), sv_from(cases[i].told)))
            fail_msg("'%s' to '%s': %s, not %s", cases[i].now, cases[i].then, out.ptr,
                     cases[i].told);
        strbuf_release(&out);
        arena_release(&arena);
    }
}

/* Also where there is nothing at all; and only what ended since. */
static void
since(void **state)
{
    struct world now, none;
    struct what_if found;
    struct arena arena;
    (void)state;
    arena_init(&arena, 0);
    make(&now, "ab cd ef");
    memset(&none, 0, sizeof(none));
    what_if_compare(&arena, &none.correlation, &none.correlation, TIME_NONE, &found);
    assert_int_equal(found.count, 0);
    what_if_compare(&arena, &now.correlation, &none.correlation, NS_PER_HOUR, &found);
    assert_int_equal(found.counts[FATE_LOST], 2);
    arena_release(&arena);
}

static void
is_harmless(void **state)
{
    const struct what_if_names names = {unnamed, NULL};
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct world now, then;
        struct what_if found;
        struct arena arena;
        struct strbuf out;
        arena_init(&arena, 0);
        strbuf_init(&out, 0);
        make(&now, "ab cd");
        make(&then, "!ab");
        now.incidents[0].title = now.incidents[1].title = attacks[i].text;
        now.incidents[1].incident_key = then.entries[0][0].text = attacks[i].text;
        what_if_compare(&arena, &now.correlation, &then.correlation, TIME_NONE, &found);
        what_if_text(&found, &names, 0, &out);
        const char *seen = attack_seen(strbuf_view(&out));
        if (seen != NULL)
            fail_msg("attack %zu shows %s:\n%s", i, seen, out.ptr);
        strbuf_clear(&out);
        what_if_json(&found, &names, SV("default"), &out);
        for (struct sv rest = strbuf_view(&out), line; sv_split(&rest, '\n', &line);)
            assert_true(line.len == 0 || attack_reads_as_json(line));
        strbuf_release(&out);
        arena_release(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fate),
        cmocka_unit_test(since),
        cmocka_unit_test(is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
