/*
 * A team's template: see team_template.h.
 */
#include "app/team_template.h"

#include <stdlib.h>

#include "app/infile.h"
#include "base/memory.h"

#define TEMPLATE_FILE "postmortem.tsv"

static int
read_text(struct team_template *template, struct err *err)
{
    bool there = false;
    if (infile_read(template->name, &template->text, &there, err) != 0)
        return -1;
    if (!there) {
        err_set(err, ERR_IO, "there is no file %s", template->name);
        return err_hint(err, "report.templates names a folder; docs/postmortem.md says what the "
                             "file holds");
    }
    template->template = (struct report_template){template->name, strbuf_view(&template->text)};
    return report_template_check(&template->template, err);
}

int
team_template_read(const struct config *config, struct team_template *ret_template, struct err *err)
{
    const char *folder = config_text(config, OPT_report_templates);
    struct team_template template = {.template = report_template_default()};
    if (folder[0] != '\0') {
        strbuf_init(&template.text, (size_t)1 << 20);
        template.name = memory_format("%s/" TEMPLATE_FILE, folder);
        if (read_text(&template, err) != 0) {
            team_template_release(&template);
            return -1;
        }
    }
    *ret_template = template;
    return 0;
}

void
team_template_release(struct team_template *template)
{
    free(template->name);
    strbuf_release(&template->text);
    *template = (struct team_template){0};
}
