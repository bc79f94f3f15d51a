/*
 * What decides results beside the records, as one text with one digest: see correlation.h. Pure.
 * The text is lines "name = value" in the order of their names, then "rules =" and the phrase rules
 * as they are. Another order, or another way to write a number, would be another digest of the
 * same.
 */
#include <assert.h>
#include <limits.h>

#include "base/embedded.h"
#include "base/text/utf8.h"
#include "correlate/story/phrases.h"
#include "hindcast/correlation.h"

#define HEAD "hindcast configuration 1\n"
#define RULES "rules =\n"

/* SETTING(name, type): in the order of names. */
#define SETTINGS(SETTING)                                                                          \
    SETTING(attach_threshold, int)                                                                 \
    SETTING(episode_gap_ms, int64_t)                                                               \
    SETTING(familiar_count, int)                                                                   \
    SETTING(familiar_ms, int64_t)                                                                  \
    SETTING(key_least, int)                                                                        \
    SETTING(key_most, int)                                                                         \
    SETTING(least_records, int)                                                                    \
    SETTING(least_severity, int)                                                                   \
    SETTING(least_sources, int)                                                                    \
    SETTING(levels, int)                                                                           \
    SETTING(look_back_ms, int64_t)                                                                 \
    SETTING(max_span_ms, int64_t)                                                                  \
    SETTING(neighbours, int)                                                                       \
    SETTING(reach_ms, int64_t)                                                                     \
    SETTING(resolve_gap_ms, int64_t)                                                               \
    SETTING(soft_span_ms, int64_t)                                                                 \
    SETTING(threshold, int)

/* A setting that is added to the struct belongs into the list. */
_Static_assert(sizeof(struct correlation_config) == 120, "SETTINGS names every setting");

static struct sv
rules_of(const struct correlation_config *config)
{
    if (config->rules.len > 0)
        return config->rules;
    const struct embedded_file *built_in = embedded_find(embedded_rules, "chat_rules.tsv");
    assert(built_in != NULL);
    return sv_of(built_in->text, built_in->size);
}

void
correlation_config_write(const struct correlation_config *config, struct strbuf *out)
{
    strbuf_add_text(out, HEAD);
#define SETTING(name, type) strbuf_addf(out, #name " = %lld\n", (long long)config->name);
    SETTINGS(SETTING)
#undef SETTING
    strbuf_add_text(out, RULES);
    struct sv rules = rules_of(config);
    strbuf_add(out, rules.ptr, rules.len);
}

void
correlation_config_digest(const struct correlation_config *config, char ret_hex[SHA256_HEX + 1])
{
    struct strbuf content;
    struct sha256 digest;
    strbuf_init(&content, 0);
    correlation_config_write(config, &content);
    sha256_of(content.ptr, content.len, &digest);
    sha256_hex(&digest, ret_hex);
    strbuf_release(&content);
}

static int
not_known(struct sv line, struct err *err)
{
    err_set(err, ERR_CONFIG, "a configuration cannot be read at '" SV_FMT "'", SV_ARG(line));
    return err_hint(err, "use the program that wrote it, or a newer one");
}

static bool
set_number(struct correlation_config *config, struct sv name, int64_t value)
{
#define SETTING(setting, type)                                                                     \
    if (sv_eq(name, SV(#setting))) {                                                               \
        if (sizeof(type) == sizeof(int) && value > INT_MAX)                                        \
            return false;                                                                          \
        config->setting = (type)value;                                                             \
        return true;                                                                               \
    }
    SETTINGS(SETTING)
#undef SETTING
    return false;
}

static int
read_line(struct sv line, struct correlation_config *config, struct err *err)
{
    const char *equals = memmem(line.ptr, line.len, " = ", 3);
    int64_t value;
    if (equals == NULL)
        return not_known(line, err);
    size_t at = (size_t)(equals - line.ptr);
    if (!sv_to_int64(sv_slice(line, at + 3, line.len), &value) || value < 0 ||
        !set_number(config, sv_slice(line, 0, at), value))
        return not_known(line, err);
    return 0;
}

/* Whoever may apply a configuration must not be able to end every correlator with it. */
static bool
within_bounds(const struct correlation_config *config)
{
    const int64_t most_ms = 3650 * NS_PER_DAY / NS_PER_MS;
    const int64_t times[] = {config->episode_gap_ms, config->resolve_gap_ms, config->reach_ms,
                             config->look_back_ms,   config->soft_span_ms,   config->max_span_ms,
                             config->familiar_ms};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        if (times[i] > most_ms)
            return false;
    return config->soft_span_ms > 0 && config->max_span_ms > 0 &&
           config->levels <= CORRELATION_LEVELS_MAX && config->neighbours > 0 &&
           config->neighbours <= 1000 && config->familiar_count <= 1000000 &&
           config->threshold <= 1000000 && config->attach_threshold <= 1000000 &&
           config->key_least <= config->key_most && config->key_most <= 10000;
}

int
correlation_config_parse(struct sv content, struct correlation_config *ret_config, struct err *err)
{
    struct correlation_config config;
    size_t at = sizeof(HEAD) - 1;
    correlation_config_default(&config);
    if (!sv_starts(content, SV(HEAD)))
        return not_known(sv_slice(content, 0, content.len < at ? content.len : at - 1), err);
    while (!sv_starts(sv_slice(content, at, content.len), SV(RULES))) {
        const char *end = memchr(content.ptr + at, '\n', content.len - at);
        if (end == NULL)
            return not_known(sv_slice(content, at, content.len), err);
        size_t to = (size_t)(end - content.ptr);
        if (read_line(sv_slice(content, at, to), &config, err) != 0)
            return -1;
        at = to + 1;
    }
    config.rules = sv_slice(content, at + sizeof(RULES) - 1, content.len);
    if (!within_bounds(&config))
        return err_set(err, ERR_CONFIG, "a number of the applied configuration is out of bounds");
    *ret_config = config;
    return 0;
}

int
correlation_config_check(const struct correlation_config *config, struct err *err)
{
    struct phrase_rules rules;
    struct arena arena;
    struct sv text = rules_of(config);
    if (!utf8_storable(text))
        return err_set(err, ERR_CONFIG, "correlate.rules: the text is not UTF-8, or holds U+0000");
    arena_init(&arena, 0);
    int status = phrase_rules_read(&arena, text, &rules, err) < 0 ? -1 : 0;
    arena_release(&arena);
    return status;
}
