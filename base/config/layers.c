/*
 * Two layers of the configuration: the INI file (inih) and the environment. Called by main once,
 * before any thread starts.
 */
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/config/config.h"
#include "base/config/set.h"

#define LINE_MAX_BYTES 4096

struct reader {
    struct config *config;
    const char *path;
    FILE *file;
    int line;
    char section[TOPIC_NAME_MAX + 64]; /* inih would cut it after 49 bytes */
    bool failed, too_long;
    struct err *err;
};

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
set_from_file(struct reader *in, const char *section, const char *name, const char *value)
{
    char dotted[128], where[512];
    snprintf(where, sizeof(where), "%s:%d", in->path, in->line);
    snprintf(dotted, sizeof(dotted), "%s.%s", section, name);
    if (strcmp(section, RDKAFKA_SECTION) == 0)
        return config_set_rdkafka_at(in->config, name, value, ORIGIN_FILE, where, in->err);
    if (strncmp(section, TOPIC_PREFIX, strlen(TOPIC_PREFIX)) == 0)
        return config_set_topic_at(in->config, section + strlen(TOPIC_PREFIX), name, value,
                                   ORIGIN_FILE, where, in->err);
    enum option option = config_option_find(dotted);
    if (option == OPTION_COUNT)
        return name_unknown(dotted, in->err);
    return config_set_at(in->config, option, value, ORIGIN_FILE, where, in->err);
}

static int
take_pair(void *user, const char *cut_section, const char *name, const char *value)
{
    struct reader *in = user;
    const char *section = in->section;
    (void)cut_section;
    if (in->failed)
        return 0;
    int status;
    if (section[0] == '\0')
        status = err_set(in->err, ERR_CONFIG, "'%s' stands before any [section]", name);
    else if (!config_section_known(section))
        status = err_set(in->err, ERR_CONFIG, "unknown section [%s]", section);
    else
        status = set_from_file(in, section, name, value);
    if (status < 0) {
        err_prefix(in->err, "%s:%d", in->path, in->line);
        in->failed = true;
    }
    return status == 0;
}

static void
take_section(struct reader *in, const char *text)
{
    text += strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    text += strspn(text, " \t");
    size_t length = strcspn(text, "]");
    if (text[0] == '[' && text[length] == ']')
        snprintf(in->section, sizeof(in->section), "%.*s", (int)length - 1, text + 1);
}

/* inih asks for a line at a time; counting here gives errors their line. */
static char *
take_line(char *text, int size, void *user)
{
    struct reader *in = user;
    if (in->failed || in->too_long)
        return NULL;
    char *got = fgets(text, size, in->file);
    if (got == NULL)
        return NULL;
    in->line++;
    take_section(in, text);
    in->too_long = strchr(text, '\n') == NULL && !feof(in->file);
    return in->too_long ? NULL : got;
}

static int
parse(struct reader *in)
{
    ini_use_stack = false;
    ini_max_line = LINE_MAX_BYTES;
    ini_initial_alloc = LINE_MAX_BYTES;
    ini_allow_multiline = false;
    ini_stop_on_first_error = true;
    int line = ini_parse_stream(take_line, in, take_pair, in);
    if (in->failed)
        return -1;
    if (in->too_long)
        return err_set(in->err, ERR_CONFIG, "%s:%d: the line is longer than %d bytes", in->path,
                       in->line, LINE_MAX_BYTES - 2);
    if (line > 0) {
        err_set(in->err, ERR_CONFIG, "%s:%d: neither a section, nor name = value, nor a comment",
                in->path, line);
        return err_hint(in->err, "[section] and below it: key = value");
    }
    if (line < 0 || ferror(in->file))
        return err_set(in->err, ERR_IO, "%s cannot be read", in->path);
    return 0;
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
    struct reader in = {.config = config, .path = path, .file = file, .err = err};
    int status = parse(&in);
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
