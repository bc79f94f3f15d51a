/*
 * Findings as text, JSON and SARIF: lines as compilers write them, harmless on a terminal; SARIF
 * with every member that the published schema of 2.1.0 requires, and only words that it lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "report/lint/write.h"

#define TEXT                                                                                       \
    "Human error.\n\nObviously it was slow, a nightmare.\n\n"                                      \
    "Human error. <!-- lint: allow blame-label it is the \"name\" -->\n"

struct made {
    struct lint_rules *rules;
    struct arena arena;
    struct lint_file files[2];
    struct strbuf out;
};

static void
make(struct made *made)
{
    struct err err = {0};
    arena_init(&made->arena, 0);
    strbuf_init(&made->out, 0);
    assert_int_equal(lint_rules_new(SV_NONE, NULL, &made->rules, &err), 0);
    made->files[0] = (struct lint_file){.name = "a b/ä%.md", .text = SV(TEXT)};
    made->files[1] = (struct lint_file){.name = "-", .text = SV("fine")};
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(lint_text(made->rules, made->files[i].text, &made->arena,
                                   &made->files[i].findings, &err),
                         0);
}

static void
release(struct made *made)
{
    strbuf_release(&made->out);
    arena_release(&made->arena);
    lint_rules_free(made->rules);
}

static void
text_is_as_compilers_write_it(void **state)
{
    (void)state;
    struct made made;
    make(&made);
    made.files[0].name = "a\x1b[31m.md";
    lint_write_text(made.rules, made.files, 2, &made.out);
    assert_non_null(strstr(made.out.ptr, ".md:1:1: error: “Human error”: a label"));
    assert_non_null(strstr(made.out.ptr, ".md:3:1: warning: “Obviously”: "));
    assert_non_null(strstr(made.out.ptr, " [PM301 blame-label]\n"));
    assert_non_null(strstr(made.out.ptr, " [PM311 animated]\n"));
    assert_null(strstr(made.out.ptr, ":5:")); /* allowed */
    assert_null(strchr(made.out.ptr, '\x1b'));
    assert_int_equal(lint_count(made.files, 2, LINT_NOTE), 3);
    assert_int_equal(lint_count(made.files, 2, LINT_WARNING), 2);
    assert_int_equal(lint_count(made.files, 2, LINT_ERROR), 1);
    release(&made);
}

