/*
 * The merged text as a list of pieces: see merging.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "report/merge/merging.h"

struct sv
merge_lines(const struct merging *merging, struct sv text)
{
    struct strbuf out;
    if (!merging->crlf)
        return text;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n' && (i == 0 || text.ptr[i - 1] != '\r'))
            strbuf_add_char(&out, '\r');
        strbuf_add_char(&out, text.ptr[i]);
    }
    struct sv copy = arena_copy(merging->arena, strbuf_view(&out));
    strbuf_release(&out);
    return copy;
}

struct sv
merge_relabel(const struct merging *merging, struct sv text)
{
    struct strbuf out;
    if (sv_find(text, SV("[^")) == SIZE_MAX)
        return text;
    strbuf_init(&out, 0);
    labels_put(&merging->labels, text, &out);
    struct sv copy = arena_copy(merging->arena, strbuf_view(&out));
    strbuf_release(&out);
    return copy;
}

static struct piece *
add(struct pieces *pieces, struct piece piece)
{
    pieces->at = memory_grow(pieces->at, &pieces->room, pieces->count + 1, sizeof(*pieces->at));
    pieces->at[pieces->count] = piece;
    return &pieces->at[pieces->count++];
}

void
pieces_of(struct merging *merging, const struct units *edited)
{
    struct pieces *pieces = &merging->pieces;
    for (size_t i = 0; i < edited->count; i++) {
        const struct unit *unit = &edited->at[i];
        add(pieces, (struct piece){.text = unit->text,
                                   .gap = unit->gap,
                                   .kind = unit->kind,
                                   .indent = unit->indent,
                                   .next = i + 1 < edited->count ? i + 1 : UNIT_NONE});
    }
    pieces->first = edited->count > 0 ? 0 : UNIT_NONE;
}

size_t
piece_put(struct merging *merging, size_t after, struct piece piece, bool glued)
{
    struct pieces *pieces = &merging->pieces;
    struct sv line = merge_lines(merging, SV("\n"));
    size_t place = pieces->count;
    piece.next = after == UNIT_NONE ? pieces->first : pieces->at[after].next;
    if (piece.gap.ptr == NULL && glued)
        piece.gap = pieces->at[after].gap;
    else if (piece.gap.ptr == NULL)
        piece.gap = piece.next == UNIT_NONE ? SV("") : line;
    if (after == UNIT_NONE) {
        pieces->first = place;
    } else if (glued) {
        pieces->at[after].gap = SV("");
    } else if (sv_empty(pieces->at[after].gap)) {
        pieces->at[after].gap = line;
    }
    add(pieces, piece);
    if (after != UNIT_NONE)
        pieces->at[after].next = place;
    return place;
}

size_t
piece_end(const struct merging *merging, size_t at)
{
    const struct piece *pieces = merging->pieces.at;
    const struct piece *head = &pieces[at];
    for (size_t next = head->next; next != UNIT_NONE; next = pieces[next].next) {
        bool below =
            head->kind == UNIT_ITEM && pieces[next].own && pieces[next].indent > head->indent;
        bool remark = pieces[next].remark && head->kind != UNIT_ROW && head->kind != UNIT_HEAD;
        if (!below && !remark)
            break;
        at = next;
    }
    return at;
}

static struct sv
longer(struct sv a, struct sv b)
{
    return b.len > a.len ? b : a;
}

void
pieces_write(const struct merging *merging, struct sv start, struct strbuf *out)
{
    struct sv gap = SV(""), last = SV("");
    size_t from;
    strbuf_add_sv(out, start);
    from = out->len;
    for (size_t i = merging->pieces.first; i != UNIT_NONE; i = merging->pieces.at[i].next) {
        const struct piece *piece = &merging->pieces.at[i];
        last = piece->gap;
        if (piece->dropped) {
            gap = longer(gap, out->len > from ? piece->gap : SV(""));
            continue;
        }
        if (out->len > from && out->ptr[out->len - 1] != '\n')
            strbuf_add_sv(out, merge_lines(merging, SV("\n")));
        strbuf_add_sv(out, gap);
        strbuf_add_sv(out, piece->text);
        gap = piece->gap;
    }
    strbuf_add_sv(out, last);
}
