/*
 * What a value of an option may be: see option.h. Pure.
 */
#include <string.h>

#include "base/clock.h"
#include "base/config/option.h"
#include "base/zone/zone.h"

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
    const struct option_bounds *at = config_option_bounds(option);
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
        err_set(err, ERR_CONFIG, "'%s' is not a place to begin", value);
        return err_hint(err, "write earliest or latest");
    }
    if (option == OPT_kafka_group && value[0] == '\0')
        return err_set(err, ERR_CONFIG, "a consumer group needs a name");
    if (option == OPT_ingest_assumed_zone) {
        const struct zone *zone;
        return zone_find(sv_from(value), &zone, err);
    }
    if (option == OPT_ingest_dedup && strcmp(value, "none") != 0 && strcmp(value, "native") != 0) {
        err_set(err, ERR_CONFIG, "'%s' is not a way to tell duplicates", value);
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
    switch (config_option_type(option)) {
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
