/*
 * What decides results beside the records, as one text with one digest: see correlation.h. Pure.
 * The text is lines "name = value" in the order of their names, then "candidates = BYTES" and as
 * many bytes, "graph", "languages", "people", "quiet_alerts", "rank", "suppress" and "weights"
 * likewise, then "rules =" and the phrase rules as they are. Another order, or another way to write
 * a number, would be another digest of the same.
 */
#include "correlate/settings.h"
#include "base/text/utf8.h"
#include "correlate/candidate/signs.h"
#include "correlate/group/graph.h"
#include "correlate/group/quiet.h"
#include "correlate/group/suppress.h"
#include "correlate/people/list.h"
#include "correlate/rank/rank.h"
#include "correlate/story/languages.h"
#include "correlate/story/weights.h"
#include "hindcast/correlation.h"

#define HEAD "hindcast configuration 1\n"
#define RULES "rules =\n"
#define CANDIDATES "candidates = "
#define GRAPH "graph = "
#define LANGUAGES "languages = "
#define QUIET "quiet_alerts = "
#define PEOPLE "people = "
#define RANK "rank = "
#define SUPPRESS "suppress = "
#define WEIGHTS "weights = "

/* A setting that is added to the struct belongs into settings.def. */
_Static_assert(sizeof(struct correlation_config) == 520, "settings.def names every setting");

static void
write_text(struct strbuf *out, const char *name, struct sv text)
{
    strbuf_addf(out, "%s%zu\n", name, text.len);
    strbuf_add_sv(out, text);
}

