/*
 * Two layers of the configuration: the INI file (inih) and the environment. Called by main once,
 * before any thread starts.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/config/config.h"
#include "base/config/ini.h"
#include "base/config/set.h"

#define LINE_MAX_BYTES 4096

static int
name_unknown(const char *name, struct err *err)
{
    const char *near = config_nearest(name);
    err_set(err, ERR_CONFIG, "unknown option '%s'", name);
    if (near != NULL)
        return err_hint(err, "the nearest name is %s; 'hindcast config' lists all", near);
    return err_hint(err, "'hindcast config' lists all options");
}

static int
set_option(const struct ini *in, const char *key, const char *value, struct err *err)
{
    struct config *config = in->opaque;
    const char *section = in->section;
    char dotted[INI_SECTION_MAX + 128], where[512];
    snprintf(where, sizeof(where), "%s:%d", in->name, in->line);
    snprintf(dotted, sizeof(dotted), "%s.%s", section, key);
    if (strcmp(section, RDKAFKA_SECTION) == 0)
        return config_set_rdkafka_at(config, key, value, ORIGIN_FILE, where, err);
    if (strncmp(section, TOPIC_PREFIX, strlen(TOPIC_PREFIX)) == 0)
        return config_set_topic_at(config, section + strlen(TOPIC_PREFIX), key, value, ORIGIN_FILE,
                                   where, err);
    enum option option = config_option_find(dotted);
    if (option == OPTION_COUNT)
        return name_unknown(dotted, err);
    return config_set_at(config, option, value, ORIGIN_FILE, where, err);
}

static int
set_from_file(const struct ini *in, const char *key, const char *value, struct err *err)
{
    if (in->section[0] == '\0')
        return err_set(err, ERR_CONFIG, "'%s' stands before any [section]", key);
    if (!config_section_known(in->section))
        return err_set(err, ERR_CONFIG, "unknown section [%s]", in->section);
    return set_option(in, key, value, err);
}

int
config_read_file(struct config *config, const char *path, struct err *err)
{
    if (path == NULL)
        path = getenv("HINDCAST_CONFIG");
    if (path == NULL && access("hindcast.ini", F_OK) == 0)
        path = "hindcast.ini";
    if (path == NULL && access("/etc/hindcast.ini", F_OK) == 0)
        path = "/etc/hindcast.ini";
    if (path == NULL || path[0] == '\0')
        return 0;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        err_set_errno(err, ERR_CONFIG, errno, "cannot read the configuration file %s", path);
        return err_hint(err, "name another one with --config FILE or HINDCAST_CONFIG");
    }
    struct ini in = {.file = file,
                     .name = path,
                     .line_max = LINE_MAX_BYTES,
                     .set = set_from_file,
                     .opaque = config};
    int status = ini_read(&in, err);
    fclose(file);
    return status;
}

/* "KAFKA_BROKERS" to "kafka.brokers": the section ends at the first underscore. */
static void
dotted_name(const char *variable, char *ret_name, size_t size, char *ret_section,
            size_t section_size)
{
    size_t i = 0;
    bool dot = false;
    for (; variable[i] != '\0' && variable[i] != '=' && i + 1 < size; i++) {
        ret_name[i] = (char)tolower((unsigned char)variable[i]);
        if (variable[i] == '_' && !dot) {
            ret_name[i] = '.';
            dot = true;
        }
    }
    ret_name[i] = '\0';
    snprintf(ret_section, section_size, "%.*s", (int)strcspn(ret_name, "."), ret_name);
}

static int
set_rdkafka_from_environment(struct config *config, char *name, const char *value,
                             const char *where, struct err *err)
{
    for (char *c = name; *c != '\0'; c++)
        if (*c == '_')
            *c = '.';
    return config_set_rdkafka_at(config, name, value, ORIGIN_ENVIRONMENT, where, err);
}

static int
set_from_environment(struct config *config, const char *variable, struct err *err)
{
    char name[128], section[128], where[160];
    const char *value = strchr(variable, '=');
    dotted_name(variable + strlen("HINDCAST_"), name, sizeof(name), section, sizeof(section));
    /* A section alone (HINDCAST_KAFKA, HINDCAST_CONFIG) or none we know: scripts and tests own it.
     */
    if (value == NULL || strchr(name, '.') == NULL || !config_section_known(section))
        return 0;
    snprintf(where, sizeof(where), "%.*s", (int)(value - variable), variable);
    value++;
    int status;
    enum option option = config_option_find(name);
    if (strcmp(section, RDKAFKA_SECTION) == 0)
        status =
            set_rdkafka_from_environment(config, name + strlen(RDKAFKA_PREFIX), value, where, err);
    else if (strcmp(section, TOPIC_SECTION) == 0)
        status = config_set_topics_at(config, name + strlen(TOPIC_PREFIX), value,
                                      ORIGIN_ENVIRONMENT, where, err);
    else if (option == OPTION_COUNT)
        status = name_unknown(name, err);
    else
        status = config_set_at(config, option, value, ORIGIN_ENVIRONMENT, where, err);
    return status < 0 ? err_prefix(err, "environment variable %s", where) : 0;
}

int
config_read_environment(struct config *config, char **environment, struct err *err)
{
    const char *broker = NULL;
    for (size_t i = 0; environment[i] != NULL; i++) {
        if (strncmp(environment[i], "HINDCAST_KAFKA=", 15) == 0)
            broker = environment[i] + 15;
        if (strncmp(environment[i], "HINDCAST_", 9) == 0 &&
            set_from_environment(config, environment[i], err) < 0)
            return -1;
    }
    /* The variable of scripts/kafka names a broker for tests: it only fills what is empty. */
    if (broker != NULL && broker[0] != '\0' &&
        config_origin(config, OPT_kafka_brokers) == ORIGIN_DEFAULT)
        return config_set_at(config, OPT_kafka_brokers, broker, ORIGIN_ENVIRONMENT,
                             "HINDCAST_KAFKA", err);
    return 0;
}
