/*
 * Completion for bash: see manual.h. The script is a table of words, made here, and the functions
 * that read it, which stand in complete.bash; it needs nothing but bash.
 */
#include <assert.h>

#include "base/embedded.h"
#include "cmd/manual/manual.h"

static const char head[] =
    "# Completion of hindcast for bash; made by 'hindcast completion bash'.\n\n";

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
        strbuf_add_text(out, "$_hindcast_pages");
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
    manual_names(all, false, out);
    strbuf_add_text(out, "'\n# Verbs as one word, report-lint.\n_hindcast_pages='");
    manual_names(all, true, out);
    strbuf_add_text(out, "'\n\n");
}

static void
add_verbs(const struct command_set *all, struct strbuf *out)
{
    struct strbuf verbs;
    strbuf_init(&verbs, 0);
    strbuf_add_text(out, "# COMMAND: its verbs.\n_hindcast_verbs()\n{\n    case $1 in\n");
    for (size_t i = 0; i < all->count; i++) {
        strbuf_clear(&verbs);
        if (manual_verbs(all, all->items[i], &verbs) > 0)
            strbuf_addf(out, "    %s) echo '%s' ;;\n", all->items[i]->name, verbs.ptr);
    }
    strbuf_add_text(out, "    esac\n}\n\n");
    strbuf_release(&verbs);
}

static void
add_options(const struct command_set *all, struct strbuf *out)
{
    char name[MANUAL_NAME];
    strbuf_add_text(out, "# COMMAND: its options.\n_hindcast_options()\n{\n    case $1 in\n");
    for (size_t i = 0; i < all->count; i++) {
        strbuf_addf(out, "    %s) echo '", manual_name(all->items[i], name));
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
    char name[MANUAL_NAME];
    struct table table = {out, ""};
    strbuf_add_text(out, "# COMMAND OPTION: what may follow; nothing after a flag.\n"
                         "_hindcast_value()\n{\n    case $1,$2 in\n");
    manual_each_common(add_case, &table);
    for (size_t i = 0; i < all->count; i++) {
        table.command = manual_name(all->items[i], name);
        manual_each(all->items[i], add_case, &table);
    }
    strbuf_add_text(out, "    esac\n}\n\n");
}

static void
add_operands(const struct command_set *all, struct strbuf *out)
{
    char name[MANUAL_NAME];
    strbuf_add_text(out, "# COMMAND: what its operands are.\n_hindcast_operand()\n{\n"
                         "    case $1 in\n");
    for (size_t i = 0; i < all->count; i++) {
        const char *operand = all->items[i]->operand;
        if (operand == NULL || manual_value_of(operand) == MANUAL_FREE)
            continue;
        strbuf_addf(out, "    %s) echo \"", manual_name(all->items[i], name));
        add_value(out, operand);
        strbuf_add_text(out, "\" ;;\n");
    }
    strbuf_add_text(out, "    esac\n}\n\n");
}

void
manual_bash(const struct command_set *all, struct strbuf *out)
{
    const struct embedded_file *reader = embedded_find(embedded_completion, "complete.bash");
    assert(reader != NULL);
    strbuf_add_text(out, head);
    add_commands(all, out);
    add_verbs(all, out);
    add_options(all, out);
    add_values(all, out);
    add_operands(all, out);
    strbuf_add_sv(out, sv_of(reader->text, reader->size));
}
