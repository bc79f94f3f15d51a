/*
 * Findings for people and programs. Each adds to a buffer; the same findings give the same bytes.
 */
#ifndef REPORT_LINT_WRITE_H
#define REPORT_LINT_WRITE_H

#include "report/lint/lint.h"

/* One document that was looked at. */
struct lint_file {
    const char *name; /* as it was given; "-": standard input */
    struct sv text;
    struct lint_findings findings;
};

/* As compilers write: FILE:LINE:COLUMN: severity: message [rule]. Allowed findings are not told. */
void lint_write_text(const struct lint_rules *rules, const struct lint_file *files, size_t count,
                     struct strbuf *out);
/* One object: files with their findings, allowed ones with their reason, and counts. */
void lint_write_json(const struct lint_rules *rules, const struct lint_file *files, size_t count,
                     struct strbuf *out);
/* SARIF 2.1.0: one run, its rules, a result for each finding, fixes and suppressions. */
void lint_write_sarif(const struct lint_rules *rules, const struct lint_file *files, size_t count,
                      struct strbuf *out);
/* Every rule, one a line: id, severity, what it says and what to write instead. */
void lint_write_rules(const struct lint_rules *rules, struct strbuf *out);

/* Findings of a level, or above it, that nothing allows; what was left out counts as the rest. */
size_t lint_count(const struct lint_file *files, size_t count, enum lint_level least);

#endif
