/*
 * The template of drafts that a team has: DIR/postmortem.tsv of report.templates, else the one in
 * the program. Any thread.
 */
#ifndef APP_TEAM_TEMPLATE_H
#define APP_TEAM_TEMPLATE_H

#include "base/config/config.h"
#include "hindcast/report.h"

struct team_template {
    struct report_template template; /* into the rest */
    char *name;
    struct strbuf text;
};

/*
 * Reads and checks it, so that a command finds out before it does anything else. IO: it is not
 * there or cannot be read. CONFIG, with file and line: what is wrong with it. After an error there
 * is nothing to release.
 */
int team_template_read(const struct config *config, struct team_template *ret_template,
                       struct err *err) MUST_CHECK;
void team_template_release(struct team_template *template);

#endif
