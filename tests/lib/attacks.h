/*
 * One set of texts that attack whoever reads them, and what to look for in what comes out: run
 * against every way out of the program (terminal, tables, CSV, Markdown, HTML, JSON, errors).
 */
#ifndef TESTS_LIB_ATTACKS_H
#define TESTS_LIB_ATTACKS_H

#include "base/arena.h"
#include "base/strbuf.h"

struct attack {
    const char *name;
    struct sv text; /* any bytes, U+0000 and broken UTF-8 too */
};

/* All of them; the text lives as long as the program. */
const struct attack *attacks_all(size_t *ret_count);

/*
 * The first thing in `shown` that steers a terminal or that a reader does not see, or NULL: a
 * control character, a character without a width, a direction mark, a byte that is not UTF-8. Line
 * ends pass, CR too where LF follows; the caller counts the lines.
 */
const char *attack_seen(struct sv shown);
size_t attack_lines(struct sv shown);

/* What each form means, read back; false where it says more than a text. */
bool attack_read_markdown(struct sv shown, struct strbuf *ret_text);
bool attack_read_html(struct sv shown, struct strbuf *ret_text);
/* JSON of any kind, U+0000 included. */
bool attack_reads_as_json(struct sv shown);

/*
 * The cells of the next row of a CSV file (RFC 4180), taken off `rest`; false at its end. NULL text
 * never; a cell past `room` is counted and not kept.
 */
bool attack_csv_row(struct arena *arena, struct sv *rest, struct sv *cells, size_t room,
                    size_t *ret_count);
/* True if a spreadsheet would compute this cell. */
bool attack_is_formula(struct sv cell);

/*
 * What is left of Markdown without its text: the characters with a meaning, in their order. It must
 * be the same whatever the text says.
 */
void attack_markdown_frame(struct sv shown, struct strbuf *ret_frame);

#endif
