/*
 * The values of the options: set, read back. What a value may be is in value.c, the layers (file,
 * environment) in layers.c, what people see of them in print.c. Filled by main before
 * any thread starts, read-only afterwards.
 */
#include "base/config/config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/config/set.h"
#include "base/memory.h"

struct config *
config_new(void)
{
    struct config *config = memory_calloc(1, sizeof(*config));
    for (enum option i = 0; i < OPTION_COUNT; i++) {
        config->values[i].text = memory_copy(config_option_default(i));
        int status =
            config_read_value(i, config_option_default(i), &config->values[i].number, NULL);
        assert(status == 0);
        (void)status;
    }
    return config;
}

void
config_free(struct config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        free(config->values[i].text);
        free(config->values[i].where);
    }
    for (size_t i = 0; i < config->rdkafka_count; i++) {
        free(config->rdkafka[i].name);
        free(config->rdkafka[i].value);
        free(config->rdkafka[i].where);
    }
    config_topics_free(config);
    free(config);
}

int
config_set_at(struct config *config, enum option option, const char *value,
              enum option_origin origin, const char *where, struct err *err)
{
    int64_t number;
    if (config_read_value(option, value, &number, err) < 0)
        return err_prefix(err, "%s", config_option_name(option));
    struct option_value *at = &config->values[option];
    if (origin < at->origin)
        return 0;
    free(at->text);
    free(at->where);
    *at = (struct option_value){memory_copy(value), number, origin, memory_copy(where)};
    return 0;
}

int
config_set(struct config *config, enum option option, const char *value, enum option_origin origin,
           struct err *err)
{
    return config_set_at(config, option, value, origin, NULL, err);
}

int
config_set_rdkafka_at(struct config *config, const char *name, const char *value,
                      enum option_origin origin, const char *where, struct err *err)
{
    if (name[0] == '\0' || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._")] != '\0') {
        err_set(err, ERR_CONFIG, "'%s' cannot be the name of a librdkafka setting", name);
        return err_hint(err, "names look like security.protocol");
    }
    if (strlen(value) > CONFIG_VALUE_MAX)
        return err_set(err, ERR_CONFIG, "rdkafka.%s: the value is longer than %d bytes", name,
                       CONFIG_VALUE_MAX);
    size_t i = 0;
    while (i < config->rdkafka_count && strcmp(config->rdkafka[i].name, name) != 0)
        i++;
    struct rdkafka_setting *at = &config->rdkafka[i];
    if (i == RDKAFKA_SETTINGS_MAX)
        return err_set(err, ERR_CONFIG, "more than %d librdkafka settings", RDKAFKA_SETTINGS_MAX);
    if (i < config->rdkafka_count) {
        if (origin < at->origin)
            return 0;
        free(at->name);
        free(at->value);
        free(at->where);
    } else {
        config->rdkafka_count++;
    }
    *at =
        (struct rdkafka_setting){memory_copy(name), memory_copy(value), origin, memory_copy(where)};
    return 0;
}

int
config_set_rdkafka(struct config *config, const char *name, const char *value, struct err *err)
{
    return config_set_rdkafka_at(config, name, value, ORIGIN_COMMAND, NULL, err);
}

size_t
config_rdkafka_count(const struct config *config)
{
    return config->rdkafka_count;
}

void
config_rdkafka_at(const struct config *config, size_t index, const char **ret_name,
                  const char **ret_value)
{
    assert(index < config->rdkafka_count);
    *ret_name = config->rdkafka[index].name;
    *ret_value = config->rdkafka[index].value;
}

const char *
config_text(const struct config *config, enum option option)
{
    return config->values[option].text;
}

bool
config_bool(const struct config *config, enum option option)
{
    assert(config_option_type(option) == OPTION_BOOL);
    return config->values[option].number != 0;
}

int64_t
config_count(const struct config *config, enum option option)
{
    assert(config_option_type(option) == OPTION_COUNT_TYPE ||
           config_option_type(option) == OPTION_BYTES);
    return config->values[option].number;
}

int64_t
config_duration_ns(const struct config *config, enum option option)
{
    assert(config_option_type(option) == OPTION_DURATION);
    return config->values[option].number;
}

int64_t
config_number(const struct config *config, enum option option)
{
    enum option_type type = config_option_type(option);
    assert(type != OPTION_TEXT && type != OPTION_SECRET && type != OPTION_LIST);
    return config->values[option].number;
}

enum option_origin
config_origin(const struct config *config, enum option option)
{
    return config->values[option].origin;
}
