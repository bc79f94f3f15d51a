/*
 * Documents as wiki text of Jira: see writer.h and
 * https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all.
 */
#include <string.h>

#include "base/text/escape.h"
#include "report/render/markup.h"
#include "report/render/writer.h"

/* Macros and pictures are found before links: what may begin one is written in percent. */
static void
add_link(struct strbuf *out, struct sv url)
{
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < url.len; i++)
        if (strchr("{}!^", url.ptr[i]) != NULL)
            strbuf_addf(out, "%%%02X", (unsigned)url.ptr[i]);
        else
            strbuf_add_char(out, url.ptr[i]);
    strbuf_add_char(out, ']');
}

static void
add_cite(struct strbuf *out, size_t number)
{
    strbuf_addf(out, " [%zu|#evidence%zu]", number, number);
}

static void
add_note(struct strbuf *out, size_t number)
{
    strbuf_addf(out, "{anchor:evidence%zu}*%zu* ", number, number);
}

const struct markup markup_jira = {
    .text = escape_jira,
    .link = add_link,
    .cite = add_cite,
    .note = add_note,
    .whole = {"", ""},
    .strong = {"*", "*"},
    .code = {"{{", "}}"},
    .title = {"h1. ", "\n"},
    .heading = {"h2. ", "\n"},
    .paragraph = {"", "\n"},
    .remark = {"bq. ", "\n"},
    .prompt = {"* *TODO\\(human):* ", "\n"},
    .about = {"", ""},
    .about_item = {"* ", "\n"},
    .list = {"", ""},
    .item = {"* ", "\n"},
    .table = {"", ""},
    .head = {"||", "\n"},
    .head_cell = {" ", " ||"},
    .row = {"|", "\n"},
    .cell = {" ", " |"},
    .blank = {"  |", ""},
    .day = {"*", "*"},
    .notes = {"\nh2. Evidence\n\n", ""},
    .note_end = "\n\n",
    .between = "\n",
};

void
write_jira(const struct writing *writing, struct strbuf *out)
{
    document_markup(writing->document, &markup_jira, out);
}
