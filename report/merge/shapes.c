/*
 * Shapes of units: see shapes.h.
 */
#include "report/merge/shapes.h"

#include <stdlib.h>

#include "base/strbuf.h"
#include "base/text/word_char.h"

#define FNV_OFFSET UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)
#define OPENING_QUOTE SV("\xe2\x80\x9c")
#define CLOSING_QUOTE SV("\xe2\x80\x9d")
#define FIRST_CELL_BONUS 300
#define ID_DIGITS_MIN 6

uint64_t
shape_hash(struct sv text)
{
    uint64_t hash = FNV_OFFSET;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (uint8_t)text.ptr[i]) * FNV_PRIME;
    return hash == 0 ? 1 : hash;
}

/* ------------------------------------------------------------------ one form */

/* Each run of blanks as one, none at the ends. */
static void
add_words(struct strbuf *out, struct sv text)
{
    bool blank = false, any = false;
    for (size_t i = 0; i < text.len; i++) {
        if (sv_blank(text.ptr[i])) {
            blank = any;
            continue;
        }
        if (blank)
            strbuf_add_char(out, ' ');
        strbuf_add_char(out, text.ptr[i]);
        blank = false;
        any = true;
    }
}

static void
add_cells(struct strbuf *out, struct sv cells)
{
    struct sv cell;
    size_t used = out->len;
    while (unit_next_cell(&cells, &cell)) {
        add_words(out, cell);
        if (cell.len > 0)
            used = out->len;
        strbuf_add_char(out, '|');
    }
    while (out->len > used) /* empty cells at the end say nothing */
        out->ptr[--out->len] = '\0';
}

/* The line below the head: how many dashes it has does not matter, on which side a colon is does.
 */
static void
add_rule(struct strbuf *out, struct sv text)
{
    size_t at = sv_find_char(text, '\n');
    for (size_t i = at; i < text.len; i++)
        if (text.ptr[i] == ':' || text.ptr[i] == '|')
            strbuf_add_char(out, text.ptr[i]);
}

static void
add_quote(struct strbuf *out, struct sv text)
{
    struct sv line;
    struct strbuf lines;
    strbuf_init(&lines, 0);
    while (sv_split(&text, '\n', &line)) {
        line = sv_trim(line);
        while (sv_starts(line, SV(">")))
            line = sv_trim(sv_slice(line, 1, line.len));
        strbuf_add_sv(&lines, line);
        strbuf_add_char(&lines, '\n');
    }
    add_words(out, strbuf_view(&lines));
    strbuf_release(&lines);
}

static void
add_fence(struct strbuf *out, struct sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\r')
            strbuf_add_char(out, text.ptr[i]);
}

static void
add_unit(struct strbuf *out, const struct unit *unit)
{
    strbuf_addf(out, "%d ", (int)unit->kind);
    if (unit->kind == UNIT_ITEM)
        add_words(out, sv_slice(unit->text, unit_marker(unit), unit->text.len));
    else if (unit->kind == UNIT_QUOTE)
        add_quote(out, unit->text);
    else if (unit->kind == UNIT_ROW || unit->kind == UNIT_HEAD)
        add_cells(out, unit_cells(unit));
    else if (unit->kind == UNIT_FENCE)
        add_fence(out, unit->text);
    else
        add_words(out, unit->text);
    if (unit->kind == UNIT_HEAD)
        add_rule(out, unit->text);
}

static bool
is_punctuation(char c)
{
    return c > ' ' && c < 0x7f && (!text_is_word_char(c) || c == '_');
}

static void
add_loose(struct strbuf *out, struct sv words)
{
    for (size_t i = 0; i < words.len; i++)
        if (words.ptr[i] != '\\' || i + 1 == words.len || !is_punctuation(words.ptr[i + 1]))
            strbuf_add_char(out, words.ptr[i]);
}

/* The length of "[^12]", of "[^12]:" or of " [e:0123456789ab]" at the start of the text. */
static size_t
cite_at(struct sv text)
{
    size_t end = sv_find_char(text, ']');
    if (end == SIZE_MAX)
        return 0;
    if (sv_starts(text, SV("[^")) && sv_find_char(sv_slice(text, 0, end), ' ') == SIZE_MAX)
        return end + 1;
    for (size_t i = 3; i < end; i++)
        if (strchr("0123456789abcdef", text.ptr[i]) == NULL)
            return 0;
    return sv_starts(text, SV("[e:")) ? end + 1 : 0;
}

static void
add_plain(struct strbuf *out, struct sv loose)
{
    size_t from = out->len;
    for (size_t i = 0; i < loose.len;) {
        size_t length = loose.ptr[i] == '[' ? cite_at(sv_slice(loose, i, loose.len)) : 0;
        while (length > 0 && out->len > from && out->ptr[out->len - 1] == ' ')
            out->len--;
        if (length == 0)
            strbuf_add_char(out, loose.ptr[i++]);
        i += length;
    }
    while (out->len > from && (out->ptr[out->len - 1] == ' ' || out->ptr[out->len - 1] == '|'))
        out->len--;
    if (out->ptr != NULL)
        out->ptr[out->len] = '\0';
}

