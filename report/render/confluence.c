/*
 * Documents in the storage format of Confluence: see writer.h and
 * https://confluence.atlassian.com/doc/confluence-storage-format-790796544.html. XML without a
 * root; the prefixes ac and ri are declared by whoever stores it. Questions to people are tasks.
 */
#include "base/text/escape.h"
#include "report/render/markup.h"
#include "report/render/writer.h"

static void
add_link(struct strbuf *out, struct sv url)
{
    strbuf_add_text(out, "<a href=\"");
    escape_xml(out, url);
    strbuf_add_text(out, "\">");
    escape_xml(out, url);
    strbuf_add_text(out, "</a>");
}

static void
add_cite(struct strbuf *out, size_t number)
{
    strbuf_addf(out,
                "<sup><ac:link ac:anchor=\"evidence-%zu\"><ac:plain-text-link-body>"
                "<![CDATA[%zu]]></ac:plain-text-link-body></ac:link></sup>",
                number, number);
}

static void
add_note(struct strbuf *out, size_t number)
{
    strbuf_addf(out,
                "<p><ac:structured-macro ac:name=\"anchor\"><ac:parameter ac:name=\"\">"
                "evidence-%zu</ac:parameter></ac:structured-macro>[%zu] ",
                number, number);
}

const struct markup markup_confluence = {
    .text = escape_xml,
    .link = add_link,
    .cite = add_cite,
    .note = add_note,
    .whole = {"", ""},
    .strong = {"<strong>", "</strong>"},
    .code = {"<code>", "</code>"},
    .title = {"<h1>", "</h1>\n"},
    .heading = {"<h2>", "</h2>\n"},
    .paragraph = {"<p>", "</p>\n"},
    .remark = {"<ac:structured-macro ac:name=\"info\"><ac:rich-text-body><p>",
               "</p></ac:rich-text-body></ac:structured-macro>\n"},
    .prompt = {"<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status>"
               "<ac:task-body>" DOCUMENT_PROMPT ": ",
               "</ac:task-body></ac:task></ac:task-list>\n"},
    .about = {"<ul>\n", "</ul>\n"},
    .about_item = {"<li>", "</li>\n"},
    .list = {"<ul>\n", "</ul>\n"},
    .item = {"<li>", "</li>\n"},
    .table = {"<table><tbody>\n", "</tbody></table>\n"},
    .head = {"<tr>", "</tr>\n"},
    .head_cell = {"<th>", "</th>"},
    .row = {"<tr>", "</tr>\n"},
    .cell = {"<td>", "</td>"},
    .blank = {"<td>", "</td>"},
    .day = {"<strong>", "</strong>"},
    .notes = {"<h2>Evidence</h2>\n", ""},
    .note_end = "</p>\n",
    .between = "",
};

void
write_confluence(const struct writing *writing, struct strbuf *out)
{
    document_markup(writing->document, &markup_confluence, out);
}
