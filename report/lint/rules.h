/*
 * The rules as they are in memory, see lint.h: read by rule_file.c, completed by rules.c. They do
 * not change after lint_rules_new().
 */
#ifndef REPORT_LINT_RULES_H
#define REPORT_LINT_RULES_H

#include "report/lint/lint.h"
#include "report/lint/page.h"

#define RULE_PATTERNS_MAX 12 /* of a rule, and as many exceptions */
#define RULE_EXAMPLES_MAX 40
#define RULE_LISTS_MAX 64
#define RULE_ID_MAX 16

enum lint_check {
#define CHECK(name) CHECK_##name,
#include "report/lint/checks.def"
#undef CHECK
    CHECK_COUNT
};

enum rule_fix { RULE_NO_FIX, RULE_DELETE, RULE_REPLACE };

/* What a line of the file says. */
struct rule_line {
    struct sv text;
    int line;
};

struct rule_example {
    struct sv text; /* \n are line ends */
    bool fires;
    int line;
};

struct lint_rule {
    struct sv id, name, message, instead, replacement;
    enum lint_level level;
    enum lint_check check;
    enum rule_fix fix;
    uint32_t in, not_in; /* sections as bits; `in` 0: all */
    struct rule_line patterns[RULE_PATTERNS_MAX], excepts[RULE_PATTERNS_MAX];
    size_t pattern_count, except_count;
    struct rule_example examples[RULE_EXAMPLES_MAX];
    size_t example_count;
    bool team; /* its last section is of the team's file */
    int line;  /* of that section */
};

/* "@name = a | b": words between '|'. */
struct rule_list {
    struct sv name, words;
};

struct lint_rules {
    struct arena arena;
    struct lint_rule *items;
    size_t count, room;
    struct rule_list lists[RULE_LISTS_MAX];
    size_t list_count;
};

/* Adds what a file says. CONFIG: "NAME:LINE: what is wrong". */
int rule_file_read(struct lint_rules *rules, struct sv text, const char *name, bool team,
                   struct err *err) MUST_CHECK;
/* The rule of that name or id; their count: there is none. */
size_t rules_find(const struct lint_rules *rules, struct sv name_or_id);
/* The words of a list, or nothing. */
struct sv rules_list(const struct lint_rules *rules, struct sv name);
/*
 * The pattern with its lists put in: {{name}}; {{person}} and {{people}} with these names, too,
 * which are taken by the letter. CONFIG without the name of the file where there is no such list.
 */
int rules_expand(const struct lint_rules *rules, struct sv pattern, const struct sv *names,
                 size_t name_count, struct strbuf *out, struct err *err) MUST_CHECK;

#endif
