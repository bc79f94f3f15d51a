/*
 * Completion for zsh: see manual.h. One _arguments call for each command.
 */
#include <string.h>

#include "cmd/manual/manual.h"

/* Inside '...' and, there, inside [...] or before a colon. */
static void
add_quoted(struct strbuf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            strbuf_add_text(out, "'\\''");
            continue;
        }
        if (strchr("[]:\\", *text) != NULL)
            strbuf_add_char(out, '\\');
        strbuf_add_char(out, *text);
    }
}

/* ":MESSAGE:ACTION" */
static void
add_action(struct strbuf *out, const char *placeholder)
{
    strbuf_add_char(out, ':');
    add_quoted(out, placeholder);
    strbuf_add_char(out, ':');
    switch (manual_value_of(placeholder)) {
    case MANUAL_CHOICE:
        strbuf_add_char(out, '(');
        for (; *placeholder != '\0'; placeholder++)
            strbuf_add_char(out, *placeholder == '|' ? ' ' : *placeholder);
        strbuf_add_char(out, ')');
        break;
    case MANUAL_FILE:
        strbuf_add_text(out, "_files");
        break;
    case MANUAL_FOLDER:
        strbuf_add_text(out, "_files -/");
        break;
    case MANUAL_COMMAND:
        strbuf_add_text(out, "_hindcast_pages");
        break;
    case MANUAL_FLAG:
    case MANUAL_FREE:
        strbuf_add_char(out, ' ');
        break;
    }
}

static void
add_option(void *opaque, const struct manual_option *option)
{
    struct strbuf *out = opaque;
    strbuf_addf(out, " \\\n        '%s%s[", option->name, option->placeholder == NULL ? "" : "=");
    add_quoted(out, option->help);
    strbuf_add_char(out, ']');
    if (option->placeholder != NULL)
        add_action(out, option->placeholder);
    strbuf_add_char(out, '\'');
}

static void
add_commands(const struct command_set *all, struct strbuf *out)
{
    strbuf_add_text(out, "_hindcast_commands()\n{\n    local -a commands\n    commands=(\n");
    for (size_t i = 0; i < all->count; i++)
        if (command_of(all, all->items[i]) == NULL) {
            strbuf_addf(out, "        '%s:", all->items[i]->name);
            add_quoted(out, all->items[i]->summary);
            strbuf_add_text(out, "'\n");
        }
    strbuf_add_text(out, "    )\n    _describe command commands\n}\n\n"
                         "_hindcast_pages()\n{\n    compadd -- ");
    manual_names(all, true, out);
    strbuf_add_text(out, "\n}\n\n");
}

/* A verb and its command become one word, as the cases below name them. */
static void
add_verbs(const struct command_set *all, struct strbuf *out)
{
    strbuf_add_text(out, "    if (( CURRENT > 2 )) && [[ ' ");
    manual_names(all, true, out);
    strbuf_add_text(out, " ' == *\" $words[1]-$words[2] \"* ]]; then\n"
                         "        words[2]=\"$words[1]-$words[2]\"; shift words; (( CURRENT-- ))\n"
                         "    fi\n");
}

/* A verb may stand in the place of a command's first operand. */
static void
add_first(const struct command_set *all, const struct command *command, struct strbuf *out)
{
    struct strbuf verbs;
    strbuf_init(&verbs, 0);
    if (manual_verbs(all, command, &verbs) > 0)
        strbuf_addf(out, " \\\n        '1:verb:(%s)'", verbs.ptr);
    strbuf_release(&verbs);
}

static void
add_command(const struct command_set *all, const struct command *command, struct strbuf *out)
{
    char name[MANUAL_NAME];
    strbuf_addf(out, "    %s)\n        _arguments", manual_name(command, name));
    manual_each(command, add_option, out);
    add_first(all, command, out);
    if (command->operand != NULL) {
        strbuf_add_text(out, " \\\n        '*");
        add_action(out, command->operand);
        strbuf_add_char(out, '\'');
    }
    strbuf_add_text(out, "\n        ;;\n");
}

void
manual_zsh(const struct command_set *all, struct strbuf *out)
{
    strbuf_add_text(out,
                    "#compdef hindcast\n"
                    "# Completion of hindcast for zsh; made by 'hindcast completion zsh'.\n\n");
    add_commands(all, out);
    strbuf_add_text(out, "_hindcast()\n{\n"
                         "    local curcontext=$curcontext state line\n"
                         "    typeset -A opt_args\n"
                         "    _arguments -C");
    manual_each_common(add_option, out);
    strbuf_add_text(out, " \\\n        '1:command:_hindcast_commands' \\\n"
                         "        '*::argument:->arguments'\n"
                         "    [[ $state == arguments ]] || return\n");
    add_verbs(all, out);
    strbuf_add_text(out, "    case $words[1] in\n");
    for (size_t i = 0; i < all->count; i++)
        add_command(all, all->items[i], out);
    strbuf_add_text(out, "    esac\n}\n\n"
                         "# Read by compinit as the function itself, or by source.\n"
                         "if [[ $funcstack[1] == _hindcast ]]; then\n"
                         "    _hindcast \"$@\"\n"
                         "else\n"
                         "    compdef _hindcast hindcast\n"
                         "fi\n");
}
