/*
 * The options as a table (options.def): what each is called in the file, on the command line and in
 * the environment, its type, bounds and help; and what a value of it may be. Constant data, any
 * thread. The values in force are in config.h.
 */
#ifndef BASE_CONFIG_OPTION_H
#define BASE_CONFIG_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define CONFIG_VALUE_MAX 4000 /* bytes of one value */
#define TOPIC_NAME_MAX 249    /* Kafka's own limit */
#define RDKAFKA_SECTION "rdkafka"
#define TOPIC_SECTION "topic"
#define TOPIC_PREFIX "topic."

enum option {
#define OPTION(name, section, key, type, initial, placeholder, help) OPT_##name,
#include "base/config/options.def"
#undef OPTION
    OPTION_COUNT
};

enum option_type {
    OPTION_TEXT,
    OPTION_SECRET,
    OPTION_BOOL,
    OPTION_COUNT_TYPE,
    OPTION_BYTES,
    OPTION_DURATION,
    OPTION_LIST
};

/* The option "--section-key" or "section.key" names, or OPTION_COUNT. */
enum option config_option_find(const char *name);
const char *config_option_flag(enum option option); /* "--kafka-brokers" */
const char *config_option_name(enum option option); /* "kafka.brokers" */
const char *config_option_section(enum option option);
const char *config_option_key(enum option option);
const char *config_option_help(enum option option);
const char *config_option_placeholder(enum option option);
const char *config_option_default(enum option option);

/* Options that may be given more than once and belong to no single key; not among enum option. */
struct config_repeated {
    const char *flag, *placeholder, *help;
    enum option heeded_with; /* who heeds this option heeds these too */
};
#define CONFIG_REPEATED_COUNT 2
extern const struct config_repeated config_repeated[CONFIG_REPEATED_COUNT];

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
/* Validates by type; `ret_number` 0 or 1, a count, bytes, or nanoseconds. */
int config_read_value(enum option option, const char *value, int64_t *ret_number,
                      struct err *err) MUST_CHECK;
bool config_section_known(const char *section);
/* "section.key" of the option spelled most alike, or NULL when none is near. */
const char *config_nearest(const char *name);

#endif
