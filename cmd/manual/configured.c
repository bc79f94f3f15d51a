/*
 * The options of the configuration that a command heeds: see manual.h. Main thread.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/manual/manual.h"

static bool
heeds(const struct command *command, enum option option)
{
    for (size_t i = 0; i < command->heeds_count; i++)
        if (command->heeds[i] == option)
            return true;
    return false;
}

static bool
in_section(const struct command *command, enum option option)
{
    return command->heeds_section != NULL &&
           strcmp(config_option_section(option), command->heeds_section) == 0;
}

bool
manual_heeds(const struct command *command, enum option option)
{
    return heeds(command, option) || in_section(command, option);
}

void
manual_configured(enum option option, manual_option_function *each, void *opaque)
{
    char range[OPTION_RANGE_TEXT], help[512];
    config_option_range(option, range);
    snprintf(help, sizeof(help), "%s%s%s%s", config_option_help(option),
             range[0] == '\0' ? "" : " (", range, range[0] == '\0' ? "" : ")");
    const struct manual_option shown = {config_option_flag(option),
                                        config_option_placeholder(option), help};
    each(opaque, &shown);
}

static void
each_repeated(const struct command *command, manual_option_function *each, void *opaque)
{
    for (size_t i = 0; i < CONFIG_REPEATED_COUNT; i++) {
        const struct config_repeated *at = &config_repeated[i];
        const struct manual_option option = {at->flag, at->placeholder, at->help};
        if (heeds(command, at->heeded_with))
            each(opaque, &option);
    }
}

void
manual_each_heeded(const struct command *command, manual_option_function *each, void *opaque)
{
    for (enum option i = 0; i < OPTION_COUNT; i++)
        if (manual_heeds(command, i))
            manual_configured(i, each, opaque);
    each_repeated(command, each, opaque);
}

void
manual_each_told(const struct command *command, manual_option_function *each, void *opaque)
{
    char name[64], help[128];
    for (enum option i = 0; i < OPTION_COUNT; i++)
        if (heeds(command, i))
            manual_configured(i, each, opaque);
    if (command->heeds_section != NULL) {
        snprintf(name, sizeof(name), "--%s-NAME", command->heeds_section);
        snprintf(help, sizeof(help), "each option of [%s], see docs/configuration.md",
                 command->heeds_section);
        const struct manual_option option = {name, "VALUE", help};
        each(opaque, &option);
    }
    each_repeated(command, each, opaque);
}
