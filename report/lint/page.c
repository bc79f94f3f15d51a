/*
 * Documents as lint sees them: see page.h. One pass over the lines; what a line begins is in
 * line.c.
 */
#include "report/lint/page.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/lint/line.h"

const char *const page_section_names[SECTION_COUNT] = {
#define SECTION(name) #name,
#include "report/lint/sections.def"
#undef SECTION
};

#define PROMPT_MARK SV("TODO(human)")
#define CODE_INDENT 4
#define ID_LEAST 8 /* digits of an entry in a footnote */

struct reader {
    struct page *page;
    page_section_function *section_of;
    const void *opaque;
    enum page_section section;
    size_t level;       /* of the heading that opened it */
    size_t open;        /* block that the next line may go on with */
    size_t table;       /* the next line may be a row of it */
    size_t comment_end; /* of the comment that reaches into this line */
    size_t fence;       /* marks of the block of code that is open; 0: none */
    char fence_mark;
    bool matter;  /* inside the block before the document, "---" */
    bool list;    /* inside a list: indented lines are its text, not code */
    bool quote;   /* the line before was a quotation */
    bool skipped; /* the next line separates a table's head */
};

struct sv
page_block_text(const struct page *page, const struct page_block *block)
{
    return sv_slice(page->text, block->from, block->to);
}

const struct page_block *
page_cell(const struct page *page, const struct page_row *row, size_t column)
{
    return column < row->cells ? &page->blocks[row->first_block + column] : NULL;
}

static struct page_block *
add_block(struct reader *reader, enum page_kind kind, size_t from, size_t to)
{
    struct page *page = reader->page;
    page->blocks =
        memory_grow(page->blocks, &page->block_room, page->block_count + 1, sizeof(*page->blocks));
    struct page_block *block = &page->blocks[page->block_count++];
    *block = (struct page_block){.kind = kind,
                                 .from = from,
                                 .to = to,
                                 .section = reader->section,
                                 .row = PAGE_NONE,
                                 .column = PAGE_NONE};
    return block;
}

static void
close_block(struct reader *reader)
{
    reader->open = PAGE_NONE;
    reader->table = PAGE_NONE;
    reader->quote = false;
}

static size_t
place(const struct reader *reader, struct sv part)
{
    return (size_t)(part.ptr - reader->page->text.ptr);
}

/* ---- comments ---- */

/* Is the place within `code` that begins on this line? */
static bool
in_span(struct sv line, size_t at)
{
    size_t marks = 0;
    for (size_t i = 0; i < at; i++)
        marks += line.ptr[i] == '`';
    return marks % 2 == 1;
}

/* "-->" ends it; one that has no end is text, or all that follows where it begins its line. */
static size_t
comment_ends(const struct reader *reader, size_t from, bool begins_line)
{
    struct sv text = reader->page->text;
    size_t end = sv_find(sv_slice(text, from + 4, text.len), SV("-->"));
    if (end != SIZE_MAX)
        return from + 4 + end + 3;
    return begins_line ? text.len : 0;
}

/* Notes the comments that begin on a line; is anything else on it? */
static bool
take_comments(struct reader *reader, struct sv line)
{
    struct page *page = reader->page;
    size_t at = 0, from = place(reader, line), first = page->comment_count;
    bool text = false;
    while (at < line.len) {
        struct sv rest = sv_slice(line, at, line.len);
        size_t found = sv_find(rest, SV("<!--"));
        size_t end = found == SIZE_MAX || in_span(line, at + found)
                         ? 0
                         : comment_ends(reader, from + at + found,
                                        sv_trim(sv_slice(line, 0, at + found)).len == 0);
        if (end == 0) {
            text = text || sv_trim(rest).len > 0;
            break;
        }
        text = text || sv_trim(sv_slice(rest, 0, found)).len > 0;
        page->comments = memory_grow(page->comments, &page->comment_room, page->comment_count + 1,
                                     sizeof(*page->comments));
        page->comments[page->comment_count++] =
            (struct page_comment){.from = from + at + found, .to = end};
        reader->comment_end = end;
        at = end - from;
    }
    for (size_t i = first; i < page->comment_count; i++)
        page->comments[i].alone = !text;
    return text;
}

/* ---- footnotes ---- */

static int
compare_notes(const void *a, const void *b)
{
    const struct page_note *x = a, *y = b;
    return sv_cmp(x->label, y->label);
}

