/*
 * The correlator's settings from the configuration: see correlation_config.h.
 */
#include "app/correlation_config.h"

#include <errno.h>
#include <stdio.h>

#define RULES_MAX ((size_t)1 << 20)

static int
read_rules(const char *path, struct strbuf *out, struct err *err)
{
    char piece[8192];
    size_t got;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return err_set_errno(err, ERR_IO, errno, "%s", path);
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
        strbuf_add(out, piece, got);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed)
        return err_set(err, ERR_IO, "%s cannot be read", path);
    if (out->overflow)
        return err_set(err, ERR_LIMIT, "%s is larger than %zu MiB", path, RULES_MAX >> 20);
    return 0;
}

int
correlation_config_read(const struct config *config, struct strbuf *rules,
                        struct correlation_config *ret_config, struct err *err)
{
    const char *path = config_text(config, OPT_correlate_rules);
    correlation_config_default(ret_config);
    ret_config->least_records = (int)config_count(config, OPT_correlate_least_records);
    ret_config->least_sources = (int)config_count(config, OPT_correlate_least_sources);
    ret_config->least_severity = (int)config_count(config, OPT_correlate_least_severity);
    strbuf_init(rules, RULES_MAX);
    if (path[0] == '\0')
        return 0;
    if (read_rules(path, rules, err) != 0)
        return -1;
    ret_config->rules = strbuf_view(rules);
    return 0;
}
