/*
 * Documents as marked-up text: what the forms Markdown, plain text, Jira, Confluence and the page
 * for Google Docs have in common. A form is a table of what stands around each part (struct
 * markup), and how it escapes text; the walk over the document is here, once.
 *
 * All forms show all of a document: sections numbered from 1, each generated line with the number
 * of its footnote (notes.h), and the footnotes at the end. Pure but for the time zone in use.
 */
#ifndef REPORT_RENDER_MARKUP_H
#define REPORT_RENDER_MARKUP_H

#include "report/render/notes.h"

/* Stands before and behind a part. Literals. */
struct around {
    const char *open, *close;
};

struct markup {
    /* Text from outside, made harmless. */
    void (*text)(struct strbuf *out, struct sv text);
    /* Words of ours; NULL: as text. */
    void (*words)(struct strbuf *out, struct sv words);
    /* An address for which escape_is_link() holds. */
    void (*link)(struct strbuf *out, struct sv url);
    /* What refers to a footnote. */
    void (*cite)(struct strbuf *out, size_t number);
    /* What a footnote begins with. */
    void (*note)(struct strbuf *out, size_t number);
    /* Behind the head of a table; NULL: nothing. */
    void (*rule)(struct strbuf *out, size_t columns);

    struct around whole, strong, code;
    struct around title, heading;         /* of a section */
    struct around remark, prompt;         /* notes of the tool; questions to people */
    struct around paragraph;              /* of people, see convert.h */
    struct around about, about_item;      /* lines about the document */
    struct around list, item;             /* statements */
    struct around table, head, head_cell; /* the row of heads and one of them */
    struct around row, cell, blank;       /* blank: a cell that holds nothing */
    struct around day;                    /* the first cell of a row that tells a day */
    struct around notes;                  /* all footnotes */
    const char *note_end;                 /* of one */
    const char *between;                  /* blocks that stand apart */
};

extern const struct markup markup_confluence, markup_jira, markup_gdocs, markup_text;

void
document_markup(const struct document *document, const struct markup *markup, struct strbuf *out);

#endif
