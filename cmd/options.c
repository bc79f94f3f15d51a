/*
 * Command lines: a command's own options, the configuration's --section-key options, --help.
 * Called by main before it runs a command, on the main thread.
 */
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "cmd/command.h"

struct parse {
    const struct command *command; /* NULL: before the command's name */
    struct config *config;         /* NULL likewise */
    struct command_common *common;
    char *arguments; /* of the command */
    int argc, at;    /* the argument being read */
    char **argv;
    struct err *err;
};

const struct command_option command_common_options[] = {
    VALUE_AT("--config", "FILE", "configuration file; default: ./hindcast.ini, /etc/hindcast.ini",
             struct command_common, config),
    VALUE_AT("--color", "auto|always|never",
             "colour of what people read; auto: on a terminal, unless NO_COLOR is set",
             struct command_common, color),
    FLAG_AT("--no-pager", "print at once, also on a terminal", struct command_common, no_pager),
    FLAG_AT("--help", "tell about the command (also -h)", struct command_common, help),
    FLAG_AT("--version", "print the version (also -V)", struct command_common, version),
};

const size_t command_common_count =
    sizeof(command_common_options) / sizeof(command_common_options[0]);

static int
misuse(const struct parse *in, const char *what, const char *argument, size_t length)
{
    const char *name = in->command == NULL ? "" : in->command->name;
    const char *blank = in->command == NULL ? "" : " ";
    return err_set(in->err, ERR_USAGE, "%s%s%s %.*s; see 'hindcast%s%s --help'", name,
                   in->command == NULL ? "" : ": ", what, (int)length, argument, blank, name);
}

static int
unknown(const struct parse *in, const char *name)
{
    struct nearest nearest;
    misuse(in, "unknown option", name, strlen(name));
    nearest_begin(&nearest, name);
    for (size_t i = 0; in->command != NULL && i < in->command->option_count; i++)
        nearest_offer(&nearest, in->command->options[i].name);
    for (size_t i = 0; i < command_common_count; i++)
        nearest_offer(&nearest, command_common_options[i].name);
    for (enum option i = 0; in->config != NULL && i < OPTION_COUNT; i++)
        nearest_offer(&nearest, config_option_flag(i));
    return nearest.found == NULL ? -1 : err_hint(in->err, "did you mean %s?", nearest.found);
}

/* The value after '=' or the next argument. */
static const char *
take_value(struct parse *in, const char *equals)
{
    if (equals != NULL)
        return equals + 1;
    if (in->at + 1 >= in->argc)
        return NULL;
    return in->argv[++in->at];
}

bool
command_word(const char *value, const char *word)
{
    return value != NULL && strcmp(value, word) == 0;
}

/* A placeholder with bars lists the words that may stand there. */
static int
check_choice(const struct parse *in, const struct command_option *option, const char *value)
{
    char words[160] = "";
    size_t used = 0;
    struct sv rest = sv_from(option->placeholder), word;
    if (strchr(option->placeholder, '|') == NULL)
        return 0;
    while (sv_split(&rest, '|', &word)) {
        if (sv_eq(word, sv_from(value)))
            return 0;
        used += (size_t)snprintf(words + used, sizeof(words) - used, "%s" SV_FMT,
                                 used == 0       ? ""
                                 : rest.len == 0 ? " or "
                                                 : ", ",
                                 SV_ARG(word));
    }
    return err_set(in->err, ERR_USAGE, "%s%s%s takes %s, not '%s'",
                   in->command == NULL ? "" : in->command->name, in->command == NULL ? "" : ": ",
                   option->name, words, value);
}

static int
take_own(struct parse *in, const struct command_option *option, void *arguments, const char *equals)
{
    void *member = (char *)arguments + option->at;
    if (option->placeholder == NULL) {
        if (equals != NULL)
            return misuse(in, "no value belongs to", option->name, strlen(option->name));
        *(bool *)member = true;
        return 0;
    }
    const char *value = take_value(in, equals);
    if (value == NULL)
        return misuse(in, "a value is missing after", option->name, strlen(option->name));
    *(const char **)member = value;
    return check_choice(in, option, value);
}

