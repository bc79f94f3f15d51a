/*
 * Times that disagree: with the timeline, with the records that a line cites, with the order of
 * rows. See run.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "report/lint/moment.h"
#include "report/lint/run.h"

#define NEAR_MINUTES 30  /* a time of the day so near the timeline is about the incident */
#define FAR_MINUTES 1440 /* the same where it has a date */
#define HALF_DAY (12 * 60)
#define TIMES_MAX 5000 /* of a timeline that is compared */
#define START_BYTES 40 /* of a row or line, where its time stands */

/* Times that the document's rows and records have. */
struct known {
    struct moment *at;
    size_t count, room;
};

static void
known_add(struct known *known, const struct moment *moment)
{
    known->at = memory_grow(known->at, &known->room, known->count + 1, sizeof(*known->at));
    known->at[known->count++] = *moment;
}

/* The day of a row or heading that tells nothing else: "**2026-03-03**". */
static bool
day_alone(struct sv text, int64_t *ret_day)
{
    struct moment moment;
    size_t at = 0;
    if (moment_next(text, &at, &moment))
        return false;
    for (at = 0; at < text.len; at++)
        if (moment_day(sv_slice(text, at, text.len), ret_day))
            return true;
    return false;
}

static int
compare_moments(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return x->minute != y->minute ? x->minute - y->minute : sv_cmp(x->zone, y->zone);
}

static void
known_sort(struct known *known)
{
    size_t kept = 0;
    if (known->count > 0)
        qsort(known->at, known->count, sizeof(*known->at), compare_moments);
    for (size_t i = 0; i < known->count; i++)
        if (kept == 0 || compare_moments(&known->at[kept - 1], &known->at[i]) != 0)
            known->at[kept++] = known->at[i];
    known->count = kept;
}

/* Times of the timeline, each with the day above it, and of every record that is cited. */
static void
find_known(const struct lint *lint, struct known *known)
{
    const struct page *page = &lint->page;
    int64_t day = MOMENT_NO_DAY;
    struct moment moment;
    for (size_t i = 0; i < page->block_count; i++) {
        const struct page_block *block = &page->blocks[i];
        struct sv text = page_block_text(page, block);
        size_t at = 0;
        if (block->section != SECTION_timeline || day_alone(text, &day))
            continue;
        while (block->kind != PAGE_HEADING && moment_next(text, &at, &moment)) {
            moment.day = moment.day == MOMENT_NO_DAY ? day : moment.day;
            known_add(known, &moment);
        }
    }
    for (size_t i = 0; i < page->note_count; i++)
        for (size_t at = 0;
             page->notes[i].record && moment_next(page->notes[i].words, &at, &moment);)
            known_add(known, &moment);
    known_sort(known);
}

/* Is the time about the incident, and in no row? */
static bool
disagrees(const struct known *known, const struct moment *moment)
{
    int64_t nearest = INT64_MAX;
    for (size_t i = 0; i < known->count; i++) {
        const struct moment *row = &known->at[i];
        bool days = row->day != MOMENT_NO_DAY && moment->day != MOMENT_NO_DAY;
        int64_t apart = llabs(moment_minutes(row, moment));
        if (!days && 2 * HALF_DAY - apart < apart)
            apart = 2 * HALF_DAY - apart;
        if (moment_same(row, moment, 1))
            return false;
        if (apart < nearest)
            nearest = apart;
    }
    return nearest <= (moment->day == MOMENT_NO_DAY ? NEAR_MINUTES : FAR_MINUTES);
}

int
check_time(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    struct known known = {NULL};
    (void)err;
    find_known(lint, &known);
    bool enough = known.count >= 2 && known.count <= TIMES_MAX;
    for (size_t i = 0; i < lint->page.block_count && enough; i++) {
        const struct page_block *block = &lint->page.blocks[i];
        const struct plain *plain = &lint->plains[i];
        struct sv text = sv_of(plain->text, plain->len);
        struct moment moment;
        size_t at = 0;
        bool tells = block->section == SECTION_summary || block->section == SECTION_impact ||
                     block->section == SECTION_detection || block->section == SECTION_response ||
                     block->section == SECTION_causes || block->section == SECTION_people;
        if (plain->len == 0 || block->cited || !tells)
            continue;
        while (moment_next(text, &at, &moment))
            if (disagrees(&known, &moment))
                lint_add(lint, rule, plain->at[moment.from], (size_t)plain->at[moment.to - 1] + 1,
                         NULL);
    }
    free(known.at);
    return 0;
}

/* ---- the records that a line cites ---- */

/* Is none of the records that the text cites of this minute? */
static bool
contradicts(const struct page *page, struct sv text, const struct moment *moment)
{
    const struct page_note *note;
    bool any = false;
    while (page_next_record(page, &text, &note)) {
        struct moment record;
        for (size_t at = 0; moment_next(note->words, &at, &record); any = true)
            if (moment_same(&record, moment, 0))
                return false;
    }
    return any;
}

/* Sentences of ours that cite, and fields whose value is a time. */
int
check_evidence_time(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    const struct page *page = &lint->page;
    (void)err;
    for (size_t i = 0; i < page->block_count; i++) {
        const struct page_block *block = &page->blocks[i];
        const struct plain *plain = &lint->plains[i];
        bool field = block->kind == PAGE_CELL && block->section == SECTION_people;
        struct sv own = page_block_text(page, block), cites = own, text = own;
        struct moment moment;
        size_t at = 0;
        if (!block->cited || block->section == SECTION_timeline || block->section == SECTION_data ||
            (block->kind == PAGE_CELL && !field))
            continue;
        if (field)
            cites = sv_slice(page->text, page->rows[block->row].from, page->rows[block->row].to);
        else
            text = sv_of(plain->text, plain->len);
        while (moment_next(text, &at, &moment)) {
            if (moment.day == MOMENT_NO_DAY || (field && moment.from > 0) ||
                !contradicts(page, cites, &moment))
                continue;
            size_t from = field ? block->from + moment.from : plain->at[moment.from];
            size_t to = field ? block->from + moment.to : (size_t)plain->at[moment.to - 1] + 1;
            lint_add(lint, rule, from, to, NULL);
        }
    }
    return 0;
}

/* ---- order ---- */

static bool
is_earlier(const struct moment *before, const struct moment *now)
{
    if (before->zone.len != now->zone.len)
        return false;
    if (before->day != MOMENT_NO_DAY && now->day != MOMENT_NO_DAY)
        return moment_minutes(before, now) < 0;
    int back = before->minute - now->minute; /* midnight is further back than half a day */
    return back > 0 && back < HALF_DAY;
}

int
check_order(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    const struct page *page = &lint->page;
    struct moment before = {0};
    bool any = false;
    (void)err;
    for (size_t i = 0; i < page->block_count; i++) {
        const struct page_block *block = &page->blocks[i];
        struct sv text = page_block_text(page, block);
        struct moment moment;
        size_t at = 0;
        int64_t day;
        if (block->kind == PAGE_HEADING || day_alone(text, &day) ||
            (block->kind == PAGE_CELL && page->rows[block->row].head))
            any = false;
        if (block->section != SECTION_timeline || (block->kind == PAGE_CELL && block->column > 0) ||
            block->kind == PAGE_HEADING || !moment_next(text, &at, &moment) ||
            moment.from > START_BYTES)
            continue;
        bool open = sv_contains(sv_slice(text, 0, moment.from), SV("\xC2\xB1"));
        if (any && !open && is_earlier(&before, &moment))
            lint_add(lint, rule, block->from + moment.from, block->from + moment.to, NULL);
        before = moment;
        any = true;
    }
    return 0;
}
