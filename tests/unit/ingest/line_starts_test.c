/*
 * How lines begin: what the first bytes of a line leave possible is never less than what matches.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <pthread.h>

#include "base/embedded.h"
#include "ingest/decode/lines/format.h"
#include "tests/lib/fixtures.h"

#define FORMATS_MAX 256

static struct arena arena;

static int
set_up(void **state)
{
    arena_init(&arena, 0);
    return fixtures_find(state);
}

static int
tear_down(void **state)
{
    arena_release(&arena);
    return fixtures_drop(state);
}

/* ---- one pattern ---- */

static bool
leaves(const char *pattern, struct sv line)
{
    struct line_starts *starts = line_starts_new(&arena);
    struct line_starts_left left;
    assert_int_equal(line_starts_add(starts, sv_from(pattern)), 0);
    assert_int_equal(line_starts_count(starts), 1);
    line_starts_ready(starts);
    line_starts_look(starts, line, &left);
    return line_starts_has(&left, 0);
}

static void
test_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *line;
        bool left;
    } cases[] = {
        {"crane", "crane", true},
        {"crane", "cranes", false},
        {"crane", "cran", false},
        {"cranes?", "crane", true},
        {"", "", true},
        {"", "x", false},
        {"a{2,3}b", "ab", false},
        {"a{2,3}b", "aab", true},
        {"a{2,3}b", "aaab", true},
        {"a{2,3}b", "aaaab", false},
        {"a{3}", "aaa", true},
        {"a{3}", "aaaa", false},
        {"a{2,}", "a", false},
        {"a{2,}", "aaaaa", true},
        {"a{0,300}b", "aaaab", true},
        {"a{x}", "a{x}", true},
        {"(?:lift|lower|)ed", "lifted", true},
        {"(?:lift|lower|)ed", "ed", true},
        {"(?:lift|lower|)ed", "loered", false},
        {"(?<name>[a-z]+)=(?>\\d+)", "berth=4", true},
        {"(?<name>[a-z]+)=(?>\\d+)", "berth4=4", false},
        {"(?<name>[a-z]+)=(?>\\d+)", "berth=x", false},
        {"(?:(?:ab)+c)*+d?+", "ababcabc", true},
        {"(?:(?:ab)+c)*+d?+", "ababcab", false},
        {"[^\\]\\s\\-]+ .*", "quay 4\nrope", true},
        {"[^\\]\\s\\-]+ .*", "qu-ay 4", false},
        {"[]x]+", "]x]", true},
        {"[a-]+", "a-a", true},
        {"[\\w.\\-$]+", "Aa_9.-$", true},
        {"[\\w.\\-$]+", "a b", false},
        {"\\D\\W\\S", "x-y", true},
        {"\\D\\W\\S", "1-y", false},
        {"\\D\\W\\S", "xxy", false},
        {"\\t\\n\\[\\.", "\t\n[.", true},
        {"\\t\\n\\[\\.", "\t\n[x", false},
        {"\\xE2\\x80[\\xba-\\xbB]", "\xE2\x80\xBB", true},
        {"\\xE2\\x80[\\xba-\\xbB]", "\xE2\x80\xBC", false},
        {"^x$", "x", true},
        /* What only looks around is passed over: more is left than matches. */
        {"(?=y)(?!x)(?<=a)(?<!b)\\bx", "x", true},
        {"(?=y)(?!x)(?<=a)(?<!b)\\bx", "y", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (leaves(cases[i].pattern, sv_from(cases[i].line)) != cases[i].left)
            fail_msg("%s: %s", cases[i].pattern, cases[i].line);
}

static void
test_what_is_not_understood_is_left_by_every_line(void **state)
{
    (void)state;
    static const char *const patterns[] = {"(?i)crane", "(a)\\1",      "[[:alpha:]]", "\\x4",
                                           "(crane",    "crane)",      "[crane",      "*",
                                           "(?|a|b)",   "(?P<name>a)", "\\",          "(?<name"};
    struct line_starts *starts = line_starts_new(&arena);
    struct line_starts_left left;
    size_t count = sizeof(patterns) / sizeof(patterns[0]);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(line_starts_add(starts, sv_from(patterns[i])), i);
    assert_int_equal(line_starts_add(starts, SV("crane")), count);
    line_starts_ready(starts);
    line_starts_look(starts, SV("quay"), &left);
    for (size_t i = 0; i < count; i++)
        if (!line_starts_has(&left, i) || line_starts_knows(starts, i))
            fail_msg("%s", patterns[i]);
    assert_true(line_starts_knows(starts, count));
    assert_false(line_starts_has(&left, count));
}

/* Forty times forty times forty: too many for the first pattern; the next one has its states. */
static void
test_too_many_states(void **state)
{
    (void)state;
    struct line_starts *starts = line_starts_new(&arena);
    struct line_starts_left left;
    assert_int_equal(line_starts_add(starts, SV("(((quay berth ){40}){40}){40}")), 0);
    assert_int_equal(line_starts_add(starts, SV("((quay ){40}){40}")), 1);
    line_starts_ready(starts);
    assert_false(line_starts_knows(starts, 0));
    assert_true(line_starts_knows(starts, 1));
    line_starts_look(starts, SV("crane"), &left);
    assert_true(line_starts_has(&left, 0));
    assert_false(line_starts_has(&left, 1));
}

static void
test_only_the_first_bytes_are_looked_at(void **state)
{
    (void)state;
    char line[LINE_START_BYTES + 2];
    memset(line, 'a', sizeof(line));
    line[LINE_START_BYTES - 1] = 'b';
    assert_false(leaves("a*", sv_of(line, sizeof(line))));
    line[LINE_START_BYTES - 1] = 'a';
    line[LINE_START_BYTES] = 'b';
    assert_true(leaves("a*", sv_of(line, sizeof(line))));
    assert_false(leaves("a*", sv_of(line + 2, sizeof(line) - 2)));
}

/* Each of the last twelve bytes has to be known: more places than are kept. */
static void
test_more_places_than_are_kept(void **state)
{
    (void)state;
    struct line_starts *starts = line_starts_new(&arena);
    struct line_starts_left left;
    char line[40];
    size_t wrong = 0;
    assert_int_equal(line_starts_add(starts, SV("[ab]*a[ab]{13}")), 0);
    assert_int_equal(line_starts_add(starts, SV("[ab]*c")), 1);
    line_starts_ready(starts);
    for (uint32_t seed = 1; seed < 20000; seed++) {
        uint32_t bits = seed * UINT32_C(2654435761);
        for (size_t i = 0; i < sizeof(line); i++)
            line[i] = (bits >> (i % 31) & 1) != 0 ? 'a' : 'b';
        line_starts_look(starts, sv_of(line, sizeof(line)), &left);
        if (line[sizeof(line) - 14] == 'a')
            assert_true(line_starts_has(&left, 0));
        wrong += line[sizeof(line) - 14] != 'a' && line_starts_has(&left, 0);
    }
    assert_true(wrong > 0); /* some walks ended where no more places were kept */
}

static void
test_most_patterns(void **state)
{
    (void)state;
    struct line_starts *starts = line_starts_new(&arena);
    struct line_starts_left left, last = {{0}};
    for (int i = 0; i < LINE_STARTS_MAX; i++)
        assert_int_equal(line_starts_add(starts, i % 2 == 0 ? SV("crane") : SV("quay")), i);
    assert_int_equal(line_starts_add(starts, SV("berth")), -1);
    line_starts_ready(starts);
    line_starts_look(starts, SV("quay"), &left);
    for (size_t i = 0; i < LINE_STARTS_MAX; i++)
        assert_int_equal(line_starts_has(&left, i), i % 2 == 1);
    line_starts_set(&last, LINE_STARTS_MAX - 1);
    assert_true(line_starts_any(&left, &last));
    line_starts_look(starts, SV("crane"), &left);
    assert_false(line_starts_any(&left, &last));
}

/* ---- those of the program ---- */

static const struct line_format *formats[FORMATS_MAX];
static size_t format_count;

static void
take(const struct line_format *format, void *own)
{
    struct line_starts *starts = own;
    assert_true(format_count < FORMATS_MAX);
    for (size_t i = 0; i < format->line_count; i++)
        assert_true(line_starts_add(starts, format->lines[i].text) >= 0);
    for (size_t i = 0; i < format->none_count; i++)
        assert_true(line_starts_add(starts, format->none[i].text) >= 0);
    formats[format_count++] = format;
}

static struct line_starts *
read_formats(void)
{
    struct strbuf problems;
    struct line_starts *starts = line_starts_new(&arena);
    strbuf_init(&problems, 0);
    assert_int_equal(format_count, 0);
    for (const struct embedded_file *file = embedded_lines; file->name != NULL; file++)
        assert_true(line_formats_read(&arena, file->name, sv_of(file->text, file->size), &problems,
                                      take, starts));
    line_starts_ready(starts);
    strbuf_release(&problems);
    return starts;
}

static void
release_formats(void)
{
    while (format_count > 0)
        line_format_release(formats[--format_count]);
    line_patterns_forget(0);
}

static size_t
compare(const struct line_format *format, const struct line_pattern *patterns, size_t count,
        struct sv line, const struct line_starts_left *left, size_t number)
{
    struct sv values[LINE_NAMES_MAX];
    struct line_match match = {values};
    size_t matched = 0;
    for (size_t i = 0; i < count; i++) {
        if (!line_pattern_match(format, &patterns[i], line, &match))
            continue;
        matched++;
        if (!line_starts_has(left, number + i))
            fail_msg("pattern %zu of %s: " SV_FMT, i, format->name, SV_ARG(line));
    }
    return matched;
}

/* How many patterns match it; each is among those that are left. */
static size_t
look(const struct line_starts *starts, struct sv line)
{
    struct line_starts_left left;
    size_t number = 0, matched = 0;
    line_starts_look(starts, line, &left);
    for (size_t i = 0; i < format_count; i++) {
        const struct line_format *format = formats[i];
        matched += compare(format, format->lines, format->line_count, line, &left, number);
        number += format->line_count;
        matched += compare(format, format->none, format->none_count, line, &left, number);
        number += format->none_count;
    }
    return matched;
}

struct look {
    const struct line_starts *starts;
    size_t matched;
};

static void *
look_at_fixtures(void *opaque)
{
    struct look *one = opaque;
    for (size_t i = 0; i < fixture_count; i++) {
        struct sv rest = fixtures[i].input, line;
        if (!sv_empty(sv_trim(rest)))
            one->matched += look(one->starts, sv_trim(rest));
        while (sv_split(&rest, '\n', &line))
            if (!sv_empty(sv_trim(line)))
                one->matched += look(one->starts, sv_trim(line));
    }
    return NULL;
}

static void
test_no_line_of_a_format_is_ruled_out(void **state)
{
    (void)state;
    struct look one = {read_formats(), 0};
    (void)look_at_fixtures(&one);
    assert_true(one.matched > format_count);
    release_formats();
}

static void
test_threads(void **state)
{
    (void)state;
    const struct line_starts *starts = read_formats();
    struct look looks[2] = {{starts, 0}, {starts, 0}};
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, look_at_fixtures, &looks[i]), 0);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_true(looks[0].matched > format_count);
    assert_int_equal(looks[0].matched, looks[1].matched);
    release_formats();
}

/* A pattern that is left by every line costs each of them a match. */
static void
test_all_patterns_of_the_program_are_understood(void **state)
{
    (void)state;
    const struct line_starts *starts = read_formats();
    for (size_t i = 0; i < line_starts_count(starts); i++)
        if (!line_starts_knows(starts, i))
            fail_msg("pattern %zu", i);
    assert_false(line_starts_knows(starts, line_starts_count(starts)));
    release_formats();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_what_is_not_understood_is_left_by_every_line),
        cmocka_unit_test(test_too_many_states),
        cmocka_unit_test(test_only_the_first_bytes_are_looked_at),
        cmocka_unit_test(test_more_places_than_are_kept),
        cmocka_unit_test(test_most_patterns),
        cmocka_unit_test(test_no_line_of_a_format_is_ruled_out),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_all_patterns_of_the_program_are_understood),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
