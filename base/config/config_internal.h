/*
 * What config.c, config_read.c and config_print.c share; nobody else includes it.
 */
#ifndef BASE_CONFIG_INTERNAL_H
#define BASE_CONFIG_INTERNAL_H

#include "base/config/config.h"

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

/* Of one topic; number, origin and where as above. */
struct topic_setting {
    char *topic;
    enum option option;
    struct option_value value;
};

#define RDKAFKA_SETTINGS_MAX 200
#define TOPIC_SETTINGS_MAX 2000
#define CONFIG_VALUE_MAX 4000 /* bytes of one value */
#define TOPIC_NAME_MAX 249    /* Kafka's own limit */
#define RDKAFKA_SECTION "rdkafka"
#define RDKAFKA_PREFIX "rdkafka."
#define TOPIC_SECTION "topic"
#define TOPIC_PREFIX "topic."

struct config {
    struct option_value values[OPTION_COUNT];
    struct rdkafka_setting rdkafka[RDKAFKA_SETTINGS_MAX];
    size_t rdkafka_count;
    struct topic_setting *topics; /* by topic, then option */
    size_t topic_count;
};

enum option_type config_option_type(enum option option);
/* What a number may be; every number has bounds, texts have none. */
struct option_bounds {
    bool bounded, or_zero;
    int64_t least, most; /* a count, bytes, or nanoseconds */
};
const struct option_bounds *config_option_bounds(enum option option);
#define OPTION_RANGE_TEXT 80
/* "1 to 64", "0, or 2d to 36500d"; empty for what is not a number. */
void config_option_range(enum option option, char ret_text[OPTION_RANGE_TEXT]);
/* As config_set(), with the place that is shown to people. `where` may be NULL. */
int config_set_at(struct config *config, enum option option, const char *value,
                  enum option_origin origin, const char *where, struct err *err) MUST_CHECK;
int config_set_rdkafka_at(struct config *config, const char *name, const char *value,
                          enum option_origin origin, const char *where, struct err *err) MUST_CHECK;
/* One setting of one topic; and the list TOPIC=VALUE,... of one key, as the environment has it. */
int
config_set_topic_at(struct config *config, const char *topic, const char *key, const char *value,
                    enum option_origin origin, const char *where, struct err *err) MUST_CHECK;
int config_set_topics_at(struct config *config, const char *key, const char *list,
                         enum option_origin origin, const char *where, struct err *err) MUST_CHECK;
void config_topics_free(struct config *config);
/* The options a topic takes, in order; OPTION_COUNT after the last. */
enum option config_topic_option(size_t index);
/* Validates by type; `ret_number` as in struct option_value. */
int config_read_value(enum option option, const char *value, int64_t *ret_number,
                      struct err *err) MUST_CHECK;
char *config_copy(const char *text); /* heap memory; NULL stays NULL */
/* Hides values whose name says password, secret, key or the like. */
bool config_rdkafka_secret(const char *name);
bool config_section_known(const char *section);
/* "section.key" of the option spelled most alike, or NULL when none is near. */
const char *config_nearest(const char *name);

#endif
