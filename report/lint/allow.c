/*
 * Comments that allow a rule, <!-- lint: allow RULE reason -->: on a line with other words, for the
 * blocks of that line; alone, for what follows. See run.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "report/lint/run.h"

/* RULE and the reason; false: the comment says something else. */
static bool
read_comment(struct sv comment, struct sv *ret_rule, struct sv *ret_reason)
{
    struct sv text = sv_trim(sv_slice(comment, 4, comment.len < 7 ? 4 : comment.len - 3));
    if (!sv_starts(text, SV("lint:")))
        return false;
    text = sv_trim(sv_slice(text, 5, text.len));
    if (!sv_starts(text, SV("allow")))
        return false;
    text = sv_trim(sv_slice(text, 5, text.len));
    size_t end = 0;
    while (end < text.len && !sv_blank(text.ptr[end]))
        end++;
    *ret_rule = sv_slice(text, 0, end);
    *ret_reason = sv_trim(sv_slice(text, end, text.len));
    return true;
}

/* A row with its cells, a table where the comment stands before it. */
static void
take_block(const struct page *page, const struct page_block *block, bool whole,
           struct allowed *allowed)
{
    size_t from = block->from, to = block->to;
    if (block->kind == PAGE_CELL) {
        const struct page_row *row = &page->rows[block->row];
        const struct page_table *table = &page->tables[row->table];
        from = whole ? page->rows[table->first_row].from : row->from;
        to = whole ? page->rows[table->first_row + table->rows - 1].to : row->to;
    }
    if (allowed->to == 0 || from < allowed->from)
        allowed->from = from;
    if (to > allowed->to)
        allowed->to = to;
}

static void
find_range(const struct lint *lint, const struct page_comment *comment, struct allowed *allowed)
{
    const struct page *page = &lint->page;
    size_t first = comment->from, last = comment->to;
    while (first > 0 && lint->text.ptr[first - 1] != '\n')
        first--;
    while (last < lint->text.len && lint->text.ptr[last] != '\n')
        last++;
    for (size_t i = 0; i < page->block_count; i++) {
        const struct page_block *block = &page->blocks[i];
        if (comment->alone && block->from >= comment->to) {
            take_block(page, block, true, allowed);
            return;
        }
        if (!comment->alone && block->from < last && block->to > first)
            take_block(page, block, false, allowed);
    }
}

static int
compare_allowed(const void *a, const void *b)
{
    const struct allowed *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->comment < y->comment ? -1 : x->comment > y->comment;
}

void
allow_find(struct lint *lint)
{
    const struct page *page = &lint->page;
    for (size_t i = 0; i < page->comment_count; i++) {
        const struct page_comment *comment = &page->comments[i];
        struct sv id, reason;
        if (!read_comment(sv_slice(lint->text, comment->from, comment->to), &id, &reason))
            continue;
        struct allowed allowed = {
            .rule = rules_find(lint->rules, id), .reason = reason, .comment = i};
        find_range(lint, comment, &allowed);
        lint->allowed = memory_grow(lint->allowed, &lint->allowed_room, lint->allowed_count + 1,
                                    sizeof(*lint->allowed));
        lint->allowed[lint->allowed_count++] = allowed;
    }
    if (lint->allowed_count > 0)
        qsort(lint->allowed, lint->allowed_count, sizeof(*lint->allowed), compare_allowed);
}

/* How many of the first comments reach as far as `from`, in order of where they begin. */
static size_t
count_before(const struct lint *lint, size_t from)
{
    size_t low = 0, high = lint->allowed_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lint->allowed[middle].from <= from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void
allow_apply(struct lint *lint)
{
    size_t longest = 0;
    for (size_t k = 0; k < lint->allowed_count; k++)
        if (lint->allowed[k].to - lint->allowed[k].from > longest)
            longest = lint->allowed[k].to - lint->allowed[k].from;
    for (size_t i = 0; i < lint->count; i++) {
        struct lint_finding *finding = &lint->items[i];
        for (size_t k = count_before(lint, finding->from); k > 0; k--) {
            struct allowed *allowed = &lint->allowed[k - 1];
            if (allowed->from + longest <= finding->from)
                break;
            if (allowed->rule != finding->rule || sv_empty(allowed->reason) ||
                finding->from >= allowed->to)
                continue;
            allowed->used = true;
            finding->allowed = true;
            finding->reason = allowed->reason;
        }
    }
}

int
check_allow(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    (void)err;
    for (size_t i = 0; i < lint->allowed_count; i++) {
        const struct allowed *allowed = &lint->allowed[i];
        const struct page_comment *comment = &lint->page.comments[allowed->comment];
        const char *why = NULL;
        if (allowed->rule == lint->rules->count)
            why = "there is no rule of this name or id";
        else if (sv_empty(allowed->reason))
            why = "it has no reason";
        else if (!allowed->used && lint->rules->items[allowed->rule].level != LINT_OFF)
            why = "the rule finds nothing here";
        if (why != NULL)
            lint_add(lint, rule, comment->from, comment->to, "%s", why);
    }
    return 0;
}
