/*
 * A Markdown document as lint sees it (CommonMark with the tables of GitHub): headings, paragraphs,
 * items of lists and cells of tables, each with the section that it is in. Code, quotations and
 * comments are in no block. Bytes are those of the text. Memory: its own. One thread.
 */
#ifndef REPORT_LINT_PAGE_H
#define REPORT_LINT_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

/* What a section is about, by words in its heading (the lists @section-NAME of the rules). */
enum page_section {
#define SECTION(name) SECTION_##name,
#include "report/lint/sections.def"
#undef SECTION
    SECTION_COUNT
};
extern const char *const page_section_names[SECTION_COUNT];

enum page_kind { PAGE_HEADING, PAGE_PARAGRAPH, PAGE_ITEM, PAGE_CELL };

#define PAGE_NONE SIZE_MAX

struct page_block {
    enum page_kind kind;
    size_t from, to;
    enum page_section section;
    size_t row;    /* of a cell, else PAGE_NONE */
    size_t column; /* of a cell, from 0 */
    bool prompt;   /* a question to people that is still there, or a line of a template */
    bool cited;    /* refers to a record, as a row does in its last cell */
};

struct page_row {
    size_t table;
    size_t from, to;           /* its line */
    size_t first_block, cells; /* blocks [first_block, first_block + cells) */
    bool head, prompt, cited;
};

struct page_table {
    enum page_section section;
    size_t first_row, rows; /* the first is the head */
};

/* <!-- --> outside code. */
struct page_comment {
    size_t from, to;
    bool alone; /* nothing else on its lines */
};

/* What a footnote says, "[^7]: ..."; of our drafts where the cited records lie, with their times.
 */
struct page_note {
    struct sv label, words;
    bool record; /* begins "e:" and digits of an entry's id */
};

struct page {
    struct sv text;
    struct page_block *blocks;
    size_t block_count, block_room;
    struct page_row *rows;
    size_t row_count, row_room;
    struct page_table *tables;
    size_t table_count, table_room;
    struct page_comment *comments;
    size_t comment_count, comment_room;
    struct page_note *notes; /* by label */
    size_t note_count, note_room;
};

/* Which section a heading opens; the words of the heading are plain. */
typedef enum page_section page_section_function(const void *opaque, struct sv heading);

void
page_read(struct page *page, struct sv text, page_section_function *section_of, const void *opaque);
/* Of the vectors; blocks and rows are gone with it. */
void page_release(struct page *page);
struct sv page_block_text(const struct page *page, const struct page_block *block);
/* What the next reference to a record in the text leads to; the text goes on behind it. */
bool page_next_record(const struct page *page, struct sv *text, const struct page_note **ret_note);
/* A cell of a row; NULL: it has no such column. */
const struct page_block *
page_cell(const struct page *page, const struct page_row *row, size_t column);

#endif
