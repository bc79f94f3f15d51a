/*
 * The templates of documents that a team has: DIR/postmortem.tsv of report.templates, and those of
 * the other documents (hindcast/report_documents.def) where they are there; else those in the
 * program. Any thread.
 */
#ifndef APP_TEAM_TEMPLATE_H
#define APP_TEAM_TEMPLATE_H

#include "base/config/config.h"
#include "hindcast/report.h"

struct team_templates {
    struct report_template list[REPORT_KINDS]; /* into the rest */
    char *names[REPORT_KINDS];
    struct strbuf texts[REPORT_KINDS];
};

/*
 * Reads and checks them, so that a command finds out before it does anything else. IO: that of the
 * draft is not there, or one cannot be read. CONFIG, with file and line: what is wrong with one.
 * After an error there is nothing to release.
 */
int team_templates_read(const struct config *config, struct team_templates *ret_templates,
                        struct err *err) MUST_CHECK;
void team_templates_release(struct team_templates *templates);

#endif
