/*
 * Completion for fish: see manual.h. One line for each option.
 */
#include <string.h>

#include "cmd/manual/manual.h"

/* Inside '...' of fish, where only the quote and the backslash are special. */
static void
add_quoted(struct strbuf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            strbuf_add_char(out, '\\');
        strbuf_add_char(out, *text);
    }
}

/* What fish is to offer as a value or operand. */
static void
add_action(const struct command_set *all, struct strbuf *out, const char *placeholder)
{
    switch (manual_value_of(placeholder)) {
    case MANUAL_FLAG:
        break;
    case MANUAL_CHOICE:
        strbuf_add_text(out, " -x -a '");
        for (; *placeholder != '\0'; placeholder++)
            strbuf_add_char(out, *placeholder == '|' ? ' ' : *placeholder);
        strbuf_add_char(out, '\'');
        break;
    case MANUAL_FILE:
        strbuf_add_text(out, " -r -F");
        break;
    case MANUAL_FOLDER:
        strbuf_add_text(out, " -x -a '(__fish_complete_directories)'");
        break;
    case MANUAL_COMMAND:
        strbuf_add_text(out, " -x -a '");
        for (size_t i = 0; i < all->count; i++)
            strbuf_addf(out, "%s%s", i == 0 ? "" : " ", all->items[i]->name);
        strbuf_add_char(out, '\'');
        break;
    case MANUAL_FREE:
        strbuf_add_text(out, " -x");
        break;
    }
}

struct lines {
    const struct command_set *all;
    struct strbuf *out;
    const char *command; /* NULL: options of every command */
};

static void
add_condition(const struct lines *lines)
{
    strbuf_add_text(lines->out, "complete -c hindcast");
    if (lines->command != NULL)
        strbuf_addf(lines->out, " -n '__fish_seen_subcommand_from %s'", lines->command);
}

static void
add_option(void *opaque, const struct manual_option *option)
{
    const struct lines *lines = opaque;
    add_condition(lines);
    strbuf_addf(lines->out, " -l %s", option->name + 2);
    add_action(lines->all, lines->out, option->placeholder);
    strbuf_add_text(lines->out, " -d '");
    add_quoted(lines->out, option->help);
    strbuf_add_text(lines->out, "'\n");
}

void
manual_fish(const struct command_set *all, struct strbuf *out)
{
    struct lines lines = {all, out, NULL};
    strbuf_add_text(out,
                    "# Completion of hindcast for fish; made by 'hindcast completion fish'.\n\n"
                    "complete -c hindcast -f\n");
    for (size_t i = 0; i < all->count; i++) {
        strbuf_addf(out, "complete -c hindcast -n __fish_use_subcommand -a %s -d '",
                    all->items[i]->name);
        add_quoted(out, all->items[i]->summary);
        strbuf_add_text(out, "'\n");
    }
    manual_each_common(add_option, &lines);
    for (size_t i = 0; i < all->count; i++) {
        const struct command *command = all->items[i];
        lines.command = command->name;
        manual_each_own(command, add_option, &lines);
        manual_each_heeded(command, add_option, &lines);
        if (command->operand == NULL || manual_value_of(command->operand) == MANUAL_FREE)
            continue;
        add_condition(&lines);
        add_action(all, out, command->operand);
        strbuf_add_char(out, '\n');
    }
}
