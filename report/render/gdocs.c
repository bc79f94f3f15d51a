/*
 * Documents as HTML that survives being pasted into Google Docs: see writer.h. Styles stand at the
 * elements, there are no scripts, no classes, no pictures; links are plain http and https.
 */
#include "base/text/escape.h"
#include "report/render/markup.h"
#include "report/render/writer.h"

#define CELL "style=\"border:1px solid #999999;padding:4px 6px;vertical-align:top\""
#define HEAD                                                                                       \
    "style=\"border:1px solid #999999;padding:4px 6px;background-color:#eeeeee;text-align:left\""
#define QUIET "style=\"color:#666666;font-style:italic\""

static void
add_link(struct strbuf *out, struct sv url)
{
    strbuf_add_text(out, "<a href=\"");
    escape_html(out, url);
    strbuf_add_text(out, "\">");
    escape_html(out, url);
    strbuf_add_text(out, "</a>");
}

static void
add_cite(struct strbuf *out, size_t number)
{
    strbuf_addf(out, "<sup><a href=\"#evidence-%zu\">[%zu]</a></sup>", number, number);
}

static void
add_note(struct strbuf *out, size_t number)
{
    strbuf_addf(out, "<p id=\"evidence-%zu\" style=\"font-size:9pt\">[%zu] ", number, number);
}

const struct markup markup_gdocs = {
    .text = escape_html,
    .link = add_link,
    .cite = add_cite,
    .note = add_note,
    .whole = {"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<title>Postmortem draft</title>\n</head>\n"
              "<body style=\"font-family:Arial,sans-serif;font-size:11pt\">\n",
              "</body>\n</html>\n"},
    .strong = {"<b>", "</b>"},
    .code = {"<code style=\"font-family:monospace\">", "</code>"},
    .title = {"<h1>", "</h1>\n"},
    .heading = {"<h2>", "</h2>\n"},
    .paragraph = {"<p>", "</p>\n"},
    .remark = {"<p " QUIET ">", "</p>\n"},
    .prompt = {"<p style=\"background-color:#fff2cc\"><b>" DOCUMENT_PROMPT ":</b> ", "</p>\n"},
    .about = {"<ul>\n", "</ul>\n"},
    .about_item = {"<li " QUIET ">", "</li>\n"},
    .list = {"<ul>\n", "</ul>\n"},
    .item = {"<li>", "</li>\n"},
    .table = {"<table style=\"border-collapse:collapse\">\n", "</table>\n"},
    .head = {"<tr>", "</tr>\n"},
    .head_cell = {"<th " HEAD ">", "</th>"},
    .row = {"<tr>", "</tr>\n"},
    .cell = {"<td " CELL ">", "</td>"},
    .blank = {"<td " CELL ">", "</td>"},
    .day = {"<b>", "</b>"},
    .notes = {"<h2>Evidence</h2>\n", ""},
    .note_end = "</p>\n",
    .between = "",
};

void
write_gdocs(const struct writing *writing, struct strbuf *out)
{
    document_markup(writing->document, &markup_gdocs, out);
}
