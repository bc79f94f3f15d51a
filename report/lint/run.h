/*
 * One document being looked at: what the checks share. It belongs to one call of lint_text().
 */
#ifndef REPORT_LINT_RUN_H
#define REPORT_LINT_RUN_H

#include "report/lint/page.h"
#include "report/lint/plain.h"
#include "report/lint/rules.h"

#define NAMES_MAX 200 /* people of a document */

/* A comment that allows a rule. */
struct allowed {
    size_t from, to; /* bytes of the document that it is about */
    size_t rule;
    struct sv reason;
    size_t comment; /* of page.comments */
    bool used;
};

struct lint {
    const struct lint_rules *rules;
    struct sv text;
    struct page page;
    struct arena *arena; /* the caller's: what findings hold */
    struct arena scratch;
    struct plain *plains; /* of each block; without bytes where it is not wording */
    struct sv names[NAMES_MAX];
    size_t name_count;
    struct lint_finding *items;
    size_t count, room, left_out;
    struct allowed *allowed;
    size_t allowed_count, allowed_room;
};

/* Tells the bytes [from, to): "WORDS: MESSAGE FORMAT; write INSTEAD". `format` NULL: nothing more.
 */
struct lint_finding *
lint_add(struct lint *lint, const struct lint_rule *rule, size_t from, size_t to,
         const char *format, ...) __attribute__((format(printf, 5, 6)));
bool lint_applies(const struct lint_rule *rule, enum page_section section);
/* Does the document say in which words what is said? Not headings, prompts, records, lists of data.
 */
bool lint_is_wording(const struct page_block *block);
/* Is there a link, a citation or a note of where it is from? */
bool lint_has_evidence(struct sv text);
/* A cell of this row below a head that a word of the list begins; `words` between '|'. */
const struct page_block *
lint_cell_under(const struct lint *lint, const struct page_row *row, const char *words);

/* The checks, one a rule: each tells what it finds. LIMIT: a pattern takes too long. */
#define CHECK(name)                                                                                \
    int check_##name(struct lint *lint, const struct lint_rule *rule, struct err *err) MUST_CHECK;
#include "report/lint/checks.def"
#undef CHECK

/* Before the checks: who is named in the document. */
void names_find(struct lint *lint);
/* Before and after them: comments that allow a rule. */
void allow_find(struct lint *lint);
void allow_apply(struct lint *lint);

#endif
