/*
 * Merging: see merge.h. Called by what writes drafts.
 */
#include "report/merge/merge.h"

#include <stdlib.h>

#include "base/memory.h"
#include "report/merge/merging.h"

/* -------------------------------------------------------------------- blocks */

/* What the text of unit e, as it is written now, is when read again. */
static bool
reads_as(const struct merging *merging, struct sv text, size_t n)
{
    struct units units;
    units_of(text, merging->arena, &units);
    const struct shape *shapes = shapes_of(&units, merging->arena);
    return units.count == 1 && shape_untouched(&merging->n.shapes[n], &shapes[0]);
}

/* The words of n where e stood: with its marker, if it was an item. */
static struct sv
replacement(const struct merging *merging, size_t e, size_t n)
{
    const struct unit *old = &merging->e.units[e], *new = &merging->n.units[n];
    size_t marker = unit_marker(new);
    if (old->kind != UNIT_ITEM || new->kind != UNIT_ITEM)
        return merge_lines(merging, new->text);
    return merge_lines(merging, arena_printf(merging->arena, SV_FMT SV_FMT,
                                             SV_ARG(sv_slice(old->text, 0, unit_marker(old))),
                                             SV_ARG(sv_slice(new->text, marker, new->text.len))));
}

static void
take_records(struct merging *merging, size_t b, size_t e, size_t n)
{
    struct piece *piece = &merging->pieces.at[e];
    if (reads_as(merging, piece->text, n)) /* as people's editor laid it out */
        return;
    if (!merge_same_records(merging, b, n))
        merging->counts.updated++;
    piece->text = replacement(merging, e, n);
}

/* Rows whose cells are to be merged: people changed the row or the columns of its table. */
static bool
take_cells(struct merging *merging, size_t b, size_t e, size_t n, bool untouched)
{
    struct strbuf both;
    if (merging->e.units[e].kind != UNIT_ROW || merging->n.units[n].kind != UNIT_ROW ||
        (untouched && cells_same_head(&merging->e, e, &merging->b, b)))
        return false;
    strbuf_init(&both, 0);
    struct sv row = cells_merge(merging, e, b, n, &both);
    if (row.ptr != NULL) {
        if (!reads_as(merging, merging->pieces.at[e].text, n))
            merging->pieces.at[e].text = row;
        if (both.len > 0)
            remark_both(merging, e, b, n, strbuf_view(&both));
    }
    strbuf_release(&both);
    return row.ptr != NULL;
}

/* Unit e of the edited text, which was generated as b and is n now. */
static void
merge_block(struct merging *merging, size_t b, size_t e, size_t n)
{
    bool untouched = merge_untouched(merging, b, e);
    if (merge_same_records(merging, b, n) && cells_same_head(&merging->b, b, &merging->n, n) &&
        (!untouched || !cells_same_head(&merging->e, e, &merging->b, b)))
        return;
    if (take_cells(merging, b, e, n, untouched))
        return;
    if (untouched)
        take_records(merging, b, e, n);
    else if (!merge_same_records(merging, b, n) &&
             !reads_as(merging, merging->pieces.at[e].text, n))
        remark_both(merging, e, b, n, SV_NONE);
}

/* The records no longer say b. A heading, a head or a footnote may be needed by what is left. */
static void
merge_vanished(struct merging *merging, size_t b, size_t e)
{
    enum unit_kind kind = merging->b.units[b].kind;
    if (!merge_untouched(merging, b, e)) {
        merging->pieces.at[e].own = true;
        remark_both(merging, e, b, UNIT_NONE, SV_NONE);
    } else {
        merging->pieces.at[e].dropped = true;
        merging->counts.removed += kind != UNIT_NOTE;
    }
}

static void
merge_edited(struct merging *merging)
{
    for (size_t e = 0; e < merging->e.count; e++) {
        size_t b = merging->e_to_b[e];
        struct piece *piece = &merging->pieces.at[e];
        bool note = b != UNIT_NONE && b >= merging->b_count;
        piece->text = merge_relabel(merging, piece->text);
        piece->own = b == UNIT_NONE || note;
        piece->remark = note && merge_untouched(merging, b, e);
        piece->dropped = piece->remark && sv_eq(merging->about[b - merging->b_count], SV(NOTICE));
    }
    for (size_t e = 0; e < merging->e.count; e++) {
        size_t b = merging->e_to_b[e];
        if (b == UNIT_NONE || b >= merging->b_count)
            continue;
        if (merging->b_to_n[b] == UNIT_NONE)
            merge_vanished(merging, b, e);
        else
            merge_block(merging, b, e, merging->b_to_n[b]);
    }
}

/* ------------------------------------------------------------------- the base */

