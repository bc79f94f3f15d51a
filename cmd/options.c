/*
 * Command lines: a command's own options, the configuration's --section-key options, --help.
 * Called by each command at its start, on the main thread.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"

struct parse {
    struct command_context *context;
    const struct command_option *options;
    size_t count;
    int at; /* the argument being read */
    struct err *err;
};

static const struct {
    const char *name, *usage, *summary;
} commands[] = {
#define COMMAND(name, usage, summary) {#name, usage, summary},
#include "cmd/commands.def"
#undef COMMAND
};

static void
print_option(const char *name, const char *placeholder, const char *help)
{
    char left[64];
    snprintf(left, sizeof(left), "%s%s%s", name, placeholder == NULL ? "" : " ",
             placeholder == NULL ? "" : placeholder);
    printf("  %-34s %s\n", left, help);
}

static void
print_help(const struct parse *in)
{
    const char *name = in->context->argv[0];
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(commands[i].name, name) == 0)
            printf("hindcast %s: %s\n\nusage: hindcast %s %s%s[OPTION...]\n", name,
                   commands[i].summary, name, commands[i].usage,
                   commands[i].usage[0] == '\0' ? "" : " ");
    if (in->count > 0)
        printf("\noptions:\n");
    for (size_t i = 0; i < in->count; i++)
        print_option(in->options[i].name, in->options[i].placeholder, in->options[i].help);
    printf("\noptions of every command (also in the configuration file and the environment):\n");
    for (enum option i = 0; i < OPTION_COUNT; i++)
        print_option(config_option_flag(i), config_option_placeholder(i), config_option_help(i));
    print_option("--per-topic", "NAME.KEY=VALUE",
                 "an option of ingest for one topic, see docs/configuration.md");
    print_option("--rdkafka", "NAME=VALUE", "a setting of librdkafka; may be given more than once");
}

static int
misuse(struct parse *in, const char *what, const char *argument, size_t length)
{
    const char *name = in->context->argv[0];
    return err_set(in->err, ERR_USAGE, "%s: %s %.*s; see 'hindcast %s --help'", name, what,
                   (int)length, argument, name);
}

/* The value after '=' or the next argument. */
static const char *
take_value(struct parse *in, const char *equals)
{
    if (equals != NULL)
        return equals + 1;
    if (in->at + 1 >= in->context->argc)
        return NULL;
    return in->context->argv[++in->at];
}

static int
take_own(struct parse *in, const struct command_option *option, const char *equals)
{
    if (option->value == NULL) {
        if (equals != NULL)
            return misuse(in, "no value belongs to", option->name, strlen(option->name));
        *option->present = true;
        return 0;
    }
    const char *value = take_value(in, equals);
    if (value == NULL)
        return misuse(in, "a value is missing after", option->name, strlen(option->name));
    *option->value = value;
    if (option->present != NULL)
        *option->present = true;
    return 0;
}

static int
take_rdkafka(struct parse *in, const char *value)
{
    char name[128];
    const char *equals = strchr(value, '=');
    if (equals == NULL || (size_t)(equals - value) >= sizeof(name))
        return misuse(in, "NAME=VALUE must follow", "--rdkafka", 9);
    snprintf(name, sizeof(name), "%.*s", (int)(equals - value), value);
    return config_set_rdkafka(in->context->config, name, equals + 1, in->err);
}

static int
take_configuration(struct parse *in, const char *argument, size_t length, const char *equals)
{
    char name[128];
    snprintf(name, sizeof(name), "%.*s", (int)length, argument);
    enum option option = config_option_find(name);
    bool rdkafka = strcmp(name, "--rdkafka") == 0, topic = strcmp(name, "--per-topic") == 0;
    if (!rdkafka && !topic && option == OPTION_COUNT)
        return misuse(in, "unknown option", argument, length);
    const char *value = take_value(in, equals);
    if (value == NULL)
        return misuse(in, "a value is missing after", argument, length);
    if (rdkafka)
        return take_rdkafka(in, value);
    if (topic)
        return config_set_topic(in->context->config, value, in->err);
    return config_set(in->context->config, option, value, ORIGIN_COMMAND, in->err);
}

static int
take_option(struct parse *in)
{
    const char *argument = in->context->argv[in->at];
    const char *equals = strchr(argument, '=');
    size_t length = equals == NULL ? strlen(argument) : (size_t)(equals - argument);
    for (size_t i = 0; i < in->count; i++)
        if (strlen(in->options[i].name) == length &&
            strncmp(in->options[i].name, argument, length) == 0)
            return take_own(in, &in->options[i], equals);
    return take_configuration(in, argument, length, equals);
}

int
command_parse(struct command_context *context, const struct command_option *options, size_t count,
              bool *ret_help, struct err *err)
{
    struct parse in = {context, options, count, 1, err};
    int kept = 1;
    bool ended = false, help = false;
    for (; in.at < context->argc; in.at++) {
        char *argument = context->argv[in.at];
        if (ended || argument[0] != '-' || argument[1] == '\0')
            context->argv[kept++] = argument;
        else if (strcmp(argument, "--") == 0)
            ended = true;
        else if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0)
            help = true;
        else if (take_option(&in) < 0)
            return -1;
    }
    context->argc = kept;
    if (help)
        print_help(&in);
    *ret_help = help;
    return 0;
}
