/*
 * What the configuration says of single topics: [topic.NAME]. Kept sorted by (topic, option), so
 * that printing groups them. Filled by main before any thread starts, read-only afterwards.
 */
#include <stdlib.h>
#include <string.h>

#include "base/config/config.h"
#include "base/config/set.h"
#include "base/memory.h"

static const enum option topic_options[] = {
#define TOPIC_OPTION(key) OPT_ingest_##key,
#include "base/config/topic_options.def"
#undef TOPIC_OPTION
};
#define TOPIC_OPTIONS (sizeof(topic_options) / sizeof(topic_options[0]))

enum option
config_topic_option(size_t index)
{
    return index < TOPIC_OPTIONS ? topic_options[index] : OPTION_COUNT;
}

static int
find_option(const char *key, enum option *ret_option, struct err *err)
{
    char keys[256] = "";
    size_t len = 0;
    for (size_t i = 0; i < TOPIC_OPTIONS; i++) {
        const char *name = config_option_key(topic_options[i]);
        if (strcmp(name, key) == 0) {
            *ret_option = topic_options[i];
            return 0;
        }
        len += (size_t)snprintf(keys + len, sizeof(keys) - len, "%s%s", i > 0 ? ", " : "", name);
    }
    err_set(err, ERR_CONFIG, "'%s' cannot be set for one topic", key);
    return err_hint(err, "a topic takes %s", keys);
}

/* Kafka's own rule for names. */
static int
check_name(const char *topic, struct err *err)
{
    size_t length = strlen(topic);
    if (length > 0 && length <= TOPIC_NAME_MAX && strcmp(topic, ".") != 0 &&
        strcmp(topic, "..") != 0 &&
        topic[strspn(topic, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] ==
            '\0')
        return 0;
    err_set(err, ERR_CONFIG, "'%.*s' cannot be the name of a topic", TOPIC_NAME_MAX, topic);
    return err_hint(err, "letters, digits, '.', '_' and '-', %d at most", TOPIC_NAME_MAX);
}

/* Where (topic, option) stands or belongs. */
static size_t
place_of(const struct config *config, const char *topic, enum option option, bool *ret_there)
{
    size_t at = 0;
    int order = -1;
    for (; at < config->topic_count; at++) {
        const struct topic_setting *setting = &config->topics[at];
        order = strcmp(setting->topic, topic);
        if (order == 0)
            order = (setting->option > option) - (setting->option < option);
        if (order >= 0)
            break;
    }
    *ret_there = at < config->topic_count && order == 0;
    return at;
}

static struct topic_setting *
make_room(struct config *config, size_t at)
{
    struct topic_setting *grown =
        memory_resize(config->topics, config->topic_count + 1, sizeof(*config->topics));
    memmove(grown + at + 1, grown + at, (config->topic_count - at) * sizeof(*grown));
    memset(grown + at, 0, sizeof(*grown));
    config->topics = grown;
    config->topic_count++;
    return grown + at;
}

int
config_set_topic_at(struct config *config, const char *topic, const char *key, const char *value,
                    enum option_origin origin, const char *where, struct err *err)
{
    enum option option;
    int64_t number;
    bool there;
    if (check_name(topic, err) < 0 || find_option(key, &option, err) < 0)
        return -1;
    if (config_read_value(option, value, &number, err) < 0)
        return err_prefix(err, "topic.%s.%s", topic, key);
    size_t at = place_of(config, topic, option, &there);
    if (there && origin < config->topics[at].value.origin)
        return 0;
    if (!there && config->topic_count == TOPIC_SETTINGS_MAX)
        return err_set(err, ERR_CONFIG, "more than %d settings of single topics",
                       TOPIC_SETTINGS_MAX);
    struct topic_setting *setting = there ? &config->topics[at] : make_room(config, at);
    if (!there) {
        setting->topic = memory_copy(topic);
        setting->option = option;
    }
    free(setting->value.text);
    free(setting->value.where);
    setting->value = (struct option_value){memory_copy(value), number, origin, memory_copy(where)};
    return 0;
}

int
config_set_topic(struct config *config, const char *setting, struct err *err)
{
    char name[TOPIC_NAME_MAX + 64];
    const char *equals = strchr(setting, '=');
    size_t length = equals == NULL ? strlen(setting) : (size_t)(equals - setting);
    snprintf(name, sizeof(name), "%.*s", (int)(length < sizeof(name) ? length : sizeof(name)),
             setting);
    char *dot = strrchr(name, '.');
    if (equals == NULL || length >= sizeof(name) || dot == NULL) {
        err_set(err, ERR_CONFIG, "'%.80s' does not set anything for a topic", setting);
        return err_hint(err, "write TOPIC.KEY=VALUE, for example app-logs.dedup=native");
    }
    *dot = '\0';
    return config_set_topic_at(config, name, dot + 1, equals + 1, ORIGIN_COMMAND, NULL, err);
}

int
config_set_topics_at(struct config *config, const char *key, const char *list,
                     enum option_origin origin, const char *where, struct err *err)
{
    char topic[TOPIC_NAME_MAX + 2], value[CONFIG_VALUE_MAX + 1];
    for (const char *at = list; *at != '\0';) {
        size_t length = strcspn(at, ",");
        const char *equals = memchr(at, '=', length);
        if (length > CONFIG_VALUE_MAX || equals == NULL || equals - at > TOPIC_NAME_MAX) {
            err_set(err, ERR_CONFIG, "'%.80s' does not set anything for a topic", at);
            return err_hint(err, "write TOPIC=VALUE,TOPIC=VALUE");
        }
        snprintf(topic, sizeof(topic), "%.*s", (int)(equals - at), at);
        snprintf(value, sizeof(value), "%.*s", (int)(length - (size_t)(equals + 1 - at)),
                 equals + 1);
        if (config_set_topic_at(config, topic, key, value, origin, where, err) < 0)
            return -1;
        at += length;
        at += *at == ',';
    }
    return 0;
}

size_t
config_topic_count(const struct config *config)
{
    return config->topic_count;
}

const char *
config_topic_name(const struct config *config, size_t index)
{
    return config->topics[index].topic;
}

/* What holds for a topic: its own, else the option's. */
static const struct option_value *
value_of(const struct config *config, const char *topic, enum option option)
{
    bool there;
    size_t at = place_of(config, topic, option, &there);
    return there ? &config->topics[at].value : &config->values[option];
}

const char *
config_topic_text(const struct config *config, const char *topic, enum option option)
{
    return value_of(config, topic, option)->text;
}

bool
config_topic_bool(const struct config *config, const char *topic, enum option option)
{
    return value_of(config, topic, option)->number != 0;
}

void
config_topics_free(struct config *config)
{
    for (size_t i = 0; i < config->topic_count; i++) {
        free(config->topics[i].topic);
        free(config->topics[i].value.text);
        free(config->topics[i].value.where);
    }
    free(config->topics);
}