/* Remarks that stay, and those of this merge. */
static void
make_base(struct merging *merging, struct sv generated, struct merge_base *ret_base)
{
    const struct merge_base *base = merging->base;
    size_t count = 0;
    struct merge_note *notes =
        ARENA_ARRAY(merging->arena, struct merge_note, base->note_count + merging->note_count + 1);
    for (size_t i = 0; i < base->note_count; i++) {
        size_t e = merging->b_to_e[merging->b_count + i];
        if (e != UNIT_NONE && !merging->pieces.at[e].dropped && merging->pieces.at[e].remark &&
            !merging->taken[e])
            notes[count++] = (struct merge_note){
                merging->about[i], arena_copy(merging->arena, merging->pieces.at[e].text)};
    }
    for (size_t i = 0; i < merging->note_count; i++)
        notes[count++] = merging->notes[i];
    *ret_base = (struct merge_base){.text = generated, .notes = notes, .note_count = count};
}

/* What a remark of an earlier merge is about, as that block is called now. */
static struct sv
about_now(const struct merging *merging, struct sv about)
{
    bool listed = sv_starts(about, SV(LIST "/"));
    struct sv id = listed ? sv_slice(about, sizeof(LIST "/") - 1, about.len) : about;
    for (size_t b = 0; b < merging->b_count; b++) {
        size_t n = merging->b_to_n[b];
        if (n != UNIT_NONE && sv_eq(merging->b_ids[b], id))
            return listed ? arena_printf(merging->arena, LIST "/" SV_FMT, SV_ARG(merging->n_ids[n]))
                          : merging->n_ids[n];
    }
    return about;
}

/* --------------------------------------------------------------------- merging */

static size_t *
places(struct arena *arena, size_t count)
{
    size_t *at = ARENA_ARRAY(arena, size_t, count + 1);
    for (size_t i = 0; i < count; i++)
        at[i] = UNIT_NONE;
    return at;
}

static void
invert(const size_t *to, size_t count, size_t *ret_from)
{
    for (size_t i = 0; i < count; i++)
        if (to[i] != UNIT_NONE)
            ret_from[to[i]] = i;
}

/* The units of the last generated text, and behind them one for each remark. */
static void
read_base(struct merging *merging)
{
    const struct merge_base *base = merging->base;
    struct units units, note;
    units_of(base->text, merging->arena, &units);
    struct unit *all = ARENA_ARRAY(merging->arena, struct unit, units.count + base->note_count + 1);
    if (units.count > 0)
        memcpy(all, units.at, units.count * sizeof(*all));
    merging->b_count = units.count;
    for (size_t i = 0; i < base->note_count; i++) {
        units_of(base->notes[i].text, merging->arena, &note);
        if (note.count > 0)
            all[units.count + i] = note.at[0];
        else
            all[units.count + i].text = SV("");
        all[units.count + i].heading = all[units.count + i].head = UNIT_NONE;
    }
    units.at = all;
    units.count += base->note_count;
    merging->b = (struct side){all, shapes_of(&units, merging->arena), units.count};
}

static bool
has_crlf(struct sv text)
{
    size_t lines = 0, ends = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n') {
            lines++;
            ends += i > 0 && text.ptr[i - 1] == '\r';
        }
    return 2 * ends > lines;
}

static struct side
side_of(struct sv text, struct arena *arena, struct units *ret_units)
{
    units_of(text, arena, ret_units);
    return (struct side){ret_units->at, shapes_of(ret_units, arena), ret_units->count};
}

static const struct sv *
ids_of(const struct side *side, size_t count, struct arena *arena)
{
    struct sv *ids = ARENA_ARRAY(arena, struct sv, count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t same = 1;
        for (size_t k = 0; k < i; k++)
            same += side->shapes[k].id == side->shapes[i].id;
        ids[i] = arena_printf(arena, "%016llx-%zu", (unsigned long long)side->shapes[i].id, same);
    }
    return ids;
}

/* Rows of the generated text in tables to which people added columns. */
static void
find_laid_rows(const struct merging *merging, size_t *n_to_e)
{
    for (size_t e = 0; e < merging->e.count; e++) {
        const struct unit *unit = &merging->e.units[e];
        bool is = unit->kind == UNIT_ROW && unit->head != UNIT_NONE &&
                  merging->e_to_b[e] == UNIT_NONE && merging->e_to_b[unit->head] == UNIT_NONE;
        for (size_t n = 0; n < merging->n.count && is; n++)
            if (n_to_e[n] == UNIT_NONE && merging->n.units[n].kind == UNIT_ROW &&
                cells_untouched(merging, e, &merging->n, n)) {
                n_to_e[n] = e;
                break;
            }
    }
}

/*
 * What reads as it is generated now is that, before anything is looked for that is like it: people
 * wrote it themselves, or a merge did that was killed before it kept its base.
 */
static void
take_generated(struct merging *merging)
{
    size_t *n_to_e = places(merging->arena, merging->n.count);
    align_same(&merging->n, &merging->e, ALIGN_TEXTS, n_to_e);
    invert(merging->b_to_e, merging->b.count, merging->e_to_b);
    find_laid_rows(merging, n_to_e);
    for (size_t n = 0; n < merging->n.count; n++) {
        size_t e = n_to_e[n], b = merging->n_to_b[n];
        if (e == UNIT_NONE || merging->e_to_b[e] != UNIT_NONE)
            continue;
        if (b == UNIT_NONE) {
            merging->n_to_piece[n] = e;
            merging->taken[e] = true;
        } else if (merging->b_to_e[b] == UNIT_NONE) {
            merging->b_to_e[b] = e;
        }
    }
}

