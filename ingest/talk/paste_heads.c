/*
 * Heads of messages in a pasted text: every line that could be one is weighed, the form that weighs
 * most is the text's, and what fits it is taken. See paste_heads.h.
 */
#include "ingest/talk/paste_heads.h"

#include <assert.h>
#include <stdlib.h>

#include "ingest/talk/paste_find.h"
#include "ingest/talk/paste_noise.h"

#define SURE_WEIGHT 4     /* of all heads of one form: a paste */
#define SURE_ON_TOP 3     /* the same where the text begins with one */
#define LINES_ABOVE_MAX 3 /* that may stand above the first */

static size_t
split(struct arena *arena, struct sv text, struct paste_line **ret_lines)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    if (count > PASTE_LINES_MAX)
        return 0;
    struct paste_line *lines = arena_calloc(arena, count, sizeof(*lines));
    struct sv rest = text, line;
    size_t n = 0;
    while (sv_split(&rest, '\n', &line)) {
        assert(n < count);
        lines[n] = (struct paste_line){
            .text = talk_trim(line), .from = (size_t)(line.ptr - text.ptr), .head = -1};
        lines[n].indented = talk_blank(line, 0) > 0 && talk_blank(line, talk_blank(line, 0)) > 0;
        n++;
    }
    *ret_lines = lines;
    return n;
}

/* ---- what counts ---- */

static int
by_name(const void *a, const void *b)
{
    const struct paste_head *const *x = a, *const *y = b;
    int order = sv_cmp((*x)->name.name, (*y)->name.name);
    if (order != 0)
        return order;
    return (*x)->line < (*y)->line ? -1 : (*x)->line > (*y)->line;
}

/* Marks the weak ones whose name heads no other message of their form: they count for nothing. */
static void
drop_lonely(struct arena *arena, struct paste_heads *all, struct sv known)
{
    struct paste_head **sorted =
        arena_calloc(arena, all->head_count + 1, sizeof(struct paste_head *));
    for (size_t i = 0; i < all->head_count; i++)
        sorted[i] = &all->heads[i];
    qsort(sorted, all->head_count, sizeof(struct paste_head *), by_name);
    for (size_t from = 0, to; from < all->head_count; from = to) {
        size_t stronger = sv_eq(sorted[from]->name.name, known);
        for (to = from;
             to < all->head_count && sv_eq(sorted[to]->name.name, sorted[from]->name.name); to++)
            stronger += sorted[to]->weight > 1 ? 2 : 1;
        for (size_t i = from; i < to; i++) {
            sorted[i]->recurs = to - from > 1;
            if (sorted[i]->weight == 1 && stronger < 2)
                sorted[i]->weight = 0;
        }
    }
}

/* Lines of one form alone, "10:02 x: y", are those of logs as well: people are at least two. */
static bool
one_voice(const struct paste_heads *all, enum head_form form)
{
    struct sv first = SV_NONE;
    for (size_t i = 0; i < all->head_count; i++) {
        const struct paste_head *head = &all->heads[i];
        if (head->form != form || head->weight == 0)
            continue;
        if (first.ptr == NULL)
            first = head->name.name;
        else if (!sv_eq(first, head->name.name))
            return false;
    }
    return true;
}

static int
total_of(const struct paste_heads *all, enum head_form form, bool told)
{
    int total = 0;
    for (size_t i = 0; i < all->head_count && total < 1000000; i++)
        if (all->heads[i].form == form)
            total += all->heads[i].weight;
    bool inline_text = form == HEAD_BRACKET_TEXT || form == HEAD_STAMP_TEXT;
    return inline_text && !told && one_voice(all, form) ? 0 : total;
}

/* ---- taking ---- */

static bool
of_slack(enum head_form form)
{
    return form == HEAD_TWO_LINES || form == HEAD_ONE_LINE || form == HEAD_BRACKET_END;
}

/* Nothing that was said stands on the line above, as far as can be told. */
static bool
begins_anew(const struct paste_heads *all, size_t line)
{
    int number;
    struct talk_date date;
    if (line == 0)
        return true;
    struct sv above = all->lines[line - 1].text;
    if (sv_empty(above) || talk_date_line(above, &date))
        return true;
    enum paste_noise noise = paste_noise_of(above, &number);
    return noise != NOISE_NONE && noise != NOISE_EMOJI;
}

