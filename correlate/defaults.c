/*
 * The settings as the options say, or when nobody says anything, and the built-in texts: see
 * correlation.h. Pure.
 */
#include <assert.h>

#include "base/config/config.h"
#include "base/embedded.h"
#include "correlate/settings.h"
#include "hindcast/correlation.h"

void
correlation_config_numbers(const struct config *options, struct correlation_config *ret_config)
{
    *ret_config = (struct correlation_config){0};
#define SETTING(name, type, member, option)                                                        \
    ret_config->member = (type)setting_kept(OPT_##option, config_number(options, OPT_##option));
#include "correlate/settings.def"
#undef SETTING
}

void
correlation_config_default(struct correlation_config *ret_config)
{
    struct config *options = config_new();
    correlation_config_numbers(options, ret_config);
    config_free(options);
}

static struct sv
text_or(struct sv text, const char *name)
{
    if (text.len > 0)
        return text;
    const struct embedded_file *built_in = embedded_find(embedded_rules, name);
    assert(built_in != NULL);
    return sv_of(built_in->text, built_in->size);
}

struct sv
correlation_rules(const struct correlation_config *config)
{
    return text_or(config->rules, "chat_rules.tsv");
}

struct sv
correlation_languages(const struct correlation_config *config)
{
    /* Other rules than the built-in ones stand alone unless they name others. */
    if (config->languages.ptr != NULL || config->rules.len > 0)
        return config->languages;
    return text_or(SV_NONE, "chat_rules.de.tsv");
}

struct sv
correlation_quiet_alerts(const struct correlation_config *config)
{
    return text_or(config->quiet_alerts, "quiet_alerts.tsv");
}

struct sv
correlation_candidates(const struct correlation_config *config)
{
    return text_or(config->candidates, "candidates.tsv");
}

struct sv
correlation_rank(const struct correlation_config *config)
{
    return text_or(config->rank, "rank.tsv");
}
