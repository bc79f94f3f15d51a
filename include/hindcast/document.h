/*
 * A document: what a report says, before anybody decides how it looks. It is a list of blocks
 * (title, headings, notes, prompts to people, statements, tables). A statement or a table row that
 * a machine wrote holds the timeline entries that prove it as data; its words are spans: words of
 * ours, text of a record, a moment, a length of time, a link. Writers (report/render) turn spans
 * and proofs into Markdown and other forms, each with its own escaping; document_check() looks at
 * the document itself, so that nothing unproved leaves in any form.
 *
 * Made in order: a block is begun, filled with spans, ended. Memory: the document's own arena;
 * words given as literals, texts of records and entries are referred to and must live as long as
 * the document. One thread. What can fail: memory only, which ends the program; the number of spans
 * is bounded by what sections show (see LIST_MAX in report/list.h).
 */
#ifndef HINDCAST_DOCUMENT_H
#define HINDCAST_DOCUMENT_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "hindcast/incident.h"

#define DOCUMENT_PROOFS_MAX 6 /* entries that one statement or row cites */

enum span_kind {
    SPAN_WORDS,    /* words of ours, shown as they are */
    SPAN_STRONG,   /* words of ours that stand out */
    SPAN_CODE,     /* words of ours to type: a command, a name, a sign */
    SPAN_TEXT,     /* text of a record: whoever wrote it controls these bytes */
    SPAN_QUOTE,    /* the same in quotation marks */
    SPAN_LINK,     /* an address; document_link() lets only plain http and https through */
    SPAN_TIME,     /* a moment, to the minute, UTC */
    SPAN_CLOCK,    /* the same without its day, which the row of the day above tells */
    SPAN_LOCAL,    /* the same in the second zone; with its day where that is another one */
    SPAN_INSTANT,  /* a moment as exactly as it is known */
    SPAN_DURATION, /* a length of time */
};

struct span {
    enum span_kind kind;
    struct sv text; /* words, strong, code, text, quote, link */
    int64_t ns;     /* times and durations */
};

/* Spans [first, first + count) of the document. */
struct prose {
    size_t first, count;
};

enum block_kind {
    BLOCK_TITLE,     /* once */
    BLOCK_HEADING,   /* opens the section of its id; writers number them from 1 */
    BLOCK_ABOUT,     /* a line about the document itself: of what it was made, what it lacks */
    BLOCK_NOTE,      /* boilerplate of the tool, from the template */
    BLOCK_REMARK,    /* what the tool did not find; says nothing about the incident */
    BLOCK_MORE,      /* how many rows a list does not show */
    BLOCK_PROMPT,    /* a question to people, once for what is missing */
    BLOCK_STATEMENT, /* one line of a list, proved */
    BLOCK_TABLE,
};

/* What people have to write stands behind this mark until they have. */
#define DOCUMENT_PROMPT "TODO(human)"

/* Cells [first_cell, first_cell + cells) of the document. */
struct table_row {
    size_t first_cell, cells;
    size_t first_proof, proofs;
    bool human; /* for people to fill in: proves nothing, says nothing */
    bool day;   /* tells the day of the rows below it, which prove it; has no cells */
    int64_t day_ns;
};

struct block {
    enum block_kind kind;
    struct sv section;          /* id of the section it is in; absent before the first */
    struct prose prose;         /* all but tables */
    size_t first_proof, proofs; /* statements */
    struct sv columns;          /* tables: heads between '|' */
    bool cites;                 /* tables: the last column is the evidence of each row */
    bool left_out;              /* counts rows that the timeline leaves out; a page has them */
    size_t first_row, rows;
};

struct document {
    struct arena arena;
    const struct incident *incident; /* whose entries prove what it says */
    struct block *blocks;
    size_t block_count, block_room;
    struct table_row *rows;
    size_t row_count, row_room;
    struct prose *cells;
    size_t cell_count, cell_room;
    struct span *spans;
    size_t span_count, span_room;
    const struct entry **proofs;
    size_t proof_count, proof_room;
    struct sv section; /* of the blocks to come */
    /* Spans go to the last cell in a row, else to the last block; in a table outside a row nowhere.
     */
    bool in_table, in_row;
};

void document_init(struct document *document, const struct incident *incident);
void document_release(struct document *document);

/* ---- blocks ---- */

/* Opens a section: blocks from here on carry this id. */
void document_section(struct document *document, struct sv id);
/* Begins a block that takes spans until the next one begins. Not for tables. */
void document_begin(struct document *document, enum block_kind kind);
/* A whole block of plain words, which the document copies. */
void document_say(struct document *document, enum block_kind kind, struct sv words);
/*
 * Ends a section: the blocks from `first` on, which follow its heading. Where they say nothing of
 * the incident, they become one: the question to people and, in brackets, what was not found; a
 * table for people stays before it.
 */
void document_end_section(struct document *document, size_t first);
/* Does one of the blocks from `first` on, other than those for people? */
bool document_says_something(const struct document *document, size_t first);
/* The block begun last counts rows that the timeline leaves out. */
void document_left_out(struct document *document);
/* Ends a statement: what proves it. NULL entries are skipped, so are those named twice. */
void document_prove(struct document *document, const struct entry *const *entries, size_t count);

/* `columns` live as long as the document. `cites`: its last column holds each row's evidence. */
void document_begin_table(struct document *document, struct sv columns, bool cites);
/* Begins a row; cells follow, each begun with document_cell(). */
void document_row(struct document *document, bool human);
/* A row that tells the day of those below it. */
void document_day(struct document *document, int64_t ns);
void document_cell(struct document *document);
/* Ends a row of a table that cites. */
void
document_prove_row(struct document *document, const struct entry *const *entries, size_t count);
void document_end_table(struct document *document);

/* ---- spans, added to the block or cell begun last ---- */

void document_words(struct document *document, const char *words);
void document_wordsf(struct document *document, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void document_strong(struct document *document, const char *words);
void document_codef(struct document *document, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Words of a template, which the document copies; what stands between backticks is code. */
void document_prose(struct document *document, struct sv words);
void document_text(struct document *document, struct sv text);
void document_quote(struct document *document, struct sv text);
/* One of another block again. */
void document_span(struct document *document, struct span span);
/* Adds `before` and the address where that is plain http or https, else nothing. */
void document_link(struct document *document, const char *before, struct sv url);
void document_time(struct document *document, int64_t ns);
void document_clock(struct document *document, int64_t ns);
void document_local_time(struct document *document, int64_t ns);
void document_instant(struct document *document, int64_t ns);
void document_duration(struct document *document, int64_t ns);

/* ---- the check ---- */

/*
 * Promise 3: every statement and every row that no person fills in names one entry of the incident
 * or more; the day that a row tells is that of the row below it. Returns the number of those that
 * do not and describes the first in `ret_problem` (added to it).
 */
size_t document_check(const struct document *document, struct strbuf *ret_problem);

#endif