static void
align_all(struct merging *merging)
{
    struct side generated = merging->b;
    generated.count = merging->b_count;
    merging->b_to_e = places(merging->arena, merging->b.count);
    merging->e_to_b = places(merging->arena, merging->e.count);
    merging->b_to_n = places(merging->arena, merging->b.count);
    merging->n_to_b = places(merging->arena, merging->n.count);
    merging->n_to_piece = places(merging->arena, merging->n.count);
    align_same(&generated, &merging->n, ALIGN_GENERATED, merging->b_to_n);
    align_like(&generated, &merging->n, ALIGN_GENERATED, NULL, merging->b_to_n);
    invert(merging->b_to_n, merging->b_count, merging->n_to_b);
    align_same(&merging->b, &merging->e, ALIGN_TEXTS, merging->b_to_e);
    take_generated(merging);
    align_like(&merging->b, &merging->e, ALIGN_TEXTS, merging->taken, merging->b_to_e);
    invert(merging->b_to_e, merging->b.count, merging->e_to_b);
}

static void
begin(struct merging *merging, struct sv edited, struct sv generated, struct sv *ret_start)
{
    struct arena *arena = merging->arena;
    struct units e_units, n_units;
    size_t notes = merging->base->note_count;
    merging->crlf = has_crlf(edited);
    read_base(merging);
    merging->e = side_of(edited, arena, &e_units);
    merging->n = side_of(generated, arena, &n_units);
    merging->b_ids = ids_of(&merging->b, merging->b_count, arena);
    merging->n_ids = ids_of(&merging->n, merging->n.count, arena);
    merging->taken = ARENA_ARRAY(arena, bool, merging->e.count + 1);
    align_all(merging);
    struct sv *about = ARENA_ARRAY(arena, struct sv, notes + 1);
    for (size_t i = 0; i < notes; i++)
        about[i] = about_now(merging, merging->base->notes[i].about);
    merging->about = about;
    const struct side former = {merging->b.units, merging->b.shapes, merging->b_count};
    labels_of(&merging->e, &former, &merging->n, arena, &merging->labels);
    pieces_of(merging, &e_units);
    *ret_start = e_units.start;
}

static void
end(struct merging *merging)
{
    free(merging->pieces.at);
    free(merging->notes);
    free(merging->listed);
}

static bool
has_notice(const struct merge_base *base)
{
    for (size_t i = 0; i < base->note_count; i++)
        if (sv_eq(base->notes[i].about, SV(NOTICE)))
            return true;
    return false;
}

void
merge(const struct merge_base *base, struct sv edited, struct sv generated, struct arena *arena,
      struct strbuf *out, struct merge_base *ret_base, struct merge_counts *ret_counts)
{
    struct merging merging = {.arena = arena, .base = base};
    struct sv start;
    *ret_counts = (struct merge_counts){0};
    if (sv_eq(base->text, generated) && !has_notice(base)) {
        strbuf_add_sv(out, edited);
        *ret_base = *base;
        return;
    }
    if (sv_eq(base->text, edited)) {
        strbuf_add_sv(out, generated);
        *ret_base = (struct merge_base){.text = generated};
        return;
    }
    begin(&merging, edited, generated, &start);
    merge_edited(&merging);
    merge_generated(&merging);
    remark_list(&merging);
    merge_keep_needed(&merging);
    pieces_write(&merging, start, out);
    make_base(&merging, generated, ret_base);
    *ret_counts = merging.counts;
    end(&merging);
}

void
merge_notice(const struct merge_base *base, struct sv edited, struct sv notice, struct arena *arena,
             struct strbuf *out, struct merge_base *ret_base)
{
    struct merging merging = {.arena = arena, .base = base};
    struct sv start;
    for (size_t i = 0; i < base->note_count; i++)
        if (sv_eq(base->notes[i].about, SV(NOTICE)) &&
            sv_eq(sv_trim(base->notes[i].text), sv_trim(notice))) {
            strbuf_add_sv(out, edited);
            *ret_base = *base;
            return;
        }
    begin(&merging, edited, base->text, &start);
    merge_edited(&merging);
    remark_notice(&merging, notice);
    pieces_write(&merging, start, out);
    make_base(&merging, base->text, ret_base);
    end(&merging);
}

void
merge_blocks(struct sv generated, void (*on_block)(void *opaque, struct sv id, struct sv text),
             void *opaque)
{
    struct arena arena;
    struct units units;
    arena_init(&arena, 0);
    const struct side side = side_of(generated, &arena, &units);
    const struct sv *ids = ids_of(&side, side.count, &arena);
    const char *from = generated.ptr;
    for (size_t i = 0; i < side.count; i++) {
        const char *to = units.at[i].gap.ptr + units.at[i].gap.len;
        on_block(opaque, ids[i], sv_of(from, (size_t)(to - from)));
        from = to;
    }
    arena_release(&arena);
}
