/*
 * Taking the values of options: see parse.h. Main thread.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/parse.h"

/* The value after '=' or the next argument. */
static const char *
parse_value(struct parse *in, const char *equals)
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

int
command_times(const char *since, const char *until, int64_t *ret_since_ns, int64_t *ret_until_ns,
              struct err *err)
{
    *ret_since_ns = *ret_until_ns = TIME_NONE;
    if (since != NULL && time_parse_arg("--since", since, ret_since_ns, err) != 0)
        return -1;
    return until == NULL ? 0 : time_parse_arg("--until", until, ret_until_ns, err);
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
add_value(struct command_values *values, const char *value)
{
    if (values->count == COMMAND_VALUES_MAX)
        return -1;
    values->list[values->count++] = value;
    return 0;
}

int
parse_own(struct parse *in, const struct command_option *option, void *arguments,
          const char *equals)
{
    void *member = (char *)arguments + option->at;
    if (option->placeholder == NULL) {
        if (equals != NULL)
            return parse_misuse(in, "no value belongs to", option->name, strlen(option->name));
        *(bool *)member = true;
        return 0;
    }
    const char *value = parse_value(in, equals);
    if (value == NULL)
        return parse_misuse(in, "a value is missing after", option->name, strlen(option->name));
    if (option->repeats && add_value(member, value) != 0)
        return parse_misuse(in, "there are too many of", option->name, strlen(option->name));
    if (!option->repeats)
        *(const char **)member = value;
    return check_choice(in, option, value);
}

static int
take_rdkafka(struct parse *in, const char *value)
{
    char name[128];
    const char *equals = strchr(value, '=');
    if (equals == NULL || (size_t)(equals - value) >= sizeof(name))
        return parse_misuse(in, "NAME=VALUE must follow", "--rdkafka", 9);
    snprintf(name, sizeof(name), "%.*s", (int)(equals - value), value);
    return config_set_rdkafka(in->config, name, equals + 1, in->err);
}

int
parse_configuration(struct parse *in, const char *argument, size_t length, const char *equals)
{
    char name[128];
    snprintf(name, sizeof(name), "%.*s", (int)length, argument);
    enum option option = config_option_find(name);
    bool rdkafka = strcmp(name, "--rdkafka") == 0, topic = strcmp(name, "--per-topic") == 0;
    if (!rdkafka && !topic && option == OPTION_COUNT)
        return parse_unknown(in, name);
    const char *value = parse_value(in, equals);
    if (value == NULL)
        return parse_misuse(in, "a value is missing after", argument, length);
    if (rdkafka)
        return take_rdkafka(in, value);
    if (topic)
        return config_set_topic(in->config, value, in->err);
    return config_set(in->config, option, value, ORIGIN_COMMAND, in->err);
}
