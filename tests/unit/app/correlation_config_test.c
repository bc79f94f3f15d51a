/*
 * The options that results depend on: what docs/correlation.md says of them is what the program
 * has, each of them changes what is applied, and values that contradict each other are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/correlation_config.h"
#include "base/clock.h"
#include "correlate/story/languages.h"

#define CELLS_MAX 8

struct cells {
    struct sv at[CELLS_MAX];
    size_t count;
};

/* "| a | b |" to a, b; false where the line is not a row of a table. */
static bool
cells_of(struct sv line, struct cells *ret_cells)
{
    struct sv cell, rest = sv_trim(line);
    if (!sv_starts(rest, SV("| ")) || rest.ptr[rest.len - 1] != '|')
        return false;
    rest = sv_slice(rest, 1, rest.len - 1);
    ret_cells->count = 0;
    while (ret_cells->count < CELLS_MAX && sv_split(&rest, '|', &cell))
        ret_cells->at[ret_cells->count++] = sv_trim(cell);
    return true;
}

/* "24 h", "5 min" or "500", as the option takes it. */
static int64_t
number_of(enum option option, struct sv text)
{
    char value[32];
    size_t used = 0;
    int64_t number;
    struct err err;
    for (size_t i = 0; i < text.len && used + 1 < sizeof(value); i++)
        if (text.ptr[i] != ' ')
            value[used++] = text.ptr[i];
    value[used] = '\0';
    if (config_read_value(option, value, &number, &err) != 0)
        fail_msg("%s: %s", config_option_name(option), err.message);
    return number;
}

static void
same_default(const struct config *config, bool seen[], const char *prefix, struct sv key,
             struct sv value)
{
    char name[128];
    snprintf(name, sizeof(name), "%s" SV_FMT, prefix, SV_ARG(key));
    enum option option = config_option_find(name);
    if (option == OPTION_COUNT)
        fail_msg("docs/correlation.md names %s, which no option is called", name);
    if (number_of(option, value) != config_number(config, option))
        fail_msg("docs/correlation.md says that %s is " SV_FMT ", and it is %s", name,
                 SV_ARG(value), config_option_default(option));
    assert_false(seen[option]);
    seen[option] = true;
}

/* Of a row of the table of keys: "host | 10 min | 600", twice in a line. */
static void
take_keys(const struct config *config, bool seen[], const struct cells *cells)
{
    for (size_t i = 0; i + 2 < cells->count; i += 4) {
        struct sv key = cells->at[i], words = key;
        sv_split(&words, ' ', &key);
        same_default(config, seen, "grouping.gap_", key, cells->at[i + 1]);
        same_default(config, seen, "grouping.weight_", key, cells->at[i + 2]);
    }
}

/* Of a row of the table of options: "`neighbours` | 4 | ...". */
static void
take_option(const struct config *config, bool seen[], const struct cells *cells)
{
    struct sv name = sv_slice(cells->at[0], 1, cells->at[0].len - 1);
    same_default(config, seen, sv_starts(name, SV("correlate.")) ? "" : "grouping.", name,
                 cells->at[1]);
}

