/*
 * What a merge puts into the edited text, and what of it has to stay: see merging.h.
 */
#include "report/merge/merging.h"

/* --------------------------------------------------------- what is still needed */

static bool
is_cited(const struct merging *merging, struct sv label)
{
    for (size_t i = merging->pieces.first; i != UNIT_NONE; i = merging->pieces.at[i].next) {
        const struct piece *piece = &merging->pieces.at[i];
        struct sv cited;
        for (size_t at = 0;
             !piece->dropped && piece->kind != UNIT_NOTE && label_next(piece->text, &at, &cited);)
            if (sv_eq(cited, label))
                return true;
    }
    return false;
}

/* Something is left of the table or section that begins at piece `at`. */
static bool
is_left(const struct merging *merging, size_t at)
{
    const struct piece *pieces = merging->pieces.at;
    bool table = pieces[at].kind == UNIT_HEAD;
    for (size_t i = pieces[at].next; i != UNIT_NONE; i = pieces[i].next) {
        if (table ? pieces[i].kind != UNIT_ROW : pieces[i].kind == UNIT_HEADING)
            break;
        if (!pieces[i].dropped && pieces[i].kind != UNIT_NOTE)
            return true;
    }
    return false;
}

/* From behind, so that a head that stays keeps its heading. */
void
merge_keep_needed(struct merging *merging)
{
    for (size_t e = merging->e.count; e-- > 0;) {
        struct piece *piece = &merging->pieces.at[e];
        struct sv label = unit_label(&merging->e.units[e]);
        bool frame = piece->kind == UNIT_HEAD || piece->kind == UNIT_HEADING;
        size_t b = merging->e_to_b[e];
        if (!piece->dropped || b == UNIT_NONE || b >= merging->b_count)
            continue;
        if (!sv_empty(label)) {
            struct sv now = merge_relabel(
                merging, arena_printf(merging->arena, "[^" SV_FMT "]", SV_ARG(label)));
            piece->dropped = !is_cited(merging, sv_slice(now, 2, now.len - 1));
        } else if (frame && is_left(merging, e)) {
            piece->dropped = false;
            merging->counts.removed--;
        }
    }
}

/* ---------------------------------------------------------------- new blocks */

/* The last piece of the section of this heading, before its footnotes. */
static size_t
end_of_section(const struct merging *merging, size_t heading)
{
    const struct piece *pieces = merging->pieces.at;
    size_t last = heading;
    for (size_t i = pieces[heading].next; i != UNIT_NONE && pieces[i].kind != UNIT_HEADING;
         i = pieces[i].next)
        if (pieces[i].kind != UNIT_NOTE)
            last = i;
    return last;
}

/* Where n comes in: behind the nearest block before it that is there. *ret_after: which that is. */
static bool
find_anchor(const struct merging *merging, size_t n, size_t *ret_after, size_t *ret_block)
{
    const struct unit *units = merging->n.units;
    for (size_t p = n; p-- > 0;) {
        bool heading = units[p].kind == UNIT_HEADING;
        if (units[n].kind == UNIT_HEADING && !heading)
            continue;
        if (units[n].kind == UNIT_ROW && units[p].head != units[n].head && p != units[n].head)
            return false;
        size_t piece = merging->n_to_piece[p];
        if (piece != UNIT_NONE) {
            *ret_block = p;
            *ret_after = units[n].kind == UNIT_HEADING ? end_of_section(merging, piece) : piece;
            return true;
        }
        if (heading && units[n].kind != UNIT_HEADING && units[n].kind != UNIT_NOTE)
            return false;
    }
    *ret_after = *ret_block = UNIT_NONE;
    return true;
}

/* A footnote goes behind the last one, wherever the sections are. */
static bool
is_glued(const struct merging *merging, size_t n, size_t before)
{
    const struct unit *units = merging->n.units;
    if (before == UNIT_NONE)
        return false;
    return units[n].kind == UNIT_ROW ||
           (units[n].kind == units[before].kind &&
            (units[n].kind == UNIT_ITEM || units[n].kind == UNIT_NOTE) &&
            sv_empty(units[n - 1].gap)) ||
           (before == n - 1 && sv_empty(units[before].gap));
}

static void
put_new(struct merging *merging, size_t n)
{
    const struct unit *unit = &merging->n.units[n];
    size_t after, before;
    if (!find_anchor(merging, n, &after, &before)) {
        if (unit->kind != UNIT_NOTE && unit->kind != UNIT_RULE)
            remark_listed(merging, n);
        return;
    }
    struct piece piece = {
        .text = merge_lines(merging, unit->text), .kind = unit->kind, .indent = unit->indent};
    if (unit->kind == UNIT_ROW && unit->head != UNIT_NONE) {
        size_t head = merging->n_to_piece[unit->head];
        if (head < merging->e.count && merging->n_to_b[unit->head] != UNIT_NONE &&
            !merge_untouched(merging, merging->n_to_b[unit->head], head))
            piece.text = cells_lay(merging, n, head);
    }
    if (after != UNIT_NONE)
        after = piece_end(merging, after);
    size_t there = merge_find(merging, piece.text);
    if (there != UNIT_NONE) {
        merging->n_to_piece[n] = there;
        return;
    }
    size_t next = after == UNIT_NONE ? merging->pieces.first : merging->pieces.at[after].next;
    while (next != UNIT_NONE && merging->pieces.at[next].dropped)
        next = merging->pieces.at[next].next;
    if (sv_empty(unit->gap) && n + 1 < merging->n.count && next != UNIT_NONE &&
        merging->n_to_piece[n + 1] == next)
        piece.gap = SV(""); /* it stands close to what follows */
    merging->n_to_piece[n] = piece_put(merging, after, piece, is_glued(merging, n, before));
    merging->counts.added += unit->kind != UNIT_NOTE;
}

void
merge_generated(struct merging *merging)
{
    for (size_t n = 0; n < merging->n.count; n++)
        if (merging->n_to_b[n] != UNIT_NONE)
            merging->n_to_piece[n] = merging->b_to_e[merging->n_to_b[n]];
    for (size_t n = 0; n < merging->n.count; n++) {
        size_t b = merging->n_to_b[n];
        enum unit_kind kind = merging->n.units[n].kind;
        if (merging->n_to_piece[n] != UNIT_NONE)
            continue;
        if (b == UNIT_NONE)
            put_new(merging, n);
        else if (!merge_same_records(merging, b, n) && kind != UNIT_NOTE && kind != UNIT_RULE)
            remark_listed(merging, n);
    }
}
