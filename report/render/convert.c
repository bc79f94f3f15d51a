/*
 * Markdown in other forms: see convert.h. Called by report for drafts that lie in files.
 */
#include "report/render/convert.h"

#include "base/memory.h"
#include "report/render/inline.h"

/* What the last block was part of. */
enum part { PART_NONE, PART_BLOCK, PART_LIST, PART_ABOUT, PART_TABLE };

struct conversion {
    const struct markup *markup;
    struct strbuf *out;
    struct footnotes footnotes;
    enum part part;
    size_t columns; /* of the table */
};

static const struct markup *
markup_of(const struct document_writer *writer)
{
    return writer->write == write_confluence ? &markup_confluence
           : writer->write == write_jira     ? &markup_jira
           : writer->write == write_gdocs    ? &markup_gdocs
           : writer->write == write_text     ? &markup_text
                                             : NULL;
}

static const struct around *
around_of(const struct markup *markup, enum part part)
{
    return part == PART_LIST    ? &markup->list
           : part == PART_ABOUT ? &markup->about
           : part == PART_TABLE ? &markup->table
                                : NULL;
}

/* Ends the list or table before and begins the next. `again`: a table behind a table. */
static void
change_part(struct conversion *conversion, enum part part, bool again)
{
    const struct markup *markup = conversion->markup;
    const struct around *old = around_of(markup, conversion->part), *new = around_of(markup, part);
    if (part == conversion->part && part != PART_BLOCK && !again)
        return;
    if (old != NULL)
        strbuf_add_text(conversion->out, old->close);
    if (conversion->part != PART_NONE && part != PART_NONE)
        strbuf_add_text(conversion->out, markup->between);
    if (new != NULL)
        strbuf_add_text(conversion->out, new->open);
    conversion->part = part;
}

static void
put_around(struct conversion *conversion, struct around around, struct sv words)
{
    strbuf_add_text(conversion->out, around.open);
    inline_put(conversion->markup, &conversion->footnotes, words, conversion->out);
    strbuf_add_text(conversion->out, around.close);
}

/* Lines as one, without what is before their words. */
static void
join_lines(struct sv text, bool quoted, struct strbuf *out)
{
    struct sv line;
    strbuf_clear(out);
    while (text.len > 0 && sv_split(&text, '\n', &line)) {
        line = sv_trim(line);
        if (quoted && sv_starts(line, SV(">")))
            line = sv_trim(sv_slice(line, 1, line.len));
        if (out->len > 0 && line.len > 0)
            strbuf_add_char(out, ' ');
        strbuf_add_sv(out, line);
    }
}

static void
put_block(struct conversion *conversion, struct around around, struct sv words)
{
    change_part(conversion, PART_BLOCK, false);
    put_around(conversion, around, words);
}

static void
put_heading(struct conversion *conversion, struct sv words)
{
    size_t level = 0;
    while (level < words.len && words.ptr[level] == '#')
        level++;
    put_block(conversion, level == 1 ? conversion->markup->title : conversion->markup->heading,
              sv_trim(sv_slice(words, level, words.len)));
}

static void
put_item(struct conversion *conversion, struct sv words)
{
    struct sv prompt = SV(DOCUMENT_PROMPT ":");
    if (sv_starts(words, prompt)) {
        put_block(conversion, conversion->markup->prompt,
                  sv_trim(sv_slice(words, prompt.len, words.len)));
        return;
    }
    change_part(conversion, PART_LIST, false);
    put_around(conversion, conversion->markup->item, words);
}

/* A quotation is a list of lines about the document, or a remark. */
static void
put_quote(struct conversion *conversion, struct sv text, struct strbuf *line)
{
    struct sv rest = text, next;
    bool list = true;
    while (rest.len > 0 && sv_split(&rest, '\n', &next)) {
        join_lines(next, true, line);
        list = list && (line->len == 0 || sv_starts(strbuf_view(line), SV("- ")));
    }
    for (rest = text; list && rest.len > 0 && sv_split(&rest, '\n', &next);) {
        join_lines(next, true, line);
        if (line->len < 2)
            continue;
        change_part(conversion, PART_ABOUT, false);
        put_around(conversion, conversion->markup->about_item,
                   sv_slice(strbuf_view(line), 2, line->len));
    }
    if (list)
        return;
    join_lines(text, true, line);
    put_block(conversion, conversion->markup->remark, strbuf_view(line));
}

/* Each line of a fenced block is a paragraph of code. */
static void
put_fence(struct conversion *conversion, struct sv text)
{
    const struct markup *markup = conversion->markup;
    struct sv line;
    while (text.len > 0 && sv_split(&text, '\n', &line)) {
        if (sv_starts(sv_trim(line), SV("```")) || sv_starts(sv_trim(line), SV("~~~")) ||
            sv_empty(sv_trim(line)))
            continue;
        change_part(conversion, PART_BLOCK, false);
        strbuf_add_text(conversion->out, markup->paragraph.open);
        strbuf_add_text(conversion->out, markup->code.open);
        markup->text(conversion->out, line);
        strbuf_add_text(conversion->out, markup->code.close);
        strbuf_add_text(conversion->out, markup->paragraph.close);
    }
}

