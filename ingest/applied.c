/*
 * Decoding options as one text, and those that count: see applied.h. Whoever owns the connection.
 */
#include "ingest/applied.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text/utf8.h"
#include "hindcast/decoding.h"

#define HEAD "hindcast decoding 1\n"
#define DECODERS "decoders = "

static const enum option topic_options[] = {
#define TOPIC_OPTION(key) OPT_ingest_##key,
#include "base/config/topic_options.def"
#undef TOPIC_OPTION
};
#define TOPIC_OPTIONS (sizeof(topic_options) / sizeof(topic_options[0]))

/* However a yes is written, it is one. */
static const char *
value_of(const struct config *config, const char *topic, enum option option)
{
    if (config_option_type(option) != OPTION_BOOL)
        return config_topic_text(config, topic, option);
    return config_topic_bool(config, topic, option) ? "true" : "false";
}

static int
add_value(const char *topic, enum option option, const char *value, struct strbuf *out,
          struct err *err)
{
    const char *key = config_option_key(option);
    if (strchr(value, '\n') != NULL || !utf8_storable(sv_from(value)))
        return err_set(err, ERR_CONFIG, "%s%s%s: the value is not one line of UTF-8",
                       topic[0] == '\0' ? "ingest." : "topic.", topic[0] == '\0' ? key : topic,
                       topic[0] == '\0' ? "" : " (a decoding option)");
    strbuf_addf(out, "%s%s%s = %s\n", topic, topic[0] == '\0' ? "" : ".", key, value);
    return 0;
}

static int
add_topic(const struct config *config, const char *topic, struct strbuf *out, struct err *err)
{
    for (size_t i = 0; i < TOPIC_OPTIONS; i++) {
        const char *value = value_of(config, topic, topic_options[i]);
        if (strcmp(value, value_of(config, "", topic_options[i])) != 0 &&
            add_value(topic, topic_options[i], value, out, err) != 0)
            return -1;
    }
    return 0;
}

int
applied_decoding_write(const struct config *config, struct strbuf *out, struct err *err)
{
    char hex[SHA256_HEX + 1];
    struct sha256 digest;
    decoders_digest(&digest);
    sha256_hex(&digest, hex);
    strbuf_addf(out, HEAD DECODERS "%s\n", hex);
    for (size_t i = 0; i < TOPIC_OPTIONS; i++)
        if (add_value("", topic_options[i], value_of(config, "", topic_options[i]), out, err) != 0)
            return -1;
    const char *before = "";
    for (size_t i = 0; i < config_topic_count(config); i++) {
        const char *topic = config_topic_name(config, i);
        if (strcmp(topic, before) != 0 && add_topic(config, topic, out, err) != 0)
            return -1;
        before = topic;
    }
    return 0;
}

/* ---- read back ---- */

static int
not_known(const char *line, struct err *err)
{
    err_set(err, ERR_CONFIG, "the applied decoding options cannot be read at '%.200s'", line);
    return err_hint(err, "use the program that applied them, or a newer one");
}

/* "KEY = VALUE" of all topics, "TOPIC.KEY = VALUE" of one: keys have no dot, topics may. */
static int
read_line(struct config *config, struct arena *arena, struct sv line, struct err *err)
{
    struct sv name, value;
    const char *text = arena_strdup(arena, line);
    const char *equals = strstr(text, " = ");
    if (equals == NULL)
        return not_known(text, err);
    name = sv_of(text, (size_t)(equals - text));
    value = sv_from(equals + 3);
    if (memchr(name.ptr, '.', name.len) != NULL) {
        struct sv setting = arena_printf(arena, SV_FMT "=" SV_FMT, SV_ARG(name), SV_ARG(value));
        return config_set_topic(config, arena_strdup(arena, setting), err);
    }
    for (size_t i = 0; i < TOPIC_OPTIONS; i++)
        if (sv_eq(name, sv_from(config_option_key(topic_options[i]))))
            return config_set(config, topic_options[i], value.ptr, ORIGIN_COMMAND, err);
    return not_known(text, err);
}

int
applied_decoding_parse(struct sv content, struct config **ret_config, struct err *err)
{
    struct arena arena;
    struct sv rest = content, line;
    int status = 0;
    if (!sv_starts(content, SV(HEAD DECODERS)))
        return not_known("the head", err);
    struct config *config = config_new();
    arena_init(&arena, 0);
    for (size_t at = 0; status == 0 && sv_split(&rest, '\n', &line); at++)
        if (at >= 2 && line.len > 0)
            status = read_line(config, &arena, line, err);
    arena_release(&arena);
    if (status != 0) {
        config_free(config);
        return -1;
    }
    *ret_config = config;
    return 0;
}

static void
hex_of(const struct strbuf *content, char ret_hex[SHA256_HEX + 1])
{
    struct sha256 digest;
    sha256_of(content->ptr, content->len, &digest);
    sha256_hex(&digest, ret_hex);
}

static int
use(const struct stored_decoding *stored, const struct config *own,
    struct applied_decoding *decoding, struct err *err)
{
    decoding->number = stored->number;
    memcpy(decoding->digest, decoding->own_digest, sizeof(decoding->digest));
    if (stored->number == 0)
        return topics_init(&decoding->topics, own, err);
    snprintf(decoding->digest, sizeof(decoding->digest), SV_FMT, SV_ARG(stored->digest));
    decoding->differs = strcmp(decoding->digest, decoding->own_digest) != 0;
    if (applied_decoding_parse(stored->content, &decoding->config, err) != 0)
        return -1;
    if (topics_init(&decoding->topics, decoding->config, err) == 0)
        return 0;
    config_free(decoding->config);
    return err_prefix(err, "the applied decoding options");
}

int
applied_decoding_read(struct store *store, const struct config *own,
                      struct applied_decoding *ret_decoding, struct err *err)
{
    struct applied_decoding decoding = {0};
    struct stored_decoding stored;
    struct strbuf content;
    struct arena arena;
    arena_init(&arena, 0);
    strbuf_init(&content, 0);
    int status = applied_decoding_write(own, &content, err);
    if (status == 0) {
        hex_of(&content, decoding.own_digest);
        status = decoding_newest(store, &arena, &stored, err);
    }
    if (status == 0)
        status = use(&stored, own, &decoding, err);
    if (status == 0)
        *ret_decoding = decoding;
    strbuf_release(&content);
    arena_release(&arena);
    return status;
}

void
applied_decoding_release(struct applied_decoding *decoding)
{
    topics_release(&decoding->topics);
    config_free(decoding->config);
    *decoding = (struct applied_decoding){0};
}
