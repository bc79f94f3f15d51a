/*
 * Lint of postmortems: from the Markdown that people edited, ours or another tool's, to findings.
 * What is looked for is data (rules.ini, embedded, and a file of a team's own): each rule has a
 * severity, patterns or the name of a check, what it says, what to write instead, and examples.
 * Pure: no file is read or written here, and the same text gives the same findings.
 *
 * Wording is looked at in sentences of paragraphs, lists and tables. Code, quotations, links,
 * comments, headings and rows that cite a record are not somebody's wording and are left out.
 *
 * Memory: rules own what they were read from; findings are in the caller's arena and refer to the
 * rules and to the text, which must live as long. One thread.
 */
#ifndef REPORT_LINT_LINT_H
#define REPORT_LINT_LINT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"

#define LINT_BYTES_MAX ((size_t)8 << 20)       /* of a document */
#define LINT_RULES_BYTES_MAX ((size_t)1 << 20) /* of a file of rules */
#define LINT_RULES_MAX 500                     /* rules in all */
#define LINT_FINDINGS_MAX 10000                /* of a document; what is more is counted only */
#define LINT_MATCH_LIMIT 200000                /* steps of a pattern within one sentence */

enum lint_level { LINT_OFF, LINT_NOTE, LINT_WARNING, LINT_ERROR };

/* "note", "warning", "error". */
const char *lint_level_name(enum lint_level level);

struct lint_rules;

/* What people are told of a rule. */
struct lint_rule_text {
    struct sv id, name, message, instead; /* "PM301", "blame-label"; id: the name without one */
    enum lint_level level;
};
/* Adds "PM301 blame-label", or the name alone where that is the id. */
void lint_rule_put(struct lint_rule_text rule, struct strbuf *out);

/*
 * The built-in rules and, unless `team` is absent, those of a team's file, which is called
 * `team_name` in errors. A section of a name or id that is built in changes the keys that it names.
 * CONFIG: a line of the team's file is wrong, or one of its examples does not do as it says; the
 * message begins "NAME:LINE: ".
 */
int lint_rules_new(struct sv team, const char *team_name, struct lint_rules **ret_rules,
                   struct err *err) MUST_CHECK;
void lint_rules_free(struct lint_rules *rules);
size_t lint_rules_count(const struct lint_rules *rules);
struct lint_rule_text lint_rules_at(const struct lint_rules *rules, size_t index);
/* Runs the examples of every rule, not only of a team's. FAILED names the first that is wrong. */
int lint_rules_prove(const struct lint_rules *rules, struct err *err) MUST_CHECK;

struct lint_finding {
    size_t rule; /* index for lint_rules_at() */
    enum lint_level level;
    size_t from, to;                           /* bytes of the text */
    size_t line, column, end_line, end_column; /* from 1; columns count characters */
    struct sv message;                         /* one sentence, what to write instead included */
    bool fixable; /* replacing the bytes [fix_from, fix_to) by `fix` mends it */
    size_t fix_from, fix_to;
    struct sv fix;
    bool allowed; /* by a comment of the document, for this reason */
    struct sv reason;
};

struct lint_findings {
    struct lint_finding *items; /* by place, then by rule */
    size_t count;               /* LINT_FINDINGS_MAX at most */
    size_t left_out;
};

/* LIMIT: the text is too large, or a pattern takes too long on it. BAD_DATA: it is not UTF-8 text.
 */
int lint_text(const struct lint_rules *rules, struct sv text, struct arena *arena,
              struct lint_findings *ret_findings, struct err *err) MUST_CHECK;

/* Adds the text with everything mended that can be, to `out`; returns how many findings that is. */
size_t lint_fix(struct sv text, const struct lint_findings *findings, struct strbuf *out);

#endif
