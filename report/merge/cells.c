/*
 * Rows of tables, cell by cell: see merging.h. Columns are known by their names, so that people may
 * add, remove or move some.
 */
#include <stdlib.h>

#include "report/merge/merging.h"

#define COLUMNS_MAX 64

struct row {
    struct sv cells[COLUMNS_MAX];
    size_t count;
};

static void
read_row(const struct unit *unit, struct row *ret_row)
{
    struct sv rest = unit_cells(unit), cell;
    ret_row->count = 0;
    while (ret_row->count < COLUMNS_MAX && unit_next_cell(&rest, &cell))
        ret_row->cells[ret_row->count++] = cell;
}

/* More than are looked at, or a head that is not there. */
static bool
read_head(const struct side *side, size_t head, struct row *ret_row)
{
    if (head == UNIT_NONE)
        return false;
    read_row(&side->units[head], ret_row);
    return ret_row->count > 0 && ret_row->count < COLUMNS_MAX;
}

/* The same but for what an editor makes of blanks and needless backslashes. */
static bool
same_cell(struct sv a, struct sv b)
{
    size_t i = 0, k = 0;
    while (i < a.len && k < b.len) {
        if (a.ptr[i] != b.ptr[k] && b.ptr[k] == '\\')
            k++;
        else if (a.ptr[i] != b.ptr[k])
            return false;
        else {
            i++;
            k++;
        }
    }
    return i == a.len && k == b.len;
}

/* What the text says, without footnotes: numbers of them differ between generated texts. */
static bool
same_words(struct sv a, struct sv b)
{
    struct sv label;
    size_t end_a = 0, end_b = 0, from_a = 0, from_b = 0;
    bool more_a, more_b;
    do {
        more_a = label_next(a, &end_a, &label);
        size_t to_a = more_a ? (size_t)(label.ptr - a.ptr) : a.len;
        more_b = label_next(b, &end_b, &label);
        size_t to_b = more_b ? (size_t)(label.ptr - b.ptr) : b.len;
        if (!sv_eq(sv_slice(a, from_a, to_a), sv_slice(b, from_b, to_b)))
            return false;
        from_a = end_a;
        from_b = end_b;
    } while (more_a && more_b);
    return more_a == more_b;
}

static size_t
column_of(const struct row *head, struct sv name)
{
    for (size_t i = 0; i < head->count; i++)
        if (same_cell(head->cells[i], name))
            return i;
    return UNIT_NONE;
}

/* Absent: there is no such column, or the row is too short. */
static struct sv
cell_of(const struct row *row, const struct row *head, struct sv name)
{
    size_t column = column_of(head, name);
    return column == UNIT_NONE ? SV_NONE : column >= row->count ? SV("") : row->cells[column];
}

bool
cells_same_head(const struct side *a, size_t row_a, const struct side *b, size_t row_b)
{
    struct row x, y;
    size_t head_a = a->units[row_a].head, head_b = b->units[row_b].head;
    if (head_a == UNIT_NONE || head_b == UNIT_NONE)
        return head_a == head_b;
    if (!read_head(a, head_a, &x) || !read_head(b, head_b, &y) || x.count != y.count)
        return false;
    for (size_t i = 0; i < x.count; i++)
        if (!same_cell(x.cells[i], y.cells[i]))
            return false;
    return true;
}

bool
cells_untouched(const struct merging *merging, size_t e, const struct side *side, size_t g)
{
    struct row own, own_head, row, head;
    size_t shared = 0;
    if (!read_head(&merging->e, merging->e.units[e].head, &own_head) ||
        !read_head(side, side->units[g].head, &head))
        return false;
    read_row(&merging->e.units[e], &own);
    read_row(&side->units[g], &row);
    for (size_t i = 0; i < own_head.count && i < own.count; i++) {
        struct sv cell = cell_of(&row, &head, own_head.cells[i]);
        if (!same_cell(own.cells[i], cell))
            return false;
        shared += cell.ptr != NULL;
    }
    return own.count <= own_head.count && 2 * shared > head.count;
}

/* ------------------------------------------------------------------- merging */

struct triple {
    const struct merging *merging;
    struct row e, b, n, e_head, b_head, n_head;
    struct strbuf *both;
};

