/*
 * The documented defaults of the settings, and the built-in texts: see correlation.h. Pure.
 */
#include <assert.h>

#include "base/embedded.h"
#include "hindcast/correlation.h"

void
correlation_config_default(struct correlation_config *ret_config)
{
    *ret_config = (struct correlation_config){
        .episode_gap_ms = 5 * 60000,
        .resolve_gap_ms = 24 * INT64_C(3600000),
        .reach_ms = 30 * 60000,
        .look_back_ms = 60 * 60000,
        .soft_span_ms = 4 * INT64_C(3600000),
        .max_span_ms = 24 * INT64_C(3600000),
        .familiar_count = 6,
        .familiar_ms = 24 * INT64_C(3600000),
        .threshold = 500,
        .attach_threshold = 300,
        .neighbours = 4,
        .levels = 1,
        .least_records = 1,
        .least_sources = 1,
        .key_least = 6,
        .key_most = 20,
    };
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
correlation_quiet_alerts(const struct correlation_config *config)
{
    return text_or(config->quiet_alerts, "quiet_alerts.tsv");
}
