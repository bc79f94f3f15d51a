/*
 * Documents as plain text: see writer.h. For mail, a terminal, or whatever knows no markup.
 */
#include "base/text/escape.h"
#include "report/render/markup.h"
#include "report/render/writer.h"

static void
add_cite(struct strbuf *out, size_t number)
{
    strbuf_addf(out, "[%zu]", number);
}

static void
add_note(struct strbuf *out, size_t number)
{
    strbuf_addf(out, "[%zu] ", number);
}

const struct markup markup_text = {
    .text = escape_terminal,
    .link = escape_terminal,
    .cite = add_cite,
    .note = add_note,
    .whole = {"", ""},
    .strong = {"", ""},
    .code = {"", ""},
    .title = {"", "\n"},
    .heading = {"== ", " ==\n"},
    .paragraph = {"", "\n"},
    .remark = {"Note: ", "\n"},
    .prompt = {"- " DOCUMENT_PROMPT ": ", "\n"},
    .about = {"", ""},
    .about_item = {"- ", "\n"},
    .list = {"", ""},
    .item = {"- ", "\n"},
    .table = {"", ""},
    .head = {"|", "\n"},
    .head_cell = {" ", " |"},
    .row = {"|", "\n"},
    .cell = {" ", " |"},
    .blank = {" |", ""},
    .day = {"", ""},
    .notes = {"\n== Evidence ==\n\n", ""},
    .note_end = "\n",
    .between = "\n",
};

void
write_text(const struct writing *writing, struct strbuf *out)
{
    document_markup(writing->document, &markup_text, out);
}
