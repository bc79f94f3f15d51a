/*
 * Rules read, tried and proved by their examples: see lint.h.
 */
#include <stdlib.h>

#include "base/embedded.h"
#include "base/memory.h"
#include "base/text/utf8.h"
#include "report/lint/pattern.h"
#include "report/lint/rules.h"

#define BUILT_IN "rules.ini"

/* ---- making ---- */

/* Is each pattern one? It is compiled again for a document, with the names that are there. */
static int
try_patterns(const struct lint_rules *rules, const struct rule_line *lines, size_t count,
             const char *name, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct pattern *pattern;
        if (pattern_new(rules, lines[i].text, NULL, 0, &pattern, err) != 0)
            return err_prefix(err, "%s:%d", name, lines[i].line);
        pattern_free(pattern);
    }
    return 0;
}

static int
try_rule(const struct lint_rules *rules, const struct lint_rule *rule, const char *name,
         struct err *err)
{
    if (sv_empty(rule->message))
        return err_set(err, ERR_CONFIG, "%s:%d: [" SV_FMT "] has no message", name, rule->line,
                       SV_ARG(rule->name));
    if (rule->check == CHECK_words && rule->pattern_count == 0 && rule->level != LINT_OFF)
        return err_set(err, ERR_CONFIG, "%s:%d: [" SV_FMT "] has neither pattern nor check", name,
                       rule->line, SV_ARG(rule->name));
    if (try_patterns(rules, rule->patterns, rule->pattern_count, name, err) != 0)
        return -1;
    return try_patterns(rules, rule->excepts, rule->except_count, name, err);
}

/* ---- examples ---- */

static bool
fires(const struct lint_findings *findings, size_t rule)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].rule == rule && !findings->items[i].allowed)
            return true;
    return false;
}

static int
prove_rule(const struct lint_rules *rules, size_t index, const char *name, struct err *err)
{
    const struct lint_rule *rule = &rules->items[index];
    struct arena arena;
    int status = 0;
    arena_init(&arena, 0);
    for (size_t i = 0; i < rule->example_count && status == 0 && rule->level != LINT_OFF; i++) {
        struct lint_findings findings;
        arena_reset(&arena);
        status = lint_text(rules, rule->examples[i].text, &arena, &findings, err);
        if (status == 0 && fires(&findings, index) != rule->examples[i].fires)
            status = err_set(err, ERR_CONFIG, "%s:%d: [" SV_FMT "] %s in this example", name,
                             rule->examples[i].line, SV_ARG(rule->name),
                             rule->examples[i].fires ? "finds nothing" : "finds something");
    }
    arena_release(&arena);
    return status;
}

int
lint_rules_prove(const struct lint_rules *rules, struct err *err)
{
    for (size_t i = 0; i < rules->count; i++)
        if (prove_rule(rules, i, BUILT_IN, err) != 0)
            return -1;
    return 0;
}

static int
read_team(struct lint_rules *rules, struct sv team, const char *name, struct err *err)
{
    if (team.len > LINT_RULES_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "%s is larger than %zu MiB", name,
                       LINT_RULES_BYTES_MAX >> 20);
    if (!utf8_storable(team))
        return err_set(err, ERR_CONFIG, "%s is not UTF-8 text", name);
    if (rule_file_read(rules, team, name, true, err) != 0)
        return -1;
    for (size_t i = 0; i < rules->count; i++)
        if (rules->items[i].team && try_rule(rules, &rules->items[i], name, err) != 0)
            return -1;
    for (size_t i = 0; i < rules->count; i++)
        if (rules->items[i].team && prove_rule(rules, i, name, err) != 0)
            return -1;
    return 0;
}

static int
read_built_in(struct lint_rules *rules, struct err *err)
{
    const struct embedded_file *file = embedded_find(embedded_lint, BUILT_IN);
    if (file == NULL)
        return err_set(err, ERR_INTERNAL, "the rules of lint are not in the program");
    if (rule_file_read(rules, sv_of(file->text, file->size), BUILT_IN, false, err) != 0)
        return -1;
    for (size_t i = 0; i < rules->count; i++)
        if (try_rule(rules, &rules->items[i], BUILT_IN, err) != 0)
            return -1;
    return 0;
}

int
lint_rules_new(struct sv team, const char *team_name, struct lint_rules **ret_rules,
               struct err *err)
{
    struct lint_rules *rules = memory_calloc(1, sizeof(*rules));
    arena_init(&rules->arena, 0);
    int status = read_built_in(rules, err);
    if (status == 0 && team.ptr != NULL)
        status = read_team(rules, team, team_name, err);
    if (status != 0) {
        lint_rules_free(rules);
        return -1;
    }
    *ret_rules = rules;
    return 0;
}
