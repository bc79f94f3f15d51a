/*
 * The table of options, looked at from all sides: see option.h. Pure.
 */
#include "base/config/option.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/nearest.h"

struct option_row {
    const char *section, *key, *flag, *dotted, *initial, *placeholder, *help;
    enum option_type type;
};

#define TYPE_TEXT OPTION_TEXT
#define TYPE_SECRET OPTION_SECRET
#define TYPE_BOOL OPTION_BOOL
#define TYPE_COUNT OPTION_COUNT_TYPE
#define TYPE_BYTES OPTION_BYTES
#define TYPE_DURATION OPTION_DURATION
#define TYPE_LIST OPTION_LIST

static const struct option_row rows[] = {
#define OPTION(name, section, key, type, initial, placeholder, help)                               \
    {section, key, "--" section "-" key, section "." key, initial, placeholder, help, TYPE_##type},
#include "base/config/options.def"
#undef OPTION
};

static const struct option_bounds all_bounds[OPTION_COUNT] = {
#define BOUNDS(name, least, most) [OPT_##name] = {true, false, least, most},
#define ZERO_OR(name, least, most) [OPT_##name] = {true, true, least, most},
#include "base/config/options.def"
#undef BOUNDS
#undef ZERO_OR
};

const struct config_repeated config_repeated[CONFIG_REPEATED_COUNT] = {
    {"--per-topic", "NAME.KEY=VALUE",
     "an option of ingest for one topic, see docs/configuration.md", OPT_ingest_headers},
    {"--rdkafka", "NAME=VALUE", "a setting of librdkafka; may be given more than once",
     OPT_kafka_brokers},
};

/* '-' and '_' are one on the command line: --kafka-brokers, --ingest-batch-rows. */
static bool
same_name(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++)
        if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
            return false;
    return *a == *b;
}

enum option
config_option_find(const char *name)
{
    for (enum option i = 0; i < OPTION_COUNT; i++)
        if (same_name(name, rows[i].flag) || strcmp(name, rows[i].dotted) == 0)
            return i;
    return OPTION_COUNT;
}

const char *
config_option_flag(enum option option)
{
    /* The table joins section and key as they are; people type dashes. */
    static char flags[OPTION_COUNT][64];
    char *flag = flags[option];
    size_t i = 0;
    for (; rows[option].flag[i] != '\0' && i + 1 < sizeof(flags[0]); i++)
        flag[i] = rows[option].flag[i] == '_' ? '-' : rows[option].flag[i];
    flag[i] = '\0';
    return flag;
}

const char *
config_option_name(enum option option)
{
    return rows[option].dotted;
}

const char *
config_option_section(enum option option)
{
    return rows[option].section;
}

const char *
config_option_key(enum option option)
{
    return rows[option].key;
}

const char *
config_option_help(enum option option)
{
    return rows[option].help;
}

const char *
config_option_placeholder(enum option option)
{
    return rows[option].placeholder;
}

const char *
config_option_default(enum option option)
{
    return rows[option].initial;
}

enum option_type
config_option_type(enum option option)
{
    return rows[option].type;
}

const struct option_bounds *
config_option_bounds(enum option option)
{
    return &all_bounds[option];
}

bool
config_section_known(const char *section)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (strcmp(rows[i].section, section) == 0)
            return true;
    return strcmp(section, RDKAFKA_SECTION) == 0 || strcmp(section, TOPIC_SECTION) == 0 ||
           strncmp(section, TOPIC_PREFIX, strlen(TOPIC_PREFIX)) == 0;
}

const char *
config_nearest(const char *name)
{
    struct nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        nearest_offer(&nearest, rows[i].dotted);
    return nearest.found;
}

/* In the largest unit that needs no fraction, as the parser takes it. */
static void
print_number(char *text, size_t size, enum option_type type, int64_t number)
{
    static const struct {
        int64_t ns;
        const char *unit;
    } times[] = {{NS_PER_DAY, "d"},
                 {NS_PER_HOUR, "h"},
                 {NS_PER_MINUTE, "m"},
                 {NS_PER_S, "s"},
                 {NS_PER_MS, "ms"}};
    static const struct {
        int64_t bytes;
        const char *unit;
    } sizes[] = {{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}};
    const char *unit = "";
    for (size_t i = 0; type == OPTION_DURATION && number != 0 && unit[0] == '\0'; i++)
        if (number % times[i].ns == 0) {
            unit = times[i].unit;
            number /= times[i].ns;
        }
    for (size_t i = 0; type == OPTION_BYTES && i < 3 && unit[0] == '\0'; i++)
        if (number % sizes[i].bytes == 0) {
            unit = sizes[i].unit;
            number /= sizes[i].bytes;
        }
    snprintf(text, size, "%lld%s", (long long)number, unit);
}

void
config_option_range(enum option option, char ret_text[OPTION_RANGE_TEXT])
{
    const struct option_bounds *bounds = config_option_bounds(option);
    char least[32], most[32];
    ret_text[0] = '\0';
    if (!bounds->bounded)
        return;
    print_number(least, sizeof(least), config_option_type(option), bounds->least);
    print_number(most, sizeof(most), config_option_type(option), bounds->most);
    snprintf(ret_text, OPTION_RANGE_TEXT, "%s%s to %s", bounds->or_zero ? "0, or " : "", least,
             most);
}
