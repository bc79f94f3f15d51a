/*
 * What decides results beside the records, as one number: see correlation.h. Pure; called by
 * `correlate` before it asks whether there is anything to do.
 */
#include "base/embedded.h"
#include "base/sha256.h"
#include "hindcast/correlation.h"

/* How entries are named; another way makes every scope stale. */
static const char identity[] = "entries 2";

int64_t
correlation_settings(const struct correlation_config *config, const char *version)
{
    const struct embedded_file *built_in = embedded_find(embedded_rules, "chat_rules.tsv");
    const int64_t numbers[] = {
        config->episode_gap_ms, config->resolve_gap_ms,   config->reach_ms,
        config->look_back_ms,   config->soft_span_ms,     config->max_span_ms,
        config->familiar_count, config->familiar_ms,      config->threshold,
        config->neighbours,     config->attach_threshold, config->levels,
        config->least_records,  config->least_sources,    config->least_severity,
        config->key_least,      config->key_most};
    struct sha256 digest;
    int64_t settings;
    /* A setting that is added to the struct belongs into the list. */
    _Static_assert(sizeof(numbers) / sizeof(numbers[0]) == 17 &&
                       sizeof(struct correlation_config) == 120,
                   "correlation_settings() knows every setting");
    const struct sha256_part parts[] = {
        {version, strlen(version) + 1},
        {identity, sizeof(identity)},
        {numbers, sizeof(numbers)},
        {built_in->text, built_in->size},
        {config->rules.ptr, config->rules.len},
    };
    sha256_of_parts(parts, sizeof(parts) / sizeof(parts[0]), &digest);
    memcpy(&settings, digest.bytes, sizeof(settings));
    return settings;
}