/* ------------------------------------------------------------- what it is of */

/* Without figures and without what is quoted: the same sentence about other records. */
static void
add_sentence(struct strbuf *out, struct sv plain)
{
    bool figure = false;
    while (plain.len > 0) {
        size_t end = sv_starts(plain, OPENING_QUOTE) ? sv_find(plain, CLOSING_QUOTE) : SIZE_MAX;
        bool digit = plain.ptr[0] >= '0' && plain.ptr[0] <= '9';
        if (end == SIZE_MAX && (!digit || !figure))
            strbuf_add_char(out, digit ? '0' : plain.ptr[0]);
        figure = digit;
        plain = sv_slice(plain, end == SIZE_MAX ? 1 : end + CLOSING_QUOTE.len, plain.len);
    }
}

static bool
is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* Of all "e:" and digits in a footnote, whatever stands between; else of its text. */
static uint64_t
id_of_note(struct sv plain, struct strbuf *ids)
{
    strbuf_clear(ids);
    for (size_t i = 0; i + 2 < plain.len; i++) {
        size_t end = i + 2;
        if (plain.ptr[i] != 'e' || plain.ptr[i + 1] != ':' || (i > 0 && is_hex(plain.ptr[i - 1])))
            continue;
        while (end < plain.len && is_hex(plain.ptr[end]))
            end++;
        if (end - i - 2 >= ID_DIGITS_MIN)
            strbuf_add_sv(ids, sv_slice(plain, i, end));
    }
    return ids->len == 0 ? shape_hash(plain) : shape_hash(strbuf_view(ids));
}

static int
compare_words(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void
fill_bag(struct shape *shape, struct arena *arena)
{
    struct sv text = shape->plain;
    uint32_t *bag = ARENA_ARRAY(arena, uint32_t, text.len / 2 + 1);
    size_t count = 0, from = 2; /* behind the kind */
    for (size_t i = from; i <= text.len; i++) {
        if (i < text.len && text_is_word_char(text.ptr[i]))
            continue;
        if (i > from)
            bag[count++] = (uint32_t)shape_hash(sv_slice(text, from, i));
        from = i + 1;
    }
    if (count > 1)
        qsort(bag, count, sizeof(*bag), compare_words);
    shape->bag = bag;
    shape->bag_count = count;
}

static void
fill(struct shape *shape, const struct unit *unit, uint64_t heading, struct strbuf *scratch,
     struct arena *arena)
{
    strbuf_clear(scratch);
    add_unit(scratch, unit);
    shape->words = arena_copy(arena, strbuf_view(scratch));
    strbuf_clear(scratch);
    add_loose(scratch, shape->words);
    shape->loose = arena_copy(arena, strbuf_view(scratch));
    strbuf_clear(scratch);
    add_plain(scratch, shape->loose);
    shape->plain = arena_copy(arena, strbuf_view(scratch));
    strbuf_clear(scratch);
    strbuf_addf(scratch, "%016llx", (unsigned long long)heading);
    add_sentence(scratch, shape->plain);
    shape->section = heading;
    shape->id = unit->kind == UNIT_NOTE ? id_of_note(shape->plain, scratch)
                                        : shape_hash(strbuf_view(scratch));
    shape->loose_hash = shape_hash(shape->loose);
    shape->plain_hash = shape_hash(shape->plain);
    fill_bag(shape, arena);
    if (unit->kind == UNIT_ROW) {
        struct sv rest = unit_cells(unit), cell;
        if (unit_next_cell(&rest, &cell) && cell.len > 0)
            shape->first_cell = (uint32_t)shape_hash(cell) | 1U;
    }
}

struct shape *
shapes_of(const struct units *units, struct arena *arena)
{
    struct strbuf scratch;
    struct shape *shapes = ARENA_ARRAY(arena, struct shape, units->count + 1);
    strbuf_init(&scratch, 0);
    for (size_t i = 0; i < units->count; i++) {
        const struct unit *unit = &units->at[i];
        bool below = unit->kind != UNIT_HEADING && unit->heading != UNIT_NONE;
        fill(&shapes[i], unit, below ? shapes[unit->heading].id : 0, &scratch, arena);
    }
    strbuf_release(&scratch);
    return shapes;
}

bool
shape_untouched(const struct shape *generated, const struct shape *found)
{
    return sv_eq(found->words, generated->words) || sv_eq(found->words, generated->loose);
}

int
shape_likeness(const struct shape *a, const struct shape *b)
{
    size_t i = 0, k = 0, shared = 0, total = a->bag_count + b->bag_count;
    if (a->words.ptr[0] != b->words.ptr[0] || total == 0)
        return 0;
    if (a->words.ptr[0] == '0' + UNIT_NOTE)
        return a->id == b->id ? 1000 : 0;
    while (i < a->bag_count && k < b->bag_count) {
        int order = compare_words(&a->bag[i], &b->bag[k]);
        shared += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    int likeness = (int)(2000 * shared / total);
    if (a->first_cell != 0 && a->first_cell == b->first_cell)
        likeness += FIRST_CELL_BONUS;
    return likeness > 1000 ? 1000 : likeness;
}
