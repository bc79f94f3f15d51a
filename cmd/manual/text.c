/*
 * Help for a terminal: see manual.h. A command's own options come first, then those options of the
 * configuration that it uses, then a pointer to the rest.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/manual/manual.h"

#define NAME_COLUMNS 36
#define LINE_COLUMNS 100

/* In the list of commands. */
#define LISTED_NAME_COLUMNS 10
#define LISTED_USAGE_COLUMNS 36

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
add_option(void *opaque, const struct manual_option *option)
{
    struct strbuf *out = opaque;
    char left[80];
    snprintf(left, sizeof(left), "%s%s%s", option->name, option->placeholder == NULL ? "" : " ",
             option->placeholder == NULL ? "" : option->placeholder);
    strbuf_addf(out, "  %-*s", NAME_COLUMNS - 2, left);
    if (strlen(left) > NAME_COLUMNS - 2)
        strbuf_addf(out, "\n%*s", NAME_COLUMNS, "");
    add_wrapped(out, option->help);
}

/* "## Examples" becomes "examples:". */
static void
add_line(void *opaque, const struct manual_line *line)
{
    struct strbuf *out = opaque;
    if (line->is_head)
        strbuf_addf(out, "%c%s:\n", line->head[0] | 0x20, line->head + 1);
    else
        strbuf_addf(out, "%s" SV_FMT "\n", line->verbatim ? "    " : "", SV_ARG(line->text));
}

void
manual_text(const struct command *command, struct strbuf *out)
{
    const char *usage = command->usage;
    strbuf_addf(out, "hindcast %s: %s\n\nusage: hindcast %s %s%s[OPTION...]\n", command->name,
                command->summary, command->name, usage, usage[0] == '\0' ? "" : " ");
    if (command->option_count > 0)
        strbuf_add_text(out, "\noptions:\n");
    manual_each_own(command, add_option, out);
    strbuf_add_char(out, '\n');
    manual_each_line(command, add_line, out);
    if (command->heeds_count > 0)
        strbuf_add_text(out, "\nconfiguration that it uses (options, file or environment):\n");
    manual_each_told(command, add_option, out);
    strbuf_add_text(out, "\noptions of every command:\n");
    manual_each_common(add_option, out);
    strbuf_add_text(out, "\nEvery option of the configuration: 'hindcast config --help', "
                         "docs/configuration.md.\n");
}

/* A name that is wider than its column takes from the one beside it. */
static void
add_command(const struct command *command, struct strbuf *out)
{
    size_t name = strlen(command->name),
           wider = name > LISTED_NAME_COLUMNS ? name - LISTED_NAME_COLUMNS : 0;
    int rest = wider < LISTED_USAGE_COLUMNS ? (int)(LISTED_USAGE_COLUMNS - wider) : 0;
    strbuf_addf(out, "  %-*s %-*s %s\n", LISTED_NAME_COLUMNS, command->name, rest, command->usage,
                command->summary);
}

void
manual_overview(const struct command_set *all, struct strbuf *out)
{
    strbuf_add_text(out, "hindcast rebuilds what happened in an incident.\n\n"
                         "usage: hindcast [OPTION...] COMMAND [OPTION...]\n\n");
    for (size_t i = 0; i < all->count; i++)
        add_command(all->items[i], out);
    strbuf_add_text(out, "\noptions of every command:\n");
    manual_each_common(add_option, out);
    strbuf_add_text(
        out, "\n'hindcast help COMMAND' tells more. Exit codes: 0 ok, 1 failed, 2 usage,\n"
             "3 configuration, 4 database, 5 broker, 6 bad data, 7 findings of lint, 70 internal,\n"
             "130 second Ctrl-C.\n");
}
