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
        manual_names(all, true, out);
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
    const struct command *command; /* NULL: options of every command */
};

/* A command was typed, and none of its verbs; or a verb was. */
static void
add_seen(const struct lines *lines)
{
    const struct command *of = command_of(lines->all, lines->command);
    struct strbuf verbs;
    strbuf_init(&verbs, 0);
    strbuf_addf(lines->out, " -n '__fish_seen_subcommand_from %s",
                of == NULL ? lines->command->name : of->name);
    if (of != NULL)
        strbuf_addf(lines->out, "; and __fish_seen_subcommand_from %s",
                    command_verb(lines->command, of));
    else if (manual_verbs(lines->all, lines->command, &verbs) > 0)
        strbuf_addf(lines->out, "; and not __fish_seen_subcommand_from %s", verbs.ptr);
    strbuf_add_char(lines->out, '\'');
    strbuf_release(&verbs);
}

static void
add_condition(const struct lines *lines)
{
    strbuf_add_text(lines->out, "complete -c hindcast");
    if (lines->command != NULL)
        add_seen(lines);
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

/* A command where none is typed yet, a verb where its command is. */
static void
add_name(const struct command_set *all, const struct command *command, struct strbuf *out)
{
    const struct lines of = {all, out, command_of(all, command)};
    strbuf_add_text(out, "complete -c hindcast");
    if (of.command == NULL)
        strbuf_addf(out, " -n __fish_use_subcommand -a %s", command->name);
    else
        add_seen(&of);
    if (of.command != NULL)
        strbuf_addf(out, " -a %s", command_verb(command, of.command));
    strbuf_add_text(out, " -d '");
    add_quoted(out, command->summary);
    strbuf_add_text(out, "'\n");
}

void
manual_fish(const struct command_set *all, struct strbuf *out)
{
    struct lines lines = {all, out, NULL};
    strbuf_add_text(out,
                    "# Completion of hindcast for fish; made by 'hindcast completion fish'.\n\n"
                    "complete -c hindcast -f\n");
    for (size_t i = 0; i < all->count; i++)
        add_name(all, all->items[i], out);
    manual_each_common(add_option, &lines);
    for (size_t i = 0; i < all->count; i++) {
        const struct command *command = all->items[i];
        lines.command = command;
        manual_each_own(command, add_option, &lines);
        manual_each_heeded(command, add_option, &lines);
        if (command->operand == NULL || manual_value_of(command->operand) == MANUAL_FREE)
            continue;
        add_condition(&lines);
        add_action(all, out, command->operand);
        strbuf_add_char(out, '\n');
    }
}
