/*
 * What a merge says to people: remarks behind what both changed, and the list at the end. See
 * merging.h. Each remark is one unit, so that the next merge finds it again.
 */
#include "base/memory.h"
#include "report/merge/merging.h"

#define LIST_HEADING "## Since you edited: changes to what you removed\n"
#define LIST_INTRO                                                                                 \
    "> Lines that you removed are not put back. The records have changed what they would say; "    \
    "delete "                                                                                      \
    "this list when you have read it.\n"

/* The words of a block in one line: of a row the cells, of a heading without its marks. */
static void
put_words(const struct side *side, size_t unit, struct strbuf *out)
{
    const struct shape *shape = &side->shapes[unit];
    struct sv words = sv_slice(shape->words, 2, shape->words.len);
    if (side->units[unit].kind == UNIT_HEADING)
        while (words.len > 0 && (words.ptr[0] == '#' || words.ptr[0] == ' '))
            words = sv_slice(words, 1, words.len);
    if (side->units[unit].kind != UNIT_ROW && side->units[unit].kind != UNIT_HEAD) {
        strbuf_add_sv(out, words);
        return;
    }
    struct sv rest = unit_cells(&side->units[unit]), cell;
    for (bool any = false; unit_next_cell(&rest, &cell);) {
        if (sv_empty(cell))
            continue;
        strbuf_addf(out, "%s" SV_FMT, any ? ", " : "", SV_ARG(cell));
        any = true;
    }
}

/* What was generated last, with its footnotes as they are numbered now. */
static void
put_former_words(const struct merging *merging, size_t b, struct strbuf *out)
{
    struct strbuf words;
    strbuf_init(&words, 0);
    put_words(&merging->b, b, &words);
    labels_put_known(&merging->labels, strbuf_view(&words), out);
    strbuf_release(&words);
}

static struct sv
line_of(const struct merging *merging, struct strbuf *out)
{
    strbuf_add_char(out, '\n');
    struct sv line = merge_lines(merging, arena_copy(merging->arena, strbuf_view(out)));
    strbuf_release(out);
    return line;
}

/* ------------------------------------------------------------- finding again */

/* An earlier remark about the same, which nobody touched, makes room. */
static void
drop_earlier(struct merging *merging, struct sv about)
{
    for (size_t i = 0; i < merging->base->note_count; i++) {
        size_t b = merging->b_count + i, e = merging->b_to_e[b];
        if (e != UNIT_NONE && sv_eq(merging->about[i], about) && merge_untouched(merging, b, e))
            merging->pieces.at[e].dropped = true;
    }
}

static void
keep_note(struct merging *merging, struct sv about, struct sv text)
{
    merging->notes = memory_grow(merging->notes, &merging->note_room, merging->note_count + 1,
                                 sizeof(*merging->notes));
    merging->notes[merging->note_count++] = (struct merge_note){about, text};
}

/* Returns its place, or `at` where it is there already. */
static size_t
put(struct merging *merging, size_t at, struct sv about, struct piece piece, bool glued)
{
    keep_note(merging, about, piece.text);
    if (merge_find(merging, piece.text) != UNIT_NONE)
        return at;
    drop_earlier(merging, about);
    piece.own = piece.remark = true;
    return piece_put(merging, at, piece, glued);
}

/* ------------------------------------------------------------------ in place */

/* Behind the last row of the table that the row is in, and behind what was said there. */
static size_t
end_of_table(const struct merging *merging, size_t at)
{
    const struct piece *pieces = merging->pieces.at;
    for (size_t next = pieces[at].next; next != UNIT_NONE; next = pieces[at].next) {
        bool row = pieces[next].kind == UNIT_ROW && sv_empty(pieces[at].gap);
        if (!row && !pieces[next].remark)
            break;
        at = next;
    }
    return at;
}

static void
put_remark(const struct merging *merging, size_t e, size_t b, size_t n, struct sv cells,
           struct strbuf *out)
{
    bool row = merging->e.units[e].kind == UNIT_ROW;
    strbuf_add_text(out, n == UNIT_NONE ? "> **Changed by you, and no longer in the records.** "
                                        : "> **Changed by you and by the records.** ");
    if (row) {
        strbuf_add_text(out, "Row “");
        put_former_words(merging, b, out);
        strbuf_add_text(out, "”: ");
    }
    if (!sv_empty(cells)) {
        strbuf_add_sv(out, cells);
        strbuf_add_text(out, ". ");
    } else {
        strbuf_addf(out, "%s is yours. ", row ? "it" : "The text above");
        strbuf_add_text(out, n == UNIT_NONE ? "The records said: “" : "The records now say: “");
        if (n == UNIT_NONE)
            put_former_words(merging, b, out);
        else
            put_words(&merging->n, n, out);
        strbuf_add_text(out, "”. ");
    }
    strbuf_add_text(out, n == UNIT_NONE ? "Keep yours if it still holds, and delete this note."
                                        : "Keep what is right, and delete this note.");
}

void
remark_both(struct merging *merging, size_t e, size_t b, size_t n, struct sv cells)
{
    const struct unit *unit = &merging->e.units[e];
    struct sv about = n == UNIT_NONE ? merging->b_ids[b] : merging->n_ids[n];
    struct strbuf out;
    struct piece piece = {.kind = UNIT_QUOTE};
    strbuf_init(&out, 0);
    merging->counts.both++;
    if (unit->kind == UNIT_ITEM) { /* within the item */
        piece.indent = unit->indent + 2;
        for (size_t i = 0; i < piece.indent; i++)
            strbuf_add_char(&out, ' ');
    }
    put_remark(merging, e, b, n, cells, &out);
    piece.text = line_of(merging, &out);
    bool table = unit->kind == UNIT_ROW || unit->kind == UNIT_HEAD;
    put(merging, table ? end_of_table(merging, e) : e, about, piece, unit->kind == UNIT_ITEM);
}

