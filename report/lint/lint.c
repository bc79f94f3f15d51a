/*
 * lint_text(): reads the document once, runs every rule, orders what they found. See lint.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text/utf8.h"
#include "report/lint/pattern.h"
#include "report/lint/run.h"

static const struct {
    int (*run)(struct lint *lint, const struct lint_rule *rule, struct err *err);
} checks[] = {
#define CHECK(name) {check_##name},
#include "report/lint/checks.def"
#undef CHECK
};

/* ---- order and places ---- */

static int
compare(const void *a, const void *b)
{
    const struct lint_finding *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    return x->to < y->to ? 1 : x->to > y->to ? -1 : sv_cmp(x->message, y->message);
}

/* What two patterns of a rule, or a rule and a weaker one, say of the same words is told once. */
static void
drop_repeats(struct lint *lint)
{
    size_t kept = 0;
    const struct lint_rule *rules = lint->rules->items;
    for (size_t i = 0; i < lint->count; i++) {
        const struct lint_finding *one = &lint->items[i];
        bool repeats = false;
        for (size_t j = kept; j > 0 && !repeats && kept - j < 8; j--) {
            const struct lint_finding *other = &lint->items[j - 1];
            repeats = one->from < other->to && one->to <= other->to &&
                      (one->rule == other->rule ||
                       (rules[one->rule].check == CHECK_words &&
                        rules[other->rule].check == CHECK_words && one->level <= other->level));
        }
        if (!repeats)
            lint->items[kept++] = *one;
    }
    lint->count = kept;
}

/* Lines and columns, in one pass over the text; `at` grows from call to call. */
struct place {
    size_t at, line, column;
};

static void
go_to(struct place *place, struct sv text, size_t to)
{
    for (; place->at < to && place->at < text.len; place->at++) {
        unsigned char c = (unsigned char)text.ptr[place->at];
        if (c == '\n') {
            place->line++;
            place->column = 1;
        } else if ((c & 0xC0) != 0x80) {
            place->column++;
        }
    }
}

static void
find_places(struct lint *lint)
{
    struct place place = {.line = 1, .column = 1};
    if (sv_starts(lint->text, SV("\xEF\xBB\xBF")))
        place.at = 3;
    for (size_t i = 0; i < lint->count; i++) {
        struct lint_finding *finding = &lint->items[i];
        go_to(&place, lint->text, finding->from);
        struct place end = place;
        go_to(&end, lint->text, finding->to);
        finding->line = place.line;
        finding->column = place.column;
        finding->end_line = end.line;
        finding->end_column = end.column;
    }
}

/* ---- the run ---- */

/* A pattern of each list @section-NAME. */
struct sections {
    struct pattern *patterns[SECTION_COUNT];
};

static int
sections_new(struct sections *sections, const struct lint_rules *rules, struct err *err)
{
    for (enum page_section i = SECTION_other + 1; i < SECTION_COUNT; i++) {
        char source[64];
        snprintf(source, sizeof(source), "\\b{{section-%s}}\\b", page_section_names[i]);
        if (pattern_new(rules, sv_from(source), NULL, 0, &sections->patterns[i], err) != 0)
            return -1;
    }
    return 0;
}

static void
sections_free(struct sections *sections)
{
    for (size_t i = 0; i < SECTION_COUNT; i++)
        pattern_free(sections->patterns[i]);
}

static enum page_section
section_of(const void *opaque, struct sv heading)
{
    const struct sections *sections = opaque;
    for (enum page_section i = SECTION_other + 1; i < SECTION_COUNT; i++) {
        size_t from, to;
        if (pattern_find(sections->patterns[i], heading, 0, &from, &to, NULL) > 0)
            return i;
    }
    return SECTION_other;
}

static void
read_plains(struct lint *lint)
{
    struct page *page = &lint->page;
    lint->plains = memory_calloc(page->block_count, sizeof(*lint->plains));
    for (size_t i = 0; i < page->block_count; i++) {
        const struct page_block *block = &page->blocks[i];
        if (lint_is_wording(block))
            plain_read(&lint->plains[i], lint->text, block->from, block->to, block->cited,
                       &lint->scratch);
    }
}

static int
run_checks(struct lint *lint, struct err *err)
{
    /* Comments that allowed nothing are told last. */
    for (int last = 0; last <= 1; last++)
        for (size_t i = 0; i < lint->rules->count; i++) {
            const struct lint_rule *rule = &lint->rules->items[i];
            if (rule->level == LINT_OFF || (rule->check == CHECK_allow) != (last == 1))
                continue;
            if (last == 1)
                allow_apply(lint);
            if (checks[rule->check].run(lint, rule, err) != 0)
                return err_prefix(err, "[" SV_FMT "]", SV_ARG(rule->name));
        }
    return 0;
}

static int
run(struct lint *lint, struct err *err)
{
    struct sections sections = {{NULL}};
    int status = sections_new(&sections, lint->rules, err);
    if (status == 0) {
        page_read(&lint->page, lint->text, section_of, &sections);
        names_find(lint);
        read_plains(lint);
        allow_find(lint);
        status = run_checks(lint, err);
    }
    sections_free(&sections);
    return status;
}

static void
hand_over(struct lint *lint, struct lint_findings *ret_findings)
{
    if (lint->count > 0)
        qsort(lint->items, lint->count, sizeof(*lint->items), compare);
    drop_repeats(lint);
    allow_apply(lint);
    find_places(lint);
    struct lint_finding *items = ARENA_ARRAY(lint->arena, struct lint_finding, lint->count + 1);
    for (size_t i = 0; i < lint->count; i++)
        items[i] = lint->items[i];
    *ret_findings = (struct lint_findings){items, lint->count, lint->left_out};
}

int
lint_text(const struct lint_rules *rules, struct sv text, struct arena *arena,
          struct lint_findings *ret_findings, struct err *err)
{
    if (text.len > LINT_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "larger than %zu MiB", LINT_BYTES_MAX >> 20);
    if (!utf8_storable(text))
        return err_set(err, ERR_BAD_RECORD, "not UTF-8 text");
    struct lint lint = {.rules = rules, .text = text, .arena = arena};
    arena_init(&lint.scratch, 0);
    int status = run(&lint, err);
    if (status == 0)
        hand_over(&lint, ret_findings);
    page_release(&lint.page);
    arena_release(&lint.scratch);
    free(lint.plains);
    free(lint.items);
    free(lint.allowed);
    return status;
}

/* ---- mending ---- */

size_t
lint_fix(struct sv text, const struct lint_findings *findings, struct strbuf *out)
{
    size_t at = 0, fixed = 0;
    for (size_t i = 0; i < findings->count; i++) {
        const struct lint_finding *one = &findings->items[i];
        if (!one->fixable || one->allowed || one->fix_from < at)
            continue;
        strbuf_add_sv(out, sv_slice(text, at, one->fix_from));
        strbuf_add_sv(out, one->fix);
        at = one->fix_to;
        fixed++;
    }
    strbuf_add_sv(out, sv_slice(text, at, text.len));
    return fixed;
}
