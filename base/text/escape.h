/*
 * The one place that makes text from outside harmless: names of files, of archive entries and
 * topics, what records say, what servers answer. All forms come from one table, escape.def.
 *
 * Terminal, CSV, Markdown, HTML, XML, Jira and Slack are for people: a character that steers a
 * terminal or deceives the reader (controls, ESC, direction marks, characters without a width,
 * tags) and each byte that is not UTF-8 becomes U+FFFD, a line end or a tab a blank. What was one
 * line stays one line, and beyond that each form shows the text and does nothing else. JSON and
 * labels are for programs: they keep every character, and bytes that are not UTF-8 become U+FFFD.
 *
 * Functions add to `out`; an absent text is an empty one. Any thread.
 */
#ifndef BASE_TEXT_ESCAPE_H
#define BASE_TEXT_ESCAPE_H

#include <stdbool.h>

#include "base/strbuf.h"

/* As it is where it can be seen. */
void escape_terminal(struct strbuf *out, struct sv text);
/* The first character of `text`, which is not empty; returns how many bytes of it that took. */
size_t escape_terminal_first(struct strbuf *out, struct sv text);
/* The same cut to `columns` characters, with an ellipsis where something is missing. */
void escape_terminal_cut(struct strbuf *out, struct sv text, size_t columns);
/* One cell (RFC 4180); what a spreadsheet would run as a formula gets an apostrophe. */
void escape_csv(struct strbuf *out, struct sv text);
/*
 * One line without blanks around it, for a paragraph, a list, a heading or the cell of a table: no
 * HTML, no columns, no lists, no links but what readers make of bare http, https and mail
 * addresses.
 */
void escape_markdown(struct strbuf *out, struct sv text);
/* Content of an element, or of an attribute in quotes of either kind. */
void escape_html(struct strbuf *out, struct sv text);
/* The same in XML, and braces, which Confluence reads as macros elsewhere. */
void escape_xml(struct strbuf *out, struct sv text);
/* Wiki text of Jira: no macros, links, pictures, headings, lists, tables. */
void escape_jira(struct strbuf *out, struct sv text);
/* mrkdwn of Slack: no links, no mentions; marks of emphasis become characters that look alike. */
void escape_slack(struct strbuf *out, struct sv text);
/* The inside of a string; see json_writer.h, which adds the quotes. */
void escape_json(struct strbuf *out, struct sv text);
/*
 * The same of one byte below 0x80, written to `out`, where ESCAPE_JSON_MAX bytes have room; returns
 * where that ends.
 */
#define ESCAPE_JSON_MAX 6
char *escape_json_ascii(char *out, unsigned char c);
/* The value of a label in the text format of Prometheus. */
void escape_label(struct strbuf *out, struct sv text);

/* True if this may be a link: plain http or https, and nothing that could end it or be more than
 * one. */
bool escape_is_link(struct sv address);

#endif