/* A row, or the head of a table; cells that a row lacks are blank. */
static void
put_row(struct conversion *conversion, const struct unit *unit)
{
    const struct markup *markup = conversion->markup;
    bool head = unit->kind == UNIT_HEAD;
    struct sv rest = unit_cells(unit), cell;
    size_t count = 0;
    change_part(conversion, PART_TABLE, head);
    strbuf_add_text(conversion->out, head ? markup->head.open : markup->row.open);
    for (; unit_next_cell(&rest, &cell); count++)
        put_around(conversion,
                   head             ? markup->head_cell
                   : sv_empty(cell) ? markup->blank
                                    : markup->cell,
                   cell);
    conversion->columns = head ? count : conversion->columns;
    for (; count < conversion->columns; count++)
        put_around(conversion, markup->blank, SV(""));
    strbuf_add_text(conversion->out, head ? markup->head.close : markup->row.close);
}

static void
put_unit(struct conversion *conversion, const struct unit *unit, struct strbuf *words)
{
    join_lines(sv_slice(unit->text, unit_marker(unit), unit->text.len), false, words);
    switch (unit->kind) {
    case UNIT_HEADING:
        put_heading(conversion, strbuf_view(words));
        break;
    case UNIT_ITEM:
        put_item(conversion, strbuf_view(words));
        break;
    case UNIT_QUOTE:
        put_quote(conversion, unit->text, words);
        break;
    case UNIT_FENCE:
        put_fence(conversion, unit->text);
        break;
    case UNIT_HEAD:
    case UNIT_ROW:
        if (unit->kind == UNIT_HEAD || conversion->part == PART_TABLE) {
            put_row(conversion, unit);
            break;
        }
        put_block(conversion, conversion->markup->paragraph, strbuf_view(words));
        break;
    case UNIT_PARAGRAPH:
        put_block(conversion, conversion->markup->paragraph, strbuf_view(words));
        break;
    case UNIT_COMMENT:
    case UNIT_NOTE:
    case UNIT_RULE:
        break;
    }
}

/* ---- footnotes ---- */

static void
find_footnotes(const struct units *units, struct arena *arena, struct footnotes *ret_footnotes)
{
    struct strbuf words;
    strbuf_init(&words, 0);
    ret_footnotes->at = ARENA_ARRAY(arena, struct footnote, units->count + 1);
    for (size_t i = 0; i < units->count; i++) {
        struct sv label = unit_label(&units->at[i]), text = sv_trim(units->at[i].text);
        size_t end = sv_find(text, SV("]:"));
        if (sv_empty(label) || end == SIZE_MAX)
            continue;
        join_lines(sv_slice(text, end + 2, text.len), false, &words);
        ret_footnotes->at[ret_footnotes->count++] =
            (struct footnote){.label = label, .text = arena_copy(arena, strbuf_view(&words))};
    }
    strbuf_release(&words);
}

/* In the order of their numbers; one that is cited in another one comes behind it. */
static void
put_footnotes(struct conversion *conversion)
{
    const struct markup *markup = conversion->markup;
    struct footnotes *footnotes = &conversion->footnotes;
    if (footnotes->cited == 0)
        return;
    strbuf_add_text(conversion->out, markup->notes.open);
    for (size_t number = 1; number <= footnotes->cited; number++)
        for (size_t i = 0; i < footnotes->count; i++) {
            if (footnotes->at[i].number != number)
                continue;
            markup->note(conversion->out, number);
            inline_put(markup, footnotes, footnotes->at[i].text, conversion->out);
            strbuf_add_text(conversion->out, markup->note_end);
        }
    strbuf_add_text(conversion->out, markup->notes.close);
}

bool
convert_markdown(struct sv text, const struct document_writer *writer, struct strbuf *out)
{
    struct conversion conversion = {.markup = markup_of(writer), .out = out};
    struct strbuf words;
    struct arena arena;
    struct units units;
    if (writer->write == write_markdown)
        strbuf_add_sv(out, text);
    if (conversion.markup == NULL)
        return writer->write == write_markdown;
    arena_init(&arena, 0);
    strbuf_init(&words, 0);
    units_of(text, &arena, &units);
    find_footnotes(&units, &arena, &conversion.footnotes);
    strbuf_add_text(out, conversion.markup->whole.open);
    for (size_t i = 0; i < units.count; i++)
        put_unit(&conversion, &units.at[i], &words);
    change_part(&conversion, PART_NONE, false);
    put_footnotes(&conversion);
    strbuf_add_text(out, conversion.markup->whole.close);
    strbuf_release(&words);
    arena_release(&arena);
    return true;
}