static void
add_note(struct page *page, struct sv label, struct sv words)
{
    size_t digits = 0;
    while (digits + 2 < words.len && isxdigit((unsigned char)words.ptr[digits + 2]))
        digits++;
    page->notes =
        memory_grow(page->notes, &page->note_room, page->note_count + 1, sizeof(*page->notes));
    page->notes[page->note_count++] =
        (struct page_note){label, words, sv_starts(words, SV("e:")) && digits >= ID_LEAST};
}

bool
page_next_record(const struct page *page, struct sv *text, const struct page_note **ret_note)
{
    struct page_note wanted;
    while (line_next_reference(text, &wanted.label)) {
        const struct page_note *found = page->note_count == 0
                                            ? NULL
                                            : bsearch(&wanted, page->notes, page->note_count,
                                                      sizeof(*page->notes), compare_notes);
        if (found != NULL && found->record) {
            *ret_note = found;
            return true;
        }
    }
    return false;
}

/* ---- tables ---- */

/* When all footnotes are read. */
static void
finish_row(const struct page *page, struct page_row *row)
{
    struct sv line = sv_slice(page->text, row->from, row->to), rest = line;
    const struct page_note *note;
    row->cited = page_next_record(page, &rest, &note);
    row->prompt = sv_find(line, PROMPT_MARK) != SIZE_MAX;
    for (size_t i = 0; i < row->cells; i++) {
        page->blocks[row->first_block + i].cited = row->cited;
        page->blocks[row->first_block + i].prompt = row->prompt;
    }
}

static void
add_row(struct reader *reader, struct sv body, bool head)
{
    struct page *page = reader->page;
    page->rows = memory_grow(page->rows, &page->row_room, page->row_count + 1, sizeof(*page->rows));
    struct page_row *row = &page->rows[page->row_count];
    *row = (struct page_row){.table = reader->table,
                             .from = place(reader, body),
                             .to = place(reader, body) + body.len,
                             .first_block = page->block_count,
                             .head = head};
    size_t from = body.len > 0 && body.ptr[0] == '|' ? 1 : 0;
    for (size_t i = from; i <= body.len; i++) {
        if (i < body.len && body.ptr[i] == '\\')
            i++;
        if (i < body.len && body.ptr[i] != '|')
            continue;
        struct sv cell = sv_trim(sv_slice(body, from, i));
        if (i >= body.len && cell.len == 0)
            break;
        struct page_block *block =
            add_block(reader, PAGE_CELL, place(reader, cell), place(reader, cell) + cell.len);
        block->row = page->row_count;
        block->column = row->cells++;
        from = i + 1;
    }
    page->row_count++;
    page->tables[reader->table].rows++;
}

static void
begin_table(struct reader *reader, struct sv body)
{
    struct page *page = reader->page;
    close_block(reader);
    page->tables =
        memory_grow(page->tables, &page->table_room, page->table_count + 1, sizeof(*page->tables));
    reader->table = page->table_count++;
    page->tables[reader->table] =
        (struct page_table){.section = reader->section, .first_row = page->row_count};
    add_row(reader, body, true);
    reader->skipped = true;
}

/* ---- lines ---- */

/* A heading below that of a known section, of which nothing is known, goes on with it. */
static void
add_heading(struct reader *reader, struct sv title, size_t level)
{
    enum page_section section = reader->section_of(reader->opaque, title);
    if (section != SECTION_other || level <= reader->level) {
        reader->section = section;
        reader->level = level;
    }
    close_block(reader);
    reader->list = false;
    add_block(reader, PAGE_HEADING, place(reader, title), place(reader, title) + title.len);
}

static void
add_item(struct reader *reader, struct sv body, size_t marks)
{
    struct sv words = sv_slice(body, marks, body.len);
    close_block(reader);
    reader->list = true;
    if (words.len > 0 && words.ptr[0] == '>') {
        reader->quote = true;
        return;
    }
    reader->open = reader->page->block_count;
    add_block(reader, PAGE_ITEM, place(reader, words), place(reader, words) + words.len);
}

static void
add_words(struct reader *reader, struct sv line, struct sv body)
{
    struct page *page = reader->page;
    size_t end = place(reader, body) + body.len;
    if (reader->quote)
        return; /* a lazy line of the quotation */
    if (reader->open != PAGE_NONE) {
        page->blocks[reader->open].to = end;
        return;
    }
    reader->list = reader->list && line_indent(line) > 0;
    close_block(reader);
    reader->open = page->block_count;
    add_block(reader, PAGE_PARAGRAPH, place(reader, body), end);
}