static bool
fits(const struct paste_heads *all, const struct paste_head *head)
{
    if (head->weight == 0)
        return false;
    bool same = head->form == all->form;
    if (head->form == HEAD_TWO_LINES && !head->stamp.clock.half_day && all->half_days)
        return false; /* a time alone: the same person goes on */
    if (head->form == HEAD_TWO_LINES && head->weight < 3 && !head->stamp.clock.half_day &&
        head->stamp.date.form == DATE_NONE && !all->lines[head->line + head->lines - 1].indented)
        return same && (head->name.full || begins_anew(all, head->line));
    if (same)
        return true;
    if (head->form == HEAD_BRACKET_TEXT || head->form == HEAD_STAMP_TEXT)
        return false;
    return head->weight >= 3 ||
           (head->weight == 2 && head->recurs && of_slack(head->form) && of_slack(all->form));
}

/* True if most clocks of the form say AM or PM. */
static bool
says_half_days(const struct paste_heads *all)
{
    size_t half = 0, whole = 0;
    for (size_t i = 0; i < all->head_count; i++)
        if (all->heads[i].form == all->form && all->heads[i].weight > 1)
            *(all->heads[i].stamp.clock.half_day ? &half : &whole) += 1;
    return half > whole;
}

static bool
is_free(const struct paste_heads *all, const struct paste_head *head)
{
    for (size_t i = head->line - head->above; i < head->line + head->lines; i++)
        if (all->lines[i].head >= 0)
            return false;
    return true;
}

static void
take(struct paste_heads *all)
{
    for (int weight = 3; weight > 0; weight--)
        for (size_t i = 0; i < all->head_count; i++) {
            struct paste_head *head = &all->heads[i];
            if (head->weight != weight || !fits(all, head) || !is_free(all, head))
                continue;
            head->taken = true;
            for (size_t k = head->line - head->above; k < head->line + head->lines; k++)
                all->lines[k].head = (int32_t)i;
        }
}

/* True if anybody says anything. Programmes, time-tables and lists of files have heads alone. */
static bool
has_words(const struct paste_heads *all)
{
    size_t heads = 0, silent = 0;
    for (size_t i = 0; i < all->line_count; i++) {
        const struct paste_head *head = paste_head_at(all, i);
        if (head == NULL)
            continue;
        size_t next = head->line + head->lines;
        while (next < all->line_count && sv_empty(all->lines[next].text))
            next++;
        heads++;
        silent += sv_empty(head->rest) && (next == all->line_count || all->lines[next].head >= 0);
    }
    return heads > 0 && silent * 2 < heads + (heads == 1);
}

static bool
near_the_top(const struct paste_heads *all)
{
    size_t above = 0;
    int number;
    struct talk_date date;
    for (size_t i = 0; i < all->line_count; i++) {
        struct sv text = all->lines[i].text;
        if (all->lines[i].head >= 0)
            return above <= LINES_ABOVE_MAX;
        if (!sv_empty(text) && !talk_date_line(text, &date) &&
            paste_noise_of(text, &number) == NOISE_NONE)
            above++;
    }
    return false;
}

static bool
is_paste(const struct paste_heads *all, int total, bool told)
{
    if (told)
        return total > 0;
    if (total < SURE_ON_TOP || (total < SURE_WEIGHT && !near_the_top(all)))
        return false;
    return has_words(all);
}

const struct paste_head *
paste_head_at(const struct paste_heads *heads, size_t line)
{
    int32_t at = heads->lines[line].head;
    const struct paste_head *head = at < 0 ? NULL : &heads->heads[at];
    return head != NULL && head->line - head->above == line ? head : NULL;
}

bool
paste_heads_find(struct arena *arena, struct sv text, const struct talk_hints *hints,
                 struct paste_heads *ret_heads)
{
    struct paste_heads all = {0};
    int best = 0;
    if (text.len == 0 || text.len > PASTE_BYTES_MAX)
        return false;
    all.line_count = split(arena, text, &all.lines);
    if (all.line_count == 0)
        return false;
    paste_find(arena, &all);
    drop_lonely(arena, &all, hints->actor);
    for (int form = 0; form < HEAD_FORMS; form++) {
        int total = total_of(&all, (enum head_form)form, !sv_empty(hints->actor));
        if (total > best) {
            best = total;
            all.form = (enum head_form)form;
        }
    }
    all.half_days = says_half_days(&all);
    take(&all);
    *ret_heads = all;
    return is_paste(&all, best, !sv_empty(hints->actor));
}