static void
describe(const struct triple *triple, struct sv name, struct sv own, struct sv now)
{
    strbuf_addf(triple->both, "%sin “" SV_FMT "” you wrote “", triple->both->len > 0 ? "; " : "",
                SV_ARG(name));
    strbuf_add_sv(triple->both, merge_relabel(triple->merging, own));
    if (now.ptr == NULL)
        strbuf_add_text(triple->both, "”, a column that is not there any more");
    else
        strbuf_addf(triple->both, "”, the records say “" SV_FMT "”", SV_ARG(now));
}

/* The cell of one column; `own`: its words are people's. */
static struct sv
merge_cell(const struct triple *triple, struct sv name, bool *ret_own)
{
    struct sv e = cell_of(&triple->e, &triple->e_head, name);
    struct sv b = cell_of(&triple->b, &triple->b_head, name);
    struct sv n = cell_of(&triple->n, &triple->n_head, name);
    *ret_own = false;
    if (e.ptr == NULL)
        return n;
    if (n.ptr != NULL && b.ptr != NULL && same_cell(e, b))
        return n;
    *ret_own = true;
    if (n.ptr != NULL && (b.ptr == NULL || !same_words(b, n)) && !same_cell(e, n))
        describe(triple, name, e, n);
    return e;
}

static void
put_cell(const struct merging *merging, struct sv cell, bool own, struct strbuf *out)
{
    strbuf_add_char(out, ' ');
    strbuf_add_sv(out, own ? merge_relabel(merging, cell) : cell);
    strbuf_add_text(out, cell.len > 0 ? " |" : "|");
}

static struct sv
end_row(const struct merging *merging, struct strbuf *out)
{
    strbuf_add_char(out, '\n');
    struct sv row = merge_lines(merging, arena_copy(merging->arena, strbuf_view(out)));
    strbuf_release(out);
    return row;
}

/* Cells of people that no column of the merged table takes: told, not dropped. */
static void
describe_dropped(const struct triple *triple, const struct row *target)
{
    for (size_t i = 0; i < triple->e_head.count && i < triple->e.count; i++) {
        struct sv name = triple->e_head.cells[i];
        struct sv b = cell_of(&triple->b, &triple->b_head, name);
        if (column_of(target, name) == UNIT_NONE && !sv_empty(triple->e.cells[i]) &&
            (b.ptr == NULL || !same_cell(triple->e.cells[i], b)))
            describe(triple, name, triple->e.cells[i], SV_NONE);
    }
}

struct sv
cells_merge(const struct merging *merging, size_t e, size_t b, size_t n, struct strbuf *both)
{
    const struct side *se = &merging->e, *sb = &merging->b, *sn = &merging->n;
    struct triple triple = {.merging = merging, .both = both};
    struct strbuf out;
    if (!read_head(se, se->units[e].head, &triple.e_head) ||
        !read_head(sb, sb->units[b].head, &triple.b_head) ||
        !read_head(sn, sn->units[n].head, &triple.n_head))
        return SV_NONE;
    read_row(&se->units[e], &triple.e);
    read_row(&sb->units[b], &triple.b);
    read_row(&sn->units[n], &triple.n);
    /* People's own columns stay; a table whose columns they left alone gets those of today. */
    bool theirs = !cells_same_head(se, e, sb, b);
    const struct row *target = theirs ? &triple.e_head : &triple.n_head;
    strbuf_init(&out, 0);
    strbuf_add_char(&out, '|');
    for (size_t i = 0; i < target->count; i++) {
        bool own;
        struct sv cell = merge_cell(&triple, target->cells[i], &own);
        put_cell(merging, cell, own, &out);
    }
    for (size_t i = triple.e_head.count; i < triple.e.count; i++) /* more than the table has */
        put_cell(merging, triple.e.cells[i], true, &out);
    describe_dropped(&triple, target);
    return end_row(merging, &out);
}

struct sv
cells_lay(const struct merging *merging, size_t n, size_t e_head)
{
    struct row row, n_head, target;
    struct strbuf out;
    const struct unit *unit = &merging->n.units[n];
    if (!read_head(&merging->n, unit->head, &n_head) || !read_head(&merging->e, e_head, &target))
        return merge_lines(merging, unit->text);
    read_row(unit, &row);
    strbuf_init(&out, 0);
    strbuf_add_char(&out, '|');
    for (size_t i = 0; i < target.count; i++)
        put_cell(merging, cell_of(&row, &n_head, target.cells[i]), false, &out);
    return end_row(merging, &out);
}
