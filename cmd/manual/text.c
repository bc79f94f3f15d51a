/*
 * Help for a terminal: see manual.h. A command's own options come first, then those options of the
 * configuration that it heeds, then a pointer to the rest.
 */
#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "cmd/manual/manual.h"

#define NAME_COLUMNS 36
#define LINE_COLUMNS 100

/* Adds words, broken so that lines after the first begin at NAME_COLUMNS. */
static void
add_wrapped(struct strbuf *out, const char *text)
{
    size_t at = NAME_COLUMNS;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (at + 1 + length > LINE_COLUMNS && at > NAME_COLUMNS) {
            strbuf_addf(out, "\n%*s", NAME_COLUMNS, "");
            at = NAME_COLUMNS;
        }
        strbuf_addf(out, " %.*s", (int)length, text);
        at += 1 + length;
        text += length;
        text += strspn(text, " ");
    }
    strbuf_add_char(out, '\n');
}

static void
add_option(struct strbuf *out, const char *name, const char *placeholder, const char *help)
{
    char left[80];
    snprintf(left, sizeof(left), "%s%s%s", name, placeholder == NULL ? "" : " ",
             placeholder == NULL ? "" : placeholder);
    strbuf_addf(out, "  %-*s", NAME_COLUMNS - 2, left);
    if (strlen(left) > NAME_COLUMNS - 2)
        strbuf_addf(out, "\n%*s", NAME_COLUMNS, "");
    add_wrapped(out, help);
}

static void
add_options(struct strbuf *out, const struct command_option *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_option(out, options[i].name, options[i].placeholder, options[i].help);
}

void
manual_long_text(const struct command *command, struct strbuf *out)
{
    char name[64];
    snprintf(name, sizeof(name), "%s.txt", command == NULL ? "hindcast" : command->name);
    const struct embedded_file *file = embedded_find(embedded_help, name);
    if (file != NULL)
        strbuf_add(out, file->text, file->size);
    if (command != NULL && command->more_help != NULL)
        command->more_help(out);
}

/* "## Examples" becomes "examples:". */
static void
add_long_text(struct strbuf *out, const struct command *command)
{
    struct strbuf text;
    struct sv rest, line;
    strbuf_init(&text, 0);
    manual_long_text(command, &text);
    rest = strbuf_view(&text);
    if (rest.len > 0)
        strbuf_add_char(out, '\n');
    while (rest.len > 0 && sv_split(&rest, '\n', &line)) {
        if (sv_starts(line, SV("## ")))
            strbuf_addf(out, "%c" SV_FMT ":\n", line.ptr[3] | 0x20,
                        SV_ARG(sv_slice(line, 4, line.len)));
        else
            strbuf_addf(out, SV_FMT "\n", SV_ARG(line));
    }
    strbuf_release(&text);
}

static bool
heeds(const struct command *command, enum option option)
{
    for (size_t i = 0; i < command->heeds_count; i++)
        if (command->heeds[i] == option)
            return true;
    return false;
}

static void
add_configuration(struct strbuf *out, const struct command *command)
{
    if (command->heeds_count == 0)
        return;
    strbuf_add_text(out, "\nconfiguration that it heeds (options, file or environment):\n");
    for (enum option i = 0; i < OPTION_COUNT; i++)
        if (heeds(command, i))
            add_option(out, config_option_flag(i), config_option_placeholder(i),
                       config_option_help(i));
    for (size_t i = 0; i < CONFIG_REPEATED_COUNT; i++)
        if (heeds(command, config_repeated[i].heeded_with))
            add_option(out, config_repeated[i].flag, config_repeated[i].placeholder,
                       config_repeated[i].help);
}

void
manual_text(const struct command *command, struct strbuf *out)
{
    const char *usage = command->usage;
    strbuf_addf(out, "hindcast %s: %s\n\nusage: hindcast %s %s%s[OPTION...]\n", command->name,
                command->summary, command->name, usage, usage[0] == '\0' ? "" : " ");
    if (command->option_count > 0)
        strbuf_add_text(out, "\noptions:\n");
    add_options(out, command->options, command->option_count);
    add_long_text(out, command);
    add_configuration(out, command);
    strbuf_add_text(out, "\noptions of every command:\n");
    add_options(out, command_common_options, command_common_count);
    strbuf_add_text(out, "\nEvery option of the configuration: 'hindcast config --help', "
                         "docs/configuration.md.\n");
}

void
manual_overview(struct strbuf *out)
{
    strbuf_add_text(out, "hindcast rebuilds what happened in an incident.\n\n"
                         "usage: hindcast [OPTION...] COMMAND [OPTION...]\n\n");
    for (size_t i = 0; i < command_count; i++)
        strbuf_addf(out, "  %-10s %-36s %s\n", command_table[i]->name, command_table[i]->usage,
                    command_table[i]->summary);
    strbuf_add_text(out, "\noptions of every command:\n");
    add_options(out, command_common_options, command_common_count);
    strbuf_add_text(
        out,
        "\n'hindcast help COMMAND' tells more. Exit codes: 0 ok, 1 failed, 2 usage,\n"
        "3 configuration, 4 database, 5 broker, 6 bad data, 70 internal, 130 second Ctrl-C.\n");
}