/* ---------------------------------------------------------------- at the end */

static struct listed *
listed_about(struct merging *merging, struct sv about)
{
    for (size_t i = 0; i < merging->listed_count; i++)
        if (sv_eq(merging->listed[i].about, about))
            return &merging->listed[i];
    merging->listed = memory_grow(merging->listed, &merging->listed_room, merging->listed_count + 1,
                                  sizeof(*merging->listed));
    struct listed *listed = &merging->listed[merging->listed_count++];
    *listed = (struct listed){.about = about};
    return listed;
}

static struct sv
words_of(const struct merging *merging, size_t n)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    put_words(&merging->n, n, &out);
    struct sv words = arena_copy(merging->arena, strbuf_view(&out));
    strbuf_release(&out);
    return words;
}

void
remark_listed(struct merging *merging, size_t n)
{
    const struct unit *unit = &merging->n.units[n];
    size_t heading = unit->heading, head = unit->head, whole = UNIT_NONE;
    bool is_heading = unit->kind == UNIT_HEADING;
    if (heading != UNIT_NONE && !is_heading && merging->n_to_piece[heading] == UNIT_NONE)
        whole = heading;
    else if (head != UNIT_NONE && merging->n_to_piece[head] == UNIT_NONE)
        whole = head;
    size_t about = whole == UNIT_NONE ? n : whole;
    struct listed *listed = listed_about(
        merging, arena_printf(merging->arena, LIST "/" SV_FMT, SV_ARG(merging->n_ids[about])));
    listed->changed++;
    merging->counts.listed++;
    if (whole != UNIT_NONE)
        listed->where = words_of(merging, whole);
    else if (heading != UNIT_NONE && !is_heading)
        listed->where = words_of(merging, heading);
    if (whole == UNIT_NONE)
        listed->text = words_of(merging, n);
}

static struct sv
item_of(const struct merging *merging, const struct listed *listed)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    strbuf_add_text(&out, "- ");
    if (!sv_empty(listed->where))
        strbuf_addf(&out, "In “" SV_FMT "”: ", SV_ARG(listed->where));
    if (listed->text.ptr != NULL)
        strbuf_addf(&out, "the records now say “" SV_FMT "”.", SV_ARG(listed->text));
    else
        strbuf_addf(&out, "you removed it as a whole; %zu line%s changed or new.", listed->changed,
                    listed->changed == 1 ? " is" : "s are");
    return line_of(merging, &out);
}

/* The last piece that is no footnote. */
static size_t
end_of_text(const struct merging *merging)
{
    size_t last = UNIT_NONE;
    for (size_t i = merging->pieces.first; i != UNIT_NONE; i = merging->pieces.at[i].next)
        if (!merging->pieces.at[i].dropped && merging->pieces.at[i].kind != UNIT_NOTE)
            last = i;
    return last;
}

/* The last line of the list that an earlier merge made and that is there; UNIT_NONE: none is. */
static size_t
end_of_list(const struct merging *merging, bool *ret_heading)
{
    size_t last = UNIT_NONE;
    *ret_heading = false;
    for (size_t i = 0; i < merging->base->note_count; i++) {
        size_t e = merging->b_to_e[merging->b_count + i];
        if (e == UNIT_NONE || !sv_starts(merging->base->notes[i].about, SV(LIST)))
            continue;
        *ret_heading = *ret_heading || sv_eq(merging->base->notes[i].about, SV(LIST));
        last = e;
    }
    return last;
}

void
remark_notice(struct merging *merging, struct sv notice)
{
    const struct piece piece = {.text = merge_lines(merging, notice), .kind = UNIT_QUOTE};
    put(merging, end_of_text(merging), SV(NOTICE), piece, false);
}

static size_t
put_list_head(struct merging *merging, size_t at)
{
    const struct piece heading = {.text = merge_lines(merging, SV(LIST_HEADING)),
                                  .kind = UNIT_HEADING};
    const struct piece intro = {.text = merge_lines(merging, SV(LIST_INTRO)), .kind = UNIT_QUOTE};
    at = put(merging, at, SV(LIST), heading, false);
    return put(merging, at, SV(LIST "-intro"), intro, false);
}

static struct sv
rest_of_list(const struct merging *merging)
{
    return merge_lines(merging, arena_printf(merging->arena, "- And %zu more.\n",
                                             merging->listed_count - MERGE_LIST_MAX));
}

void
remark_list(struct merging *merging)
{
    bool heading;
    size_t at = end_of_list(merging, &heading);
    if (merging->listed_count == 0)
        return;
    if (!heading)
        at = put_list_head(merging, end_of_text(merging));
    for (size_t i = 0; i < merging->listed_count && i <= MERGE_LIST_MAX; i++) {
        const struct listed *listed = &merging->listed[i];
        bool last = i == MERGE_LIST_MAX;
        const struct piece piece = {.text = last ? rest_of_list(merging) : item_of(merging, listed),
                                    .kind = UNIT_ITEM};
        bool glued = at != UNIT_NONE && merging->pieces.at[at].kind == UNIT_ITEM;
        at = put(merging, at, last ? SV(LIST "/more") : listed->about, piece, glued);
    }
}
