/*
 * Action items: who, until when, how to tell that it is done, when that is looked at. In tables by
 * the heads of their columns, in lists by words. See run.h.
 */
#include <stdio.h>

#include "report/lint/pattern.h"
#include "report/lint/run.h"

static const struct {
    const char *lacks;
    const char *heads;   /* of a column, words between '|' that begin one */
    const char *pattern; /* in a line of a list */
} parts[] = {
    {"an owner", "owner|assignee|assigned|who|responsible|dri|lead",
     "\\b(?:owner|assignee|assigned to|dri)\\b|(?<!\\w)@\\w|\\bowned by\\b"},
    {"a due date", "due|deadline|eta|target|when|by when",
     "\\b(?:due|deadline|eta|by|until)\\b.{0,20}?\\d|\\b\\d{4}-\\d{2}-\\d{2}\\b"},
    {"a measure", "done when|measure|success|metric|acceptance|definition of done|outcome",
     "\\b(?:done when|measured? by|measure|so that|success)\\b"},
    {"a date to verify", "verif|checked|check on|review",
     "\\bverif\\w+\\b|\\b(?:checked|reviewed|looked at) (?:again )?on\\b"},
};

#define PARTS (sizeof(parts) / sizeof(parts[0]))

static void
tell(struct lint *lint, const struct lint_rule *rule, size_t from, size_t to, const bool *there)
{
    char lacks[128];
    size_t length = 0, missing = 0;
    for (size_t i = 0; i < PARTS; i++)
        if (!there[i]) {
            int wrote = snprintf(lacks + length, sizeof(lacks) - length, "%s%s",
                                 missing++ == 0 ? "" : ", ", parts[i].lacks);
            length += (size_t)wrote;
        }
    if (missing > 0)
        lint_add(lint, rule, from, to, "%s", lacks);
}

static bool
is_filled(const struct lint *lint, const struct page_block *cell)
{
    struct sv text = cell == NULL ? SV_NONE : page_block_text(&lint->page, cell);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i] | 0x20;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0)
            return true;
    }
    return false;
}

/* Is this the table of actions, not that of candidates found in the records? */
static const struct page_block *
action_of(const struct lint *lint, const struct page_row *row)
{
    const struct page_block *cell =
        lint_cell_under(lint, row, "action|item|task|what|description|remediation|follow-up");
    return row->head || row->prompt || row->cited || !is_filled(lint, cell) ? NULL : cell;
}

static void
check_rows(struct lint *lint, const struct lint_rule *rule)
{
    const struct page *page = &lint->page;
    for (size_t i = 0; i < page->row_count; i++) {
        const struct page_row *row = &page->rows[i];
        if (page->tables[row->table].section != SECTION_actions)
            continue;
        const struct page_block *action = action_of(lint, row);
        bool there[PARTS];
        for (size_t k = 0; k < PARTS; k++)
            there[k] = is_filled(lint, lint_cell_under(lint, row, parts[k].heads));
        if (action != NULL)
            tell(lint, rule, action->from, action->to, there);
    }
}

/* A line of a list; one that is told about an action ("No action: ...") is none. */
static int
check_item(struct lint *lint, const struct lint_rule *rule, const struct page_block *block,
           struct pattern *const *patterns, struct err *err)
{
    struct sv text = page_block_text(&lint->page, block);
    bool there[PARTS];
    size_t from, to;
    for (size_t k = 0; k < PARTS; k++) {
        int found = pattern_find(patterns[k], text, 0, &from, &to, err);
        if (found < 0)
            return -1;
        there[k] = found > 0;
    }
    if (!sv_starts_nocase(text, SV("no action")))
        tell(lint, rule, block->from, block->to, there);
    return 0;
}

int
check_action(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    struct pattern *patterns[PARTS] = {NULL};
    int status = 0;
    for (size_t k = 0; k < PARTS && status == 0; k++)
        status = pattern_new(lint->rules, sv_from(parts[k].pattern), NULL, 0, &patterns[k], err);
    for (size_t i = 0; i < lint->page.block_count && status == 0; i++) {
        const struct page_block *block = &lint->page.blocks[i];
        if (block->kind == PAGE_ITEM && block->section == SECTION_actions && !block->prompt &&
            !block->cited)
            status = check_item(lint, rule, block, patterns, err);
    }
    if (status == 0)
        check_rows(lint, rule);
    for (size_t k = 0; k < PARTS; k++)
        pattern_free(patterns[k]);
    return status;
}
