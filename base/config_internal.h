/*
 * What config.c, config_read.c and config_print.c share; nobody else includes it.
 */
#ifndef BASE_CONFIG_INTERNAL_H
#define BASE_CONFIG_INTERNAL_H

#include "base/config.h"

enum option_type {
    OPTION_TEXT,
    OPTION_SECRET,
    OPTION_BOOL,
    OPTION_COUNT_TYPE,
    OPTION_BYTES,
    OPTION_DURATION,
    OPTION_LIST
};

/* `text` is heap memory; `number` is its reading: 0 or 1, a count, bytes, or nanoseconds. */
struct option_value {
    char *text;
    int64_t number;
    enum option_origin origin;
    char *where; /* "FILE:LINE" or the variable; NULL for the other origins */
};

struct rdkafka_setting {
    char *name, *value;
    enum option_origin origin;
    char *where;
};

#define RDKAFKA_SETTINGS_MAX 200
#define CONFIG_VALUE_MAX 4000 /* bytes of one value */
#define TOPIC_NAME_MAX 249    /* Kafka's own limit */
#define RDKAFKA_SECTION "rdkafka"
#define RDKAFKA_PREFIX "rdkafka."

struct config {
    struct option_value values[OPTION_COUNT];
    struct rdkafka_setting rdkafka[RDKAFKA_SETTINGS_MAX];
    size_t rdkafka_count;
};

enum option_type config_option_type(enum option option);
/* As config_set(), with the place that is shown to people. `where` may be NULL. */
int config_set_at(struct config *config, enum option option, const char *value,
                  enum option_origin origin, const char *where, struct err *err) MUST_CHECK;
int config_set_rdkafka_at(struct config *config, const char *name, const char *value,
                          enum option_origin origin, const char *where, struct err *err) MUST_CHECK;
/* Hides values whose name says password, secret, key or the like. */
bool config_rdkafka_secret(const char *name);
bool config_section_known(const char *section);
/* "section.key" of the option spelled most alike, or NULL when none is near. */
const char *config_nearest(const char *name);

#endif
