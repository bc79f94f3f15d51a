/*
 * Patterns of rules: PCRE2 in UTF-8, case does not count. A search that takes more than
 * LINT_MATCH_LIMIT steps is given up. One thread each.
 */
#ifndef REPORT_LINT_PATTERN_H
#define REPORT_LINT_PATTERN_H

#include "report/lint/rules.h"

struct pattern;

/* {{lists}} are put in first, see rules_expand(). CONFIG: it is not a pattern. */
int pattern_new(const struct lint_rules *rules, struct sv source, const struct sv *names,
                size_t name_count, struct pattern **ret_pattern, struct err *err) MUST_CHECK;
/* For texts of some length: worth more than it costs from some ten thousand bytes on. */
void pattern_speed_up(struct pattern *pattern);
void pattern_free(struct pattern *pattern);
/* The first match from `from` on: 1 and where, 0: none; -1: LIMIT. An empty match is none. */
int pattern_find(const struct pattern *pattern, struct sv text, size_t from, size_t *ret_from,
                 size_t *ret_to, struct err *err) MUST_CHECK;

#endif