static json_t *
parse(const struct made *made)
{
    json_error_t error;
    json_t *root = json_loadb(made->out.ptr, made->out.len, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        fail_msg("%s", error.text);
    return root;
}

static void
json_has_what_allows_and_counts(void **state)
{
    (void)state;
    struct made made;
    make(&made);
    lint_write_json(made.rules, made.files, 2, &made.out);
    json_t *root = parse(&made), *files = json_object_get(root, "files");
    json_t *findings = json_object_get(json_array_get(files, 0), "findings");
    assert_int_equal(json_array_size(files), 2);
    assert_int_equal(json_array_size(findings), 4);
    assert_true(json_is_null(json_object_get(json_array_get(findings, 0), "allowed")));
    assert_string_equal(json_string_value(json_object_get(json_array_get(findings, 3), "allowed")),
                        "it is the \"name\"");
    json_t *counts = json_object_get(root, "counts");
    assert_int_equal(json_integer_value(json_object_get(counts, "error")), 1);
    assert_int_equal(json_integer_value(json_object_get(counts, "warning")), 1);
    assert_int_equal(json_integer_value(json_object_get(counts, "note")), 1);
    json_decref(root);
    release(&made);
}

/* What sarif-schema-2.1.0.json requires of the objects that we write, and the members it knows. */
static const struct {
    const char *object, *required, *known;
} objects[] = {
    {"log", "version runs", " $schema version runs "},
    {"run", "tool", " tool columnKind results "},
    {"tool", "driver", " driver extensions "},
    {"toolComponent", "name", " name version rules "},
    {"reportingDescriptor", "id", " id name shortDescription help defaultConfiguration "},
    {"multiformatMessageString", "text", " text markdown "},
    {"reportingConfiguration", "", " enabled level "},
    {"result", "message", " ruleId ruleIndex level message locations fixes suppressions "},
    {"message", "text", " text "},
    {"location", "", " physicalLocation "},
    {"physicalLocation", "artifactLocation", " artifactLocation region "},
    {"artifactLocation", "", " uri "},
    {"region", "", " startLine startColumn endLine endColumn byteOffset byteLength "},
    {"fix", "artifactChanges", " artifactChanges "},
    {"artifactChange", "artifactLocation replacements", " artifactLocation replacements "},
    {"replacement", "deletedRegion", " deletedRegion insertedContent "},
    {"artifactContent", "", " text "},
    {"suppression", "kind", " kind justification "},
};

static void
is(json_t *value, const char *object)
{
    size_t i = 0;
    while (i < sizeof(objects) / sizeof(objects[0]) && strcmp(objects[i].object, object) != 0)
        i++;
    assert_true(i < sizeof(objects) / sizeof(objects[0]));
    assert_true(json_is_object(value));
    struct sv rest = sv_from(objects[i].required), name;
    while (sv_split(&rest, ' ', &name)) {
        char member[64];
        snprintf(member, sizeof(member), SV_FMT, SV_ARG(name));
        if (name.len > 0 && json_object_get(value, member) == NULL)
            fail_msg("%s lacks %s", object, member);
    }
    const char *key;
    json_t *one;
    json_object_foreach(value, key, one)
    {
        char member[64];
        snprintf(member, sizeof(member), " %s ", key);
        if (strstr(objects[i].known, member) == NULL)
            fail_msg("%s has %s, which the schema does not know", object, key);
    }
}

static bool
one_of(json_t *value, const char *words)
{
    char word[64];
    snprintf(word, sizeof(word), " %s ", json_string_value(value));
    return strstr(words, word) != NULL;
}

static void
check_result(json_t *result)
{
    is(result, "result");
    is(json_object_get(result, "message"), "message");
    assert_true(one_of(json_object_get(result, "level"), " none note warning error "));
    json_t *location = json_array_get(json_object_get(result, "locations"), 0);
    is(location, "location");
    json_t *place = json_object_get(location, "physicalLocation");
    is(place, "physicalLocation");
    json_t *artifact = json_object_get(place, "artifactLocation");
    is(artifact, "artifactLocation");
    assert_string_equal(json_string_value(json_object_get(artifact, "uri")), "a%20b/%C3%A4%25.md");
    json_t *region = json_object_get(place, "region");
    is(region, "region");
    assert_true(json_integer_value(json_object_get(region, "startLine")) >= 1);
    assert_true(json_integer_value(json_object_get(region, "startColumn")) >= 1);
}

static void
check_fix(json_t *fix)
{
    is(fix, "fix");
    json_t *change = json_array_get(json_object_get(fix, "artifactChanges"), 0);
    is(change, "artifactChange");
    json_t *replacement = json_array_get(json_object_get(change, "replacements"), 0);
    is(replacement, "replacement");
    json_t *region = json_object_get(replacement, "deletedRegion");
    is(region, "region");
    assert_int_equal(json_integer_value(json_object_get(region, "byteOffset")), 14);
    is(json_object_get(replacement, "insertedContent"), "artifactContent");
}

static void
check_rules(json_t *driver, size_t count)
{
    json_t *list = json_object_get(driver, "rules");
    assert_int_equal(json_array_size(list), count);
    for (size_t i = 0; i < count; i++) {
        json_t *rule = json_array_get(list, i);
        is(rule, "reportingDescriptor");
        is(json_object_get(rule, "shortDescription"), "multiformatMessageString");
        is(json_object_get(rule, "defaultConfiguration"), "reportingConfiguration");
    }
}

static void
sarif_has_what_its_schema_requires(void **state)
{
    (void)state;
    struct made made;
    make(&made);
    lint_write_sarif(made.rules, made.files, 2, &made.out);
    json_t *log = parse(&made), *run = json_array_get(json_object_get(log, "runs"), 0);
    is(log, "log");
    assert_string_equal(json_string_value(json_object_get(log, "version")), "2.1.0");
    is(run, "run");
    assert_true(one_of(json_object_get(run, "columnKind"), " utf16CodeUnits unicodeCodePoints "));
    is(json_object_get(run, "tool"), "tool");
    json_t *driver = json_object_get(json_object_get(run, "tool"), "driver");
    is(driver, "toolComponent");
    check_rules(driver, lint_rules_count(made.rules));
    json_t *results = json_object_get(run, "results");
    assert_int_equal(json_array_size(results), 4);
    size_t fixes = 0, suppressions = 0;
    for (size_t i = 0; i < 4; i++) {
        json_t *result = json_array_get(results, i), *fix = json_object_get(result, "fixes");
        json_t *suppression = json_object_get(result, "suppressions");
        check_result(result);
        fixes += fix != NULL;
        suppressions += suppression != NULL;
        if (fix != NULL)
            check_fix(json_array_get(fix, 0));
        if (suppression == NULL)
            continue;
        is(json_array_get(suppression, 0), "suppression");
        assert_true(
            one_of(json_object_get(json_array_get(suppression, 0), "kind"), " inSource external "));
    }
    assert_int_equal(fixes, 1);
    assert_int_equal(suppressions, 1);
    json_decref(log);
    release(&made);
}

/* A rule that is not told of on the page is not one that people can follow or allow. */
static void
the_page_names_every_rule_with_its_severity(void **state)
{
    (void)state;
    struct made made;
    make(&made);
    char *page = arena_alloc(&made.arena, 1 << 18);
    FILE *file = fopen("docs/lint.md", "r");
    assert_non_null(file);
    page[fread(page, 1, (1 << 18) - 1, file)] = '\0';
    fclose(file);
    for (size_t i = 0; i < lint_rules_count(made.rules); i++) {
        struct lint_rule_text rule = lint_rules_at(made.rules, i);
        char row[128];
        snprintf(row, sizeof(row), "\n| " SV_FMT " | `" SV_FMT "` | %s | ", SV_ARG(rule.id),
                 SV_ARG(rule.name), lint_level_name(rule.level));
        assert_true(sv_starts(rule.id, SV("PM")));
        if (strstr(page, row) == NULL)
            fail_msg("docs/lint.md has no row%s", row);
    }
    release(&made);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_as_compilers_write_it),
        cmocka_unit_test(json_has_what_allows_and_counts),
        cmocka_unit_test(sarif_has_what_its_schema_requires),
        cmocka_unit_test(the_page_names_every_rule_with_its_severity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
