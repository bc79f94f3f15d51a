/*
 * Documents as Markdown (GitHub's, with its footnotes): see writer.h. The canonical form: same
 * document, same bytes. Words of ours are Markdown already.
 */
#include "base/text/escape.h"
#include "report/render/markup.h"
#include "report/render/writer.h"

static void
add_link(struct strbuf *out, struct sv url)
{
    strbuf_add_char(out, '<');
    strbuf_add_sv(out, url);
    strbuf_add_char(out, '>');
}

static void
add_cite(struct strbuf *out, size_t number)
{
    strbuf_addf(out, "[^%zu]", number);
}

static void
add_note(struct strbuf *out, size_t number)
{
    strbuf_addf(out, "[^%zu]: ", number);
}

static void
add_rule(struct strbuf *out, size_t columns)
{
    for (size_t i = 0; i < columns; i++)
        strbuf_add_text(out, "|---");
    strbuf_add_text(out, "|\n");
}

static const struct markup markdown = {
    .text = escape_markdown,
    .words = strbuf_add_sv,
    .link = add_link,
    .cite = add_cite,
    .note = add_note,
    .rule = add_rule,
    .whole = {"", ""},
    .strong = {"**", "**"},
    .code = {"`", "`"},
    .title = {"# ", "\n"},
    .heading = {"## ", "\n"},
    .remark = {"> ", "\n"},
    .prompt = {"- " DOCUMENT_PROMPT ": ", "\n"},
    .about = {"", ""},
    .about_item = {"> - ", "\n"},
    .list = {"", ""},
    .item = {"- ", "\n"},
    .table = {"", ""},
    .head = {"|", "\n"},
    .head_cell = {" ", " |"},
    .row = {"|", "\n"},
    .cell = {" ", " |"},
    .blank = {" |", ""},
    .day = {"**", "**"},
    .notes = {"\n", ""},
    .note_end = "\n",
    .between = "\n",
};

void
write_markdown(const struct writing *writing, struct strbuf *out)
{
    document_markup(writing->document, &markdown, out);
}