static void
the_page_says_what_the_options_are(void **state)
{
    (void)state;
    enum { NONE, KEYS, OPTIONS } table = NONE;
    struct config *config = config_new();
    bool seen[OPTION_COUNT] = {false};
    FILE *page = fopen("docs/correlation.md", "r");
    char *line = NULL;
    size_t size = 0;
    assert_non_null(page);
    while (getline(&line, &size, page) > 0) {
        struct cells cells;
        if (!cells_of(sv_from(line), &cells))
            table = sv_starts(sv_from(line), SV("|---")) ? table : NONE;
        else if (cells.count > 1 && sv_eq(cells.at[1], SV("`gap_KEY`")))
            table = KEYS;
        else if (sv_eq(cells.at[0], SV("option")))
            table = OPTIONS;
        else if (table == KEYS)
            take_keys(config, seen, &cells);
        else if (table == OPTIONS)
            take_option(config, seen, &cells);
    }
    free(line);
    fclose(page);
#define SETTING(name, type, member, option)                                                        \
    if (!seen[OPT_##option])                                                                       \
        fail_msg("docs/correlation.md does not tell of %s", config_option_name(OPT_##option));
#include "correlate/settings.def"
#undef SETTING
    for (enum option i = 0; i < OPTION_COUNT; i++)
        if (strcmp(config_option_section(i), "grouping") == 0 && !seen[i])
            fail_msg("%s is not a setting that is applied", config_option_name(i));
    config_free(config);
}

static void
digest_with(enum option option, const char *value, char ret_hex[SHA256_HEX + 1])
{
    struct config *config = config_new();
    struct correlation_config settings;
    struct strbuf texts;
    struct err err;
    assert_int_equal(config_set(config, option, value, ORIGIN_COMMAND, &err), 0);
    assert_int_equal(correlation_config_read(config, &texts, &settings, &err), 0);
    correlation_config_digest(&settings, ret_hex);
    strbuf_release(&texts);
    config_free(config);
}

static void
each_option_is_part_of_what_is_applied(void **state)
{
    (void)state;
    char of_default[SHA256_HEX + 1], hex[SHA256_HEX + 1];
    digest_with(OPT_grouping_neighbours, config_option_default(OPT_grouping_neighbours),
                of_default);
    for (enum option i = 0; i < OPTION_COUNT; i++) {
        bool numbers = strcmp(config_option_section(i), "grouping") == 0;
        if (!numbers)
            continue;
        digest_with(i, config_option_type(i) == OPTION_DURATION ? "61m" : "2", hex);
        if (strcmp(hex, of_default) == 0)
            fail_msg("%s does not count", config_option_name(i));
    }
}

static size_t
languages_with(const char *value, struct sv ret_names[3], struct strbuf *texts, struct arena *arena)
{
    struct config *config = config_new();
    struct correlation_config settings;
    struct phrase_rules rules;
    struct err err;
    size_t count = 0;
    assert_int_equal(config_set(config, OPT_correlate_rules, value, ORIGIN_COMMAND, &err), 0);
    if (correlation_config_read(config, texts, &settings, &err) != 0 ||
        phrase_languages_read(arena, correlation_rules(&settings), correlation_languages(&settings),
                              &rules, &err) != 0)
        fail_msg("%s: %s", value, err.message);
    for (const struct phrase_rules *at = &rules; at != NULL; at = at->next)
        ret_names[count++] = at->language;
    config_free(config);
    return count;
}

static void
rules_are_a_file_each_language(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        size_t count;
        const char *names[2];
    } cases[] = {
        {"", 2, {"en", "de"}},
        {"en", 1, {"en", ""}},
        {"de", 1, {"de", ""}},
        {"de, en", 2, {"de", "en"}},
        {"correlate/rules/chat_rules.tsv,correlate/rules/chat_rules.de.tsv", 2, {"en", "de"}}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sv names[3];
        struct strbuf texts;
        struct arena arena;
        arena_init(&arena, 0);
        size_t count = languages_with(cases[i].value, names, &texts, &arena);
        assert_int_equal(count, cases[i].count);
        for (size_t n = 0; n < count; n++)
            assert_true(sv_eq(names[n], sv_from(cases[i].names[n])));
        strbuf_release(&texts);
        arena_release(&arena);
    }
    struct config *config = config_new();
    struct correlation_config settings;
    struct strbuf texts;
    struct err err = {0};
    assert_int_equal(config_set(config, OPT_correlate_rules, "en,,de", ORIGIN_COMMAND, &err), 0);
    assert_int_equal(correlation_config_read(config, &texts, &settings, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    strbuf_release(&texts);
    config_free(config);
}

static void
what_contradicts_is_refused(void **state)
{
    (void)state;
    struct config *config = config_new();
    struct correlation_config settings;
    struct strbuf texts;
    struct err err = {0};
    assert_int_equal(config_set(config, OPT_correlate_key_rows_most, "3", ORIGIN_COMMAND, &err), 0);
    assert_int_equal(correlation_config_read(config, &texts, &settings, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    assert_non_null(strstr(err.message, "key_rows_least is 6, and key_rows_most only 3"));
    strbuf_release(&texts);
    config_free(config);
}

static void
bounds_are_said(void **state)
{
    (void)state;
    static const struct {
        enum option option;
        const char *value, *hint;
    } cases[] = {
        {OPT_grouping_threshold, "0", "1 to 10000"},
        {OPT_grouping_weight_host, "10001", "0 to 10000"},
        {OPT_grouping_gap_host, "3651d", "0 to 3650d"},
        {OPT_grouping_gap_host, "-5m", "5m"},
        {OPT_grouping_neighbours, "0", "1 to 1000"},
        {OPT_grouping_levels, "5", "0 to 4"},
        {OPT_grouping_max_span, "0", "1s to 3650d"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct err err = {0};
        int64_t number;
        assert_int_equal(config_read_value(cases[i].option, cases[i].value, &number, &err), -1);
        assert_int_equal(err.code, ERR_CONFIG);
        assert_non_null(strstr(err.hint, cases[i].hint));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_says_what_the_options_are),
        cmocka_unit_test(each_option_is_part_of_what_is_applied),
        cmocka_unit_test(rules_are_a_file_each_language),
        cmocka_unit_test(what_contradicts_is_refused),
        cmocka_unit_test(bounds_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
