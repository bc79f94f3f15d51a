/*
 * Completion for bash: see manual.h. The script is a table of words, made here, and a function that
 * reads it, which stands below as it is; it needs nothing but bash.
 */
#include <stdio.h>

#include "cmd/manual/manual.h"

static const char head[] =
    "# Completion of hindcast for bash; made by 'hindcast completion bash'.\n\n";

static const char tail[] =
    "# CHOICES: fills COMPREPLY; @file and @folder are those of the disk.\n"
    "_hindcast_reply()\n"
    "{\n"
    "    case $1 in\n"
    "    @file) compopt -o filenames 2>/dev/null || true; mapfile -t COMPREPLY < <(compgen -f -- "
    "\"$2\") "
    ";;\n"
    "    @folder) compopt -o filenames 2>/dev/null || true; mapfile -t COMPREPLY < <(compgen -d -- "
    "\"$2\") "
    ";;\n"
    "    *) mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$2\") ;;\n"
    "    esac\n"
    "}\n\n"
    "_hindcast()\n"
    "{\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= i "
    "value\n"
    "    COMPREPLY=()\n"
    "    # bash makes a word of the = in --option=value\n"
    "    if [[ $current == = ]]; then\n"
    "        current=\n"
    "    elif [[ $before == = ]]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    fi\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        case ${COMP_WORDS[i]} in\n"
    "        -*) [[ -z $(_hindcast_value '' \"${COMP_WORDS[i]}\") ]] || ((i++)) ;;\n"
    "        =) ((i++)) ;;\n"
    "        *) command=${COMP_WORDS[i]}; break ;;\n"
    "        esac\n"
    "    done\n"
    "    value=$(_hindcast_value \"$command\" \"$before\")\n"
    "    if [[ $before == -* && -n $value ]]; then\n"
    "        [[ $value == @free ]] || _hindcast_reply \"$value\" \"$current\"\n"
    "    elif [[ $current == -* ]]; then\n"
    "        _hindcast_reply \"$(_hindcast_options \"$command\")\" \"$current\"\n"
    "    elif [[ -z $command ]]; then\n"
    "        _hindcast_reply \"$_hindcast_commands\" \"$current\"\n"
    "    else\n"
    "        value=$(_hindcast_operand \"$command\")\n"
    "        [[ -z $value ]] || _hindcast_reply \"$value\" \"$current\"\n"
    "    fi\n"
    "}\n\n"
    "complete -F _hindcast hindcast\n";

static void
add_choices(struct strbuf *out, const char *placeholder)
{
    for (; *placeholder != '\0'; placeholder++)
        strbuf_add_char(out, *placeholder == '|' ? ' ' : *placeholder);
}

static void
add_value(struct strbuf *out, const char *placeholder)
{
    switch (manual_value_of(placeholder)) {
    case MANUAL_FLAG:
        break;
    case MANUAL_CHOICE:
        add_choices(out, placeholder);
        break;
    case MANUAL_FILE:
        strbuf_add_text(out, "@file");
        break;
    case MANUAL_FOLDER:
        strbuf_add_text(out, "@folder");
        break;
    case MANUAL_COMMAND:
        strbuf_add_text(out, "$_hindcast_commands");
        break;
    case MANUAL_FREE:
        strbuf_add_text(out, "@free");
        break;
    }
}

struct table {
    struct strbuf *out;
    const char *command; /* "": before the command */
};

static void
add_name(void *opaque, const struct manual_option *option)
{
    strbuf_addf(opaque, " %s", option->name);
}

static void
add_case(void *opaque, const struct manual_option *option)
{
    const struct table *table = opaque;
    if (option->placeholder == NULL)
        return;
    strbuf_addf(table->out, "    %s,%s) echo \"", table->command, option->name);
    add_value(table->out, option->placeholder);
    strbuf_add_text(table->out, "\" ;;\n");
}

static void
add_commands(const struct command_set *all, struct strbuf *out)
{
    strbuf_add_text(out, "_hindcast_commands='");
    for (size_t i = 0; i < all->count; i++)
        strbuf_addf(out, "%s%s", i == 0 ? "" : " ", all->items[i]->name);
    strbuf_add_text(out, "'\n\n");
}

static void
add_options(const struct command_set *all, struct strbuf *out)
{
    strbuf_add_text(out, "# COMMAND: its options.\n_hindcast_options()\n{\n    case $1 in\n");
    for (size_t i = 0; i < all->count; i++) {
        strbuf_addf(out, "    %s) echo '", all->items[i]->name);
        manual_each(all->items[i], add_name, out);
        strbuf_add_text(out, "' ;;\n");
    }
    strbuf_add_text(out, "    '') echo '");
    manual_each_common(add_name, out);
    strbuf_add_text(out, "' ;;\n    esac\n}\n\n");
}

static void
add_values(const struct command_set *all, struct strbuf *out)
{
    struct table table = {out, ""};
    strbuf_add_text(out, "# COMMAND OPTION: what may follow; nothing after a flag.\n"
                         "_hindcast_value()\n{\n    case $1,$2 in\n");
    manual_each_common(add_case, &table);
    for (size_t i = 0; i < all->count; i++) {
        table.command = all->items[i]->name;
        manual_each(all->items[i], add_case, &table);
    }
    strbuf_add_text(out, "    esac\n}\n\n");
}

static void
add_operands(const struct command_set *all, struct strbuf *out)
{
    strbuf_add_text(out, "# COMMAND: what its operands are.\n_hindcast_operand()\n{\n"
                         "    case $1 in\n");
    for (size_t i = 0; i < all->count; i++) {
        const char *operand = all->items[i]->operand;
        if (operand == NULL || manual_value_of(operand) == MANUAL_FREE)
            continue;
        strbuf_addf(out, "    %s) echo \"", all->items[i]->name);
        add_value(out, operand);
        strbuf_add_text(out, "\" ;;\n");
    }
    strbuf_add_text(out, "    esac\n}\n\n");
}

void
manual_bash(const struct command_set *all, struct strbuf *out)
{
    strbuf_add_text(out, head);
    add_commands(all, out);
    add_options(all, out);
    add_values(all, out);
    add_operands(all, out);
    strbuf_add_text(out, tail);
}
