/*
 * The correlator's settings from the configuration: see correlation_config.h.
 */
#include "app/correlation_config.h"

#include <errno.h>
#include <stdio.h>

#include "base/embedded.h"

#define RULES_MAX ((size_t)1 << 20) /* of one file */

static int
read_rules(const char *path, struct strbuf *out, struct err *err)
{
    char piece[8192];
    size_t got, before = out->len;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return err_set_errno(err, ERR_IO, errno, "%s", path);
    while (out->len - before <= RULES_MAX && (got = fread(piece, 1, sizeof(piece), file)) > 0)
        strbuf_add(out, piece, got);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed)
        return err_set(err, ERR_IO, "%s cannot be read", path);
    if (out->len - before > RULES_MAX)
        return err_set(err, ERR_LIMIT, "%s is larger than %zu MiB", path, RULES_MAX >> 20);
    return 0;
}

/* A file, or the built-in one of a language; */
static int
read_language(struct sv name, struct strbuf *out, struct err *err)
{
    static const struct {
        struct sv language, file;
    } built_in[] = {{{"en", 2}, {"chat_rules.tsv", 14}}, {{"de", 2}, {"chat_rules.de.tsv", 17}}};
    char path[CONFIG_VALUE_MAX + 1];
    for (size_t i = 0; i < sizeof(built_in) / sizeof(built_in[0]); i++)
        if (sv_eq(name, built_in[i].language)) {
            const struct embedded_file *file = embedded_find(embedded_rules, built_in[i].file.ptr);
            strbuf_add(out, file->text, file->size);
            return 0;
        }
    if (name.len == 0)
        return err_set(err, ERR_CONFIG, "correlate.rules: a name of a file is empty");
    snprintf(path, sizeof(path), SV_FMT, SV_ARG(name));
    return read_rules(path, out, err);
}

/* The first file, then the others; *ret_first: how long the first one is. */
static int
read_languages(struct sv names, struct strbuf *out, size_t *ret_first, struct err *err)
{
    struct sv name;
    *ret_first = 0;
    for (size_t i = 0; names.len > 0 && sv_split(&names, ',', &name); i++) {
        if (i > 1)
            strbuf_add_text(out, "\n"); /* the last line may have no end */
        if (read_language(sv_trim(name), out, err) != 0)
            return -1;
        if (i == 0)
            *ret_first = out->len;
    }
    return 0;
}

/* What the team adds stands before what is built in, so that errors name the lines of its file. */
static int
read_more(const char *path, struct sv built_in, struct strbuf *out, struct err *err)
{
    if (path[0] == '\0')
        return 0;
    if (read_rules(path, out, err) != 0)
        return -1;
    strbuf_add_text(out, "\n"); /* the last line may have no end */
    strbuf_add(out, built_in.ptr, built_in.len);
    return 0;
}

int
correlation_config_read(const struct config *config, struct strbuf *texts,
                        struct correlation_config *ret_config, struct err *err)
{
    const char *path;
    size_t first;
    strbuf_init(texts, 0);
    correlation_config_numbers(config, ret_config);
    if (correlation_config_consistent(ret_config, err) != 0)
        return -1;
    struct sv quiet_alerts = correlation_quiet_alerts(ret_config);
    struct sv candidates = correlation_candidates(ret_config);
    struct sv built_in_rank = correlation_rank(ret_config);
    if (read_languages(sv_from(config_text(config, OPT_correlate_rules)), texts, &first, err) != 0)
        return -1;
    size_t rules = texts->len;
    if (read_more(config_text(config, OPT_correlate_quiet_alerts), quiet_alerts, texts, err) != 0)
        return -1;
    size_t quiet = texts->len;
    if (read_more(config_text(config, OPT_correlate_candidates), candidates, texts, err) != 0)
        return -1;
    size_t opening = texts->len;
    if (read_more(config_text(config, OPT_correlate_rank), built_in_rank, texts, err) != 0)
        return -1;
    size_t rank = texts->len;
    path = config_text(config, OPT_correlate_people);
    if (path[0] != '\0' && read_rules(path, texts, err) != 0)
        return -1;
    size_t people = texts->len;
    path = config_text(config, OPT_correlate_suppress);
    if (path[0] != '\0' && read_rules(path, texts, err) != 0)
        return -1;
    size_t suppress = texts->len;
    path = config_text(config, OPT_correlate_weights);
    if (path[0] != '\0' && read_rules(path, texts, err) != 0)
        return -1;
    struct sv all = strbuf_view(texts);
    ret_config->rules = sv_slice(all, 0, first);
    if (first > 0)
        ret_config->languages = sv_slice(all, first, rules);
    ret_config->quiet_alerts = sv_slice(all, rules, quiet);
    ret_config->candidates = sv_slice(all, quiet, opening);
    ret_config->rank = sv_slice(all, opening, rank);
    ret_config->people = sv_slice(all, rank, people);
    ret_config->suppress = sv_slice(all, people, suppress);
    ret_config->weights = sv_slice(all, suppress, all.len);
    return 0;
}