static int
take_rdkafka(struct parse *in, const char *value)
{
    char name[128];
    const char *equals = strchr(value, '=');
    if (equals == NULL || (size_t)(equals - value) >= sizeof(name))
        return misuse(in, "NAME=VALUE must follow", "--rdkafka", 9);
    snprintf(name, sizeof(name), "%.*s", (int)(equals - value), value);
    return config_set_rdkafka(in->config, name, equals + 1, in->err);
}

static int
take_configuration(struct parse *in, const char *argument, size_t length, const char *equals)
{
    char name[128];
    snprintf(name, sizeof(name), "%.*s", (int)length, argument);
    enum option option = config_option_find(name);
    bool rdkafka = strcmp(name, "--rdkafka") == 0, topic = strcmp(name, "--per-topic") == 0;
    if (!rdkafka && !topic && option == OPTION_COUNT)
        return unknown(in, name);
    const char *value = take_value(in, equals);
    if (value == NULL)
        return misuse(in, "a value is missing after", argument, length);
    if (rdkafka)
        return take_rdkafka(in, value);
    if (topic)
        return config_set_topic(in->config, value, in->err);
    return config_set(in->config, option, value, ORIGIN_COMMAND, in->err);
}

static const struct command_option *
find(const struct command_option *options, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0)
            return &options[i];
    return NULL;
}

static int
take_option(struct parse *in)
{
    const char *argument = in->argv[in->at];
    if (strcmp(argument, "-h") == 0 || strcmp(argument, "-V") == 0)
        argument = argument[1] == 'h' ? "--help" : "--version";
    const char *equals = strchr(argument, '=');
    size_t length = equals == NULL ? strlen(argument) : (size_t)(equals - argument);
    const struct command_option *option = NULL;
    if (in->command != NULL)
        option = find(in->command->options, in->command->option_count, argument, length);
    if (option != NULL)
        return take_own(in, option, in->arguments, equals);
    option = find(command_common_options, command_common_count, argument, length);
    if (option != NULL)
        return take_own(in, option, in->common, equals);
    if (in->config == NULL)
        return unknown(in, argument);
    return take_configuration(in, argument, length, equals);
}

int
command_parse(const struct command *command, struct command_context *context, void *arguments,
              struct err *err)
{
    struct parse in = {
        command, context->config, &context->common, arguments, context->argc, 1, context->argv,
        err};
    int kept = 1;
    bool ended = false;
    for (; in.at < in.argc; in.at++) {
        char *argument = in.argv[in.at];
        if (ended || argument[0] != '-' || argument[1] == '\0')
            in.argv[kept++] = argument;
        else if (strcmp(argument, "--") == 0)
            ended = true;
        else if (take_option(&in) < 0)
            return -1;
    }
    context->argc = kept;
    context->arguments = arguments;
    return 0;
}

int
command_parse_common(struct command_common *common, int argc, char **argv, int *ret_at,
                     struct err *err)
{
    struct parse in = {NULL, NULL, common, NULL, argc, 1, argv, err};
    for (; in.at < argc && argv[in.at][0] == '-'; in.at++)
        if (take_option(&in) < 0)
            return -1;
    *ret_at = in.at;
    return 0;
}

int
command_find(const struct command_set *all, const char *name, const struct command **ret_command,
             struct err *err)
{
    struct nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->items[i]->name, name) == 0) {
            *ret_command = all->items[i];
            return 0;
        }
        nearest_offer(&nearest, all->items[i]->name);
    }
    err_set(err, ERR_USAGE, "no command '%s'; 'hindcast --help' lists them", name);
    return nearest.found == NULL ? -1 : err_hint(err, "did you mean %s?", nearest.found);
}
