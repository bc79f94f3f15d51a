/*
 * What config.c, layers.c and print.c share; nobody else includes it.
 */
#ifndef BASE_CONFIG_SET_H
#define BASE_CONFIG_SET_H

#include "base/config/config.h"

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
#define RDKAFKA_PREFIX "rdkafka."

struct config {
    struct option_value values[OPTION_COUNT];
    struct rdkafka_setting rdkafka[RDKAFKA_SETTINGS_MAX];
    size_t rdkafka_count;
    struct topic_setting *topics; /* by topic, then option */
    size_t topic_count;
};

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
/* Hides values whose name says password, secret, key or the like. */
bool config_rdkafka_secret(const char *name);

#endif
