/*
 * A team's templates: see team_template.h.
 */
#include "app/team_template.h"

#include <stdlib.h>

#include "app/infile.h"
#include "base/memory.h"

#define TEMPLATE_BYTES ((size_t)1 << 20)

static int
read_one(struct team_templates *templates, enum report_kind kind, struct err *err)
{
    const char *name = templates->names[kind];
    bool there = false;
    if (infile_read(name, &templates->texts[kind], &there, err) != 0)
        return -1;
    if (!there && kind != REPORT_postmortem)
        return 0;
    if (!there) {
        err_set(err, ERR_IO, "there is no file %s", name);
        return err_hint(err, "report.templates names a folder; docs/postmortem.md says what the "
                             "file holds");
    }
    templates->list[kind] = (struct report_template){name, strbuf_view(&templates->texts[kind])};
    return report_template_check(&templates->list[kind], err);
}

int
team_templates_read(const struct config *config, struct team_templates *ret_templates,
                    struct err *err)
{
    const char *folder = config_text(config, OPT_report_templates);
    struct team_templates templates = {.names = {NULL}};
    int status = 0;
    for (enum report_kind kind = 0; kind < REPORT_KINDS; kind++) {
        templates.list[kind] = report_template_built_in(kind);
        strbuf_init(&templates.texts[kind], TEMPLATE_BYTES);
        if (folder[0] == '\0' || status != 0)
            continue;
        templates.names[kind] = memory_format("%s/%s.tsv", folder, report_kind_names[kind]);
        status = read_one(&templates, kind, err);
    }
    if (status != 0)
        team_templates_release(&templates);
    else
        *ret_templates = templates;
    return status;
}

void
team_templates_release(struct team_templates *templates)
{
    for (enum report_kind kind = 0; kind < REPORT_KINDS; kind++) {
        free(templates->names[kind]);
        strbuf_release(&templates->texts[kind]);
    }
    *templates = (struct team_templates){.names = {NULL}};
}
