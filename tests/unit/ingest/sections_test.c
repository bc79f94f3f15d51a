/*
 * Entries over many lines: which text has them, and where one ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "ingest/parse/yaml.h"
#include "ingest/source/file/sections.h"

#define COMMIT(hash) "commit " hash "\nAuthor: ada <a@example.org>\nDate: 2026-03-10\n\n    text\n"
#define REQUEST(body) "POST /hook HTTP/1.1\r\nHost: a\r\n\r\n" body "\n"
#define OBJECTIVE "apiVersion: openslo/v1\nmetadata:\n  name: a\n"

static void
entries_are_told_from_other_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool sections;
    } cases[] = {
        {COMMIT("4be19c0"), true},
        {"commit 4be19c0 (HEAD -> main)\nMerge: a b\n", true},
        {"commit 4be19c\nAuthor: a\n", false},
        {"commit 4be19c0\nwas bad\n", false},
        {"commit of the day\nAuthor: a\n", false},
        {REQUEST("{}"), true},
        {"GET /health HTTP/2\n\n", true},
        {"GET /health HTTP/1.1 200\n\n", false},
        {"GET /health HTTP/1.1\nno header\n", false},
        {"# of ours\n---\n" OBJECTIVE, true},
        {"version: \"prometheus/v1\"\nservice: a\n", true},
        {"version: 3\nservices:\n", false},
        {"apiVersion: v1\nkind: ConfigMap\n---\n" OBJECTIVE, true},
        {"  apiVersion: openslo/v1\n", false},
        {"{\"a\":1}\n", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if ((file_sections(sv_from(cases[i].text)) != NULL) != cases[i].sections)
            fail_msg("%s", cases[i].text);
}

static void
cut(const char *first, const char *second)
{
    char both[1000];
    snprintf(both, sizeof(both), "%s%s", first, second);
    const struct file_sections *sections = file_sections(sv_from(both));
    assert_non_null(sections);
    assert_int_equal(file_section_length(sections, sv_from(both)), strlen(first));
    /* The last one may go on. */
    assert_int_equal(file_section_length(sections, sv_from(second)), 0);
}

static void
an_entry_ends_where_the_next_begins(void **state)
{
    (void)state;
    cut(COMMIT("4be19c0"), COMMIT("77aa01c"));
    cut("commit 4be19c0\nAuthor: a\n\n    commit 77aa01c was bad\n", COMMIT("77aa01c"));
    cut(REQUEST("{\"a\":\n 1}"), REQUEST("[]"));
    cut("# of ours\n---\n" OBJECTIVE, "---\n" OBJECTIVE);
    cut(OBJECTIVE, "--- # the next\n" OBJECTIVE);
}

static void
scalars_are_found_by_their_keys(void **state)
{
    (void)state;
    static const char document[] = "# a: 0\n"
                                   "---\n"
                                   "a: 1 # one\n"
                                   "b:\n"
                                   "  c: 'x # y'\n"
                                   "  d: many\n"
                                   "    words: of one text\n"
                                   "  e: |\n"
                                   "    first: line\n"
                                   "\n"
                                   "    second\n"
                                   "f:\n"
                                   "- g: 1\n"
                                   "  h: 2\n"
                                   "- g: 3\n"
                                   "i:\n"
                                   "  - - j: 4\n"
                                   "k: a b: c\n"
                                   "l m: 5\n";
    static const struct {
        const char *path;
        size_t nth;
        const char *value;
    } cases[] = {
        {"a", 0, "1"},          {"a", 1, NULL},
        {"b", 0, NULL},         {"b.c", 0, "x # y"},
        {"c", 0, NULL},         {"b.d", 0, "many words: of one text"},
        {"b.words", 0, NULL},   {"b.e", 0, "first: line second"},
        {"b.e.first", 0, NULL}, {"f.g", 0, "1"},
        {"f.h", 0, "2"},        {"f.g", 1, "3"},
        {"f.g", 2, NULL},       {"i.j", 0, "4"},
        {"k", 0, "a b: c"},     {"l m", 0, NULL},
    };
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sv got = yaml_scalar(&arena, sv_from(document), cases[i].path, cases[i].nth);
        bool same = cases[i].value == NULL ? sv_empty(got) : sv_eq(got, sv_from(cases[i].value));
        if (!same)
            fail_msg("%s %zu: " SV_FMT, cases[i].path, cases[i].nth, SV_ARG(got));
    }
    arena_release(&arena);
}

/* Keys that lie deeper than the limit are passed over, however many there are. */
static void
depth_has_a_limit(void **state)
{
    (void)state;
    struct arena arena;
    char text[4000], path[200] = "k";
    size_t used = 0;
    arena_init(&arena, 0);
    for (int i = 0; i < 40; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%*sk:\n", i, "");
    snprintf(text + used, sizeof(text) - used, "%*sk: deep\nk: flat\n", 40, "");
    assert_true(sv_eq(yaml_scalar(&arena, sv_from(text), "k", 0), SV("flat")));
    for (size_t length = 1; length < YAML_DEPTH_MAX + 2; length++) {
        assert_true(sv_empty(yaml_scalar(&arena, sv_from(text), path, 1)));
        memcpy(path + 2 * length - 1, ".k", 3);
    }
    assert_true(sv_empty(yaml_scalar(&arena, sv_from(text), path, 0)));
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_told_from_other_text),
        cmocka_unit_test(an_entry_ends_where_the_next_begins),
        cmocka_unit_test(scalars_are_found_by_their_keys),
        cmocka_unit_test(depth_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
