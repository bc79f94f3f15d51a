/*
 * The values of the options: set, validated by type, read back. The layers (file, environment) are
 * in config_read.c, what people see of them in config_print.c. Filled by main before any thread
 * starts, read-only afterwards.
 */
#include "base/config/config.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/config/config_internal.h"
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

static const struct option_bounds bounds[OPTION_COUNT] = {
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

char *
config_copy(const char *text)
{
    char *made = text == NULL ? NULL : strdup(text);
    if (text != NULL && made == NULL)
        abort();
    return made;
}

static int
read_bool(const char *value, int64_t *ret_number, struct err *err)
{
    static const char *const words[][2] = {
        {"false", "true"}, {"no", "yes"}, {"off", "on"}, {"0", "1"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        for (int truth = 0; truth < 2; truth++)
            if (strcasecmp(value, words[i][truth]) == 0) {
                *ret_number = truth;
                return 0;
            }
    err_set(err, ERR_CONFIG, "'%s' is neither yes nor no", value);
    return err_hint(err, "write yes, no, true, false, on or off");
}

static int
read_count(const char *value, int64_t *ret_number, struct err *err)
{
    int64_t number;
    if (!sv_to_int64(sv_from(value), &number) || number < 0) {
        err_set(err, ERR_CONFIG, "'%s' is not a whole number of 0 or more", value);
        return err_hint(err, "write digits only");
    }
    *ret_number = number;
    return 0;
}

static int
read_bytes(const char *value, int64_t *ret_number, struct err *err)
{
    static const struct {
        const char *unit;
        int64_t bytes;
    } units[] = {{"", 1},          {"B", 1},           {"kB", 1000},
                 {"MB", 1000000},  {"GB", 1000000000}, {"KiB", 1 << 10},
                 {"MiB", 1 << 20}, {"GiB", 1 << 30}};
    size_t digits = strspn(value, "0123456789");
    const char *unit = value + digits;
    int64_t number = 0;
    while (*unit == ' ')
        unit++;
    if (digits > 0 && sv_to_int64(sv_of(value, digits), &number))
        for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
            if (strcasecmp(unit, units[i].unit) == 0 &&
                !__builtin_mul_overflow(number, units[i].bytes, ret_number))
                return 0;
    err_set(err, ERR_CONFIG, "'%s' is not a size", value);
    return err_hint(err, "write a number and a unit: 65536, 512KiB, 16MiB, 1GiB");
}

static int
check_bounds(enum option option, const char *value, int64_t number, struct err *err)
{
    const struct option_bounds *at = &bounds[option];
    char range[OPTION_RANGE_TEXT];
    if (!at->bounded || (number >= at->least && number <= at->most) || (at->or_zero && number == 0))
        return 0;
    config_option_range(option, range);
    err_set(err, ERR_CONFIG, "'%s' is outside what is allowed", value);
    return err_hint(err, "allowed: %s", range);
}

/* Kafka's own limit; a longer name would be asked for cut, or not at all. */
static int
check_topics(const char *value, struct err *err)
{
    struct sv rest = sv_from(value), part;
    while (sv_split(&rest, ',', &part))
        if (sv_trim(part).len > TOPIC_NAME_MAX)
            return err_set(err, ERR_CONFIG, "a topic's name is longer than %d bytes",
                           TOPIC_NAME_MAX);
    return 0;
}

static int
check_text(enum option option, const char *value, struct err *err)
{
    if (option == OPT_kafka_topics || option == OPT_load_topic)
        return check_topics(value, err);
    if (option == OPT_kafka_start && strcmp(value, "earliest") != 0 &&
        strcmp(value, "latest") != 0) {
        err_set(err, ERR_CONFIG, "'%s' is no place to begin", value);
        return err_hint(err, "write earliest or latest");
    }
    if (option == OPT_kafka_group && value[0] == '\0')
        return err_set(err, ERR_CONFIG, "a consumer group needs a name");
    if (option == OPT_ingest_assumed_zone) {
        int32_t offset_s;
        return time_parse_offset(value, &offset_s, err);
    }
    if (option == OPT_ingest_dedup && strcmp(value, "none") != 0 && strcmp(value, "native") != 0) {
        err_set(err, ERR_CONFIG, "'%s' is no way to tell duplicates", value);
        return err_hint(err, "write none or native");
    }
    return 0;
}

int
config_read_value(enum option option, const char *value, int64_t *ret_number, struct err *err)
{
    int status = 0;
    if (strlen(value) > CONFIG_VALUE_MAX)
        return err_set(err, ERR_CONFIG, "the value is longer than %d bytes", CONFIG_VALUE_MAX);
    switch (rows[option].type) {
    case OPTION_TEXT:
    case OPTION_SECRET:
    case OPTION_LIST:
        *ret_number = 0;
        return check_text(option, value, err);
    case OPTION_BOOL:
        status = read_bool(value, ret_number, err);
        break;
    case OPTION_COUNT_TYPE:
        status = read_count(value, ret_number, err);
        break;
    case OPTION_BYTES:
        status = read_bytes(value, ret_number, err);
        break;
    case OPTION_DURATION:
        status = duration_parse(value, ret_number, err);
        break;
    }
    return status < 0 ? -1 : check_bounds(option, value, *ret_number, err);
}

struct config *
config_new(void)
{
    struct config *config = calloc(1, sizeof(*config));
    if (config == NULL)
        abort();
    for (enum option i = 0; i < OPTION_COUNT; i++) {
        config->values[i].text = config_copy(rows[i].initial);
        int status = config_read_value(i, rows[i].initial, &config->values[i].number, NULL);
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
        return err_prefix(err, "%s", rows[option].dotted);
    struct option_value *at = &config->values[option];
    if (origin < at->origin)
        return 0;
    free(at->text);
    free(at->where);
    *at = (struct option_value){config_copy(value), number, origin, config_copy(where)};
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
        (struct rdkafka_setting){config_copy(name), config_copy(value), origin, config_copy(where)};
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
    assert(rows[option].type == OPTION_BOOL);
    return config->values[option].number != 0;
}

int64_t
config_count(const struct config *config, enum option option)
{
    assert(rows[option].type == OPTION_COUNT_TYPE || rows[option].type == OPTION_BYTES);
    return config->values[option].number;
}

int64_t
config_duration_ns(const struct config *config, enum option option)
{
    assert(rows[option].type == OPTION_DURATION);
    return config->values[option].number;
}

enum option_origin
config_origin(const struct config *config, enum option option)
{
    return config->values[option].origin;
}

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
    return &bounds[option];
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
