/*
 * Phrases that both pages of `hindcast why` are made of. Private to report/why/.
 */
#ifndef REPORT_WHY_PHRASES_H
#define REPORT_WHY_PHRASES_H

#include "report/render/lines.h"
#include "report/why/why.h"

/* What an episode is called: its title, else what its first row says. */
struct sv why_node_title(const struct incident *incident, const struct node *node);
/* Between quotation marks, cut to a line's worth. */
void why_put_title(struct strbuf *out, struct sv title);
/* "shares service checkout (500), 42 s from the episode of ...". `stored`: as the correlator wrote
 * it. */
void why_put_membership(struct strbuf *out, const struct incident *incident,
                        const struct why_nodes *nodes, struct sv stored);
/* "moved by mara, decision 0514..., because its clock was fast" */
void why_put_decision(struct strbuf *out, const char *done, const struct decision *decision);
/* What people decided of the row and what became of that, under a heading; nothing: nothing. */
void why_put_decisions(struct line_writer *lines, const struct incident *incident,
                       const struct entry *entry);
/* An empty line, and a heading. */
void why_heading(struct line_writer *lines, const char *heading);

#endif