/* A paragraph becomes a heading by the line below it. */
static bool
underline(struct reader *reader, struct sv body)
{
    struct page *page = reader->page;
    if (reader->open == PAGE_NONE || !line_underlines(body) ||
        page->blocks[reader->open].kind != PAGE_PARAGRAPH)
        return false;
    struct sv title = page_block_text(page, &page->blocks[reader->open]);
    page->block_count--;
    add_heading(reader, title, body.ptr[0] == '=' ? 1 : 2);
    return true;
}

/* Lines that are nobody's wording: code, what stands before the document, separators. */
static bool
skip(struct reader *reader, struct sv line, struct sv body, bool first)
{
    char mark = '\0';
    size_t fence = line_fence(body, &mark);
    if (reader->matter || (first && sv_eq(body, SV("---")))) {
        reader->matter = first || !(sv_eq(body, SV("---")) || sv_eq(body, SV("...")));
        return true;
    }
    if (reader->fence > 0) {
        if (mark == reader->fence_mark && fence >= reader->fence && fence == body.len)
            reader->fence = 0;
        return true;
    }
    if (fence > 0) {
        close_block(reader);
        reader->fence = fence;
        reader->fence_mark = mark;
        return true;
    }
    if (reader->skipped) {
        reader->skipped = false;
        return true;
    }
    return line_indent(line) >= CODE_INDENT && reader->open == PAGE_NONE && !reader->list &&
           reader->table == PAGE_NONE && !reader->quote;
}

static void
read_line(struct reader *reader, struct sv line, struct sv next, bool first)
{
    struct sv body = line_body(line), title, label;
    if (skip(reader, line, body, first))
        return;
    if (line_note(body, &label, &title)) {
        close_block(reader);
        add_note(reader->page, label, title);
        return;
    }
    size_t marks = line_item(body), level = line_heading(body, &title);
    if (underline(reader, body))
        return;
    if (body.len == 0 || line_is_break(body)) {
        close_block(reader);
    } else if (body.ptr[0] == '>') {
        close_block(reader);
        reader->quote = true;
    } else if (level > 0) {
        add_heading(reader, title, level);
    } else if (reader->table != PAGE_NONE && line_has_bar(body)) {
        add_row(reader, body, false);
    } else if (line_has_bar(body) && line_delimits(line_body(next))) {
        begin_table(reader, body);
    } else if (marks > 0) {
        add_item(reader, body, marks);
    } else {
        reader->table = PAGE_NONE;
        add_words(reader, line, body);
    }
}

static void
mark_blocks(struct page *page)
{
    for (size_t i = 0; i < page->block_count; i++) {
        struct page_block *block = &page->blocks[i];
        struct sv text = page_block_text(page, block), rest = text;
        const struct page_note *note;
        if (block->kind == PAGE_CELL || block->kind == PAGE_HEADING)
            continue;
        block->cited = page_next_record(page, &rest, &note);
        block->prompt = sv_find(text, PROMPT_MARK) != SIZE_MAX;
    }
    for (size_t i = 0; i < page->row_count; i++)
        finish_row(page, &page->rows[i]);
}

void
page_read(struct page *page, struct sv text, page_section_function *section_of, const void *opaque)
{
    *page = (struct page){.text = text};
    struct reader reader = {.page = page,
                            .section_of = section_of,
                            .opaque = opaque,
                            .open = PAGE_NONE,
                            .table = PAGE_NONE};
    struct sv rest = text, line, next;
    bool first = true;
    if (sv_starts(rest, SV("\xEF\xBB\xBF")))
        rest = sv_slice(rest, 3, rest.len);
    while (sv_split(&rest, '\n', &line)) {
        struct sv after = rest;
        size_t from = place(&reader, line), past = reader.comment_end;
        if (past > from + line.len)
            continue;
        if (past > from)
            line = sv_slice(line, past - from, line.len);
        next = SV_NONE;
        (void)sv_split(&after, '\n', &next);
        if (reader.fence > 0 || take_comments(&reader, line) || sv_trim(line).len == 0)
            read_line(&reader, line, next, first);
        first = false;
    }
    if (page->note_count > 0)
        qsort(page->notes, page->note_count, sizeof(*page->notes), compare_notes);
    mark_blocks(page);
}

void
page_release(struct page *page)
{
    free(page->blocks);
    free(page->rows);
    free(page->tables);
    free(page->comments);
    free(page->notes);
    *page = (struct page){.text = SV_NONE};
}