void
correlation_config_write(const struct correlation_config *config, struct strbuf *out)
{
    strbuf_add_text(out, HEAD);
#define SETTING(name, type, member, option)                                                        \
    strbuf_addf(out, name " = %lld\n", (long long)config->member);
#include "correlate/settings.def"
#undef SETTING
    struct sv rules = correlation_rules(config);
    write_text(out, CANDIDATES, correlation_candidates(config));
    write_text(out, GRAPH, config->graph);
    write_text(out, LANGUAGES, correlation_languages(config));
    write_text(out, PEOPLE, config->people);
    write_text(out, QUIET, correlation_quiet_alerts(config));
    write_text(out, RANK, correlation_rank(config));
    write_text(out, SUPPRESS, config->suppress);
    write_text(out, WEIGHTS, config->weights);
    strbuf_add_text(out, RULES);
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

/*
 * Whoever may apply a configuration must not be able to end every correlator with it: the bounds
 * are those of the options.
 */
static bool
within_bounds(enum option option, int64_t value)
{
    const struct option_bounds *bounds = config_option_bounds(option);
    return (value >= setting_kept(option, bounds->least) &&
            value <= setting_kept(option, bounds->most)) ||
           (bounds->or_zero && value == 0);
}

static bool
set_number(struct correlation_config *config, struct sv name, int64_t value)
{
#define SETTING(setting, type, member, option)                                                     \
    if (sv_eq(name, SV(setting))) {                                                                \
        config->member = (type)value;                                                              \
        return within_bounds(OPT_##option, value);                                                 \
    }
#include "correlate/settings.def"
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

/* "NAME = BYTES" was read up to `*at`; the text behind it, if there is that much. */
static bool
take_text(struct sv content, struct sv bytes_told, size_t *at, struct sv *ret_text)
{
    int64_t bytes;
    if (!sv_to_int64(bytes_told, &bytes) || bytes < 0 || (uint64_t)bytes > content.len - *at)
        return false;
    *ret_text = sv_slice(content, *at, *at + (size_t)bytes);
    *at += (size_t)bytes;
    return true;
}

/* The text that such a line announces; NULL: it is a number. */
static struct sv *
text_named(struct correlation_config *config, struct sv line, struct sv *ret_bytes)
{
    const struct {
        struct sv head;
        struct sv *text;
    } texts[] = {{SV(CANDIDATES), &config->candidates}, {SV(GRAPH), &config->graph},
                 {SV(LANGUAGES), &config->languages},   {SV(PEOPLE), &config->people},
                 {SV(QUIET), &config->quiet_alerts},    {SV(RANK), &config->rank},
                 {SV(SUPPRESS), &config->suppress},     {SV(WEIGHTS), &config->weights}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (sv_starts(line, texts[i].head)) {
            *ret_bytes = sv_slice(line, texts[i].head.len, line.len);
            return texts[i].text;
        }
    return NULL;
}

int
correlation_config_consistent(const struct correlation_config *config, struct err *err)
{
    if (config->key_least <= config->key_most)
        return 0;
    err_set(err, ERR_CONFIG, "correlate.key_rows_least is %d, and key_rows_most only %d",
            config->key_least, config->key_most);
    return err_hint(err, "the first is not to be greater than the second");
}

int
correlation_config_parse(struct sv content, struct correlation_config *ret_config, struct err *err)
{
    struct correlation_config config;
    size_t at = sizeof(HEAD) - 1;
    correlation_config_default(&config);
    config.graph = SV(""); /* what was applied without one has none */
    config.languages = SV("");
    if (!sv_starts(content, SV(HEAD)))
        return not_known(sv_slice(content, 0, content.len < at ? content.len : at - 1), err);
    while (!sv_starts(sv_slice(content, at, content.len), SV(RULES))) {
        const char *end = memchr(content.ptr + at, '\n', content.len - at);
        if (end == NULL)
            return not_known(sv_slice(content, at, content.len), err);
        struct sv line = sv_slice(content, at, (size_t)(end - content.ptr));
        at += line.len + 1;
        struct sv bytes, *text = text_named(&config, line, &bytes);
        if (text != NULL) {
            if (!take_text(content, bytes, &at, text))
                return not_known(line, err);
        } else if (read_line(line, &config, err) != 0)
            return -1;
    }
    config.rules = sv_slice(content, at + sizeof(RULES) - 1, content.len);
    if (correlation_config_consistent(&config, err) != 0)
        return -1;
    *ret_config = config;
    return 0;
}

void
correlation_config_complete(struct correlation_config *config, struct sv applied)
{
    struct correlation_config read;
    struct err ignored;
    if (config->graph.ptr == NULL && applied.len > 0 &&
        correlation_config_parse(applied, &read, &ignored) == 0)
        config->graph = read.graph;
}

static int
not_utf8(const char *option, struct err *err)
{
    return err_set(err, ERR_CONFIG, "%s: the text is not UTF-8, or holds U+0000", option);
}

int
correlation_config_check(const struct correlation_config *config, struct err *err)
{
    struct phrase_rules rules;
    struct quiet_alerts quiet_alerts;
    struct service_graph graph;
    struct people_list people;
    struct suppress_rules suppress;
    struct reason_weights weights;
    struct candidate_rules candidates;
    struct rank_rules rank;
    struct arena arena;
    struct sv text = correlation_rules(config), quiet = correlation_quiet_alerts(config);
    struct sv opening = correlation_candidates(config);
    if (correlation_config_consistent(config, err) != 0)
        return -1;
    if (!utf8_storable(text))
        return not_utf8("correlate.rules", err);
    if (!utf8_storable(quiet))
        return not_utf8("correlate.quiet_alerts", err);
    if (!utf8_storable(opening))
        return not_utf8("correlate.candidates", err);
    if (!utf8_storable(correlation_rank(config)))
        return not_utf8("correlate.rank", err);
    if (!utf8_storable(config->people))
        return not_utf8("correlate.people", err);
    if (!utf8_storable(config->suppress))
        return not_utf8("correlate.suppress", err);
    if (!utf8_storable(correlation_languages(config)))
        return not_utf8("correlate.rules", err);
    if (!utf8_storable(config->weights))
        return not_utf8("correlate.weights", err);
    arena_init(&arena, 0);
    int status = phrase_languages_read(&arena, text, correlation_languages(config), &rules, err);
    if (status == 0)
        status = quiet_alerts_read(&arena, quiet, &quiet_alerts, err);
    if (status == 0)
        status = service_graph_read(&arena, config->graph, &graph, err);
    if (status == 0)
        status = people_list_read(&arena, config->people, &people, err);
    if (status == 0)
        status = suppress_rules_read(&arena, config->suppress, &suppress, err);
    if (status == 0)
        status = reason_weights_read(&arena, config->weights, &rules, &weights, err);
    if (status == 0)
        status = candidate_rules_read(&arena, opening, &candidates, err);
    if (status == 0)
        status = rank_rules_read(correlation_rank(config), &rank, err);
    arena_release(&arena);
    return status;
}
