/*
 * Manual pages as man(7) source: see manual.h. They have no date, so that the same tables give the
 * same bytes.
 */
#include <string.h>

#include "cmd/manual/manual.h"
#include "cmd/manual/roff.h"

struct page {
    struct strbuf *out;
    bool heads;               /* the part with heads, or what stands before it */
    bool began;               /* there is text below the head */
    bool verbatim, paragraph; /* inside .EX; inside a paragraph */
};

/* Blank lines inside an example stay; those around it are the macros' affair. */
static void
end_verbatim(struct page *page)
{
    if (page->verbatim)
        strbuf_add_text(page->out, ".EE\n");
    page->verbatim = false;
}

static void
add_line(void *opaque, const struct manual_line *line)
{
    struct page *page = opaque;
    if ((line->head[0] != '\0') != page->heads)
        return;
    if (line->is_head) {
        end_verbatim(page);
        strbuf_add_text(page->out, ".SH ");
        roff_upper(page->out, line->head);
        strbuf_add_char(page->out, '\n');
        page->began = page->paragraph = false;
        return;
    }
    if (line->blank) {
        end_verbatim(page);
        page->paragraph = false;
        return;
    }
    if (page->began && !page->paragraph)
        strbuf_add_text(page->out, ".PP\n");
    if (line->verbatim && !page->verbatim)
        strbuf_add_text(page->out, ".EX\n");
    page->verbatim = line->verbatim;
    page->began = true;
    page->paragraph = true;
    roff_text(page->out, line->text);
    strbuf_add_char(page->out, '\n');
}

static void
add_text(struct strbuf *out, const struct command *command, bool heads)
{
    struct page page = {.out = out, .heads = heads, .began = !heads && command != NULL};
    manual_each_line(command, add_line, &page);
    end_verbatim(&page);
}

static void
add_configuration(struct strbuf *out)
{
    const char *section = "";
    strbuf_add_text(out, ".SH CONFIGURATION\nEvery command takes these on its command line, as "
                         "HINDCAST_SECTION_KEY from the environment,\nand as key = value below "
                         "[section] from the file. Each uses some of them, which its page "
                         "lists.\n");
    for (enum option i = 0; i < OPTION_COUNT; i++) {
        if (strcmp(section, config_option_section(i)) != 0) {
            section = config_option_section(i);
            strbuf_addf(out, ".SS [%s]\n", section);
        }
        manual_configured(i, roff_option, out);
        if (config_option_default(i)[0] != '\0') {
            strbuf_add_text(out, "(default ");
            roff_text(out, sv_from(config_option_default(i)));
            strbuf_add_text(out, ")\n");
        }
    }
    strbuf_add_text(out, ".SS Others\n");
    for (size_t i = 0; i < CONFIG_REPEATED_COUNT; i++) {
        const struct config_repeated *at = &config_repeated[i];
        const struct manual_option option = {at->flag, at->placeholder, at->help};
        roff_option(out, &option);
    }
}

static void
add_program(const struct command_set *all, struct strbuf *out)
{
    roff_head(out, "hindcast", "rebuild what happened in an incident");
    strbuf_add_text(out, "\\fBhindcast\\fR [\\fIOPTION\\fR...] \\fICOMMAND\\fR "
                         "[\\fIOPTION\\fR...]\n.SH DESCRIPTION\n");
    add_text(out, NULL, false);
    strbuf_add_text(out, ".SH COMMANDS\n");
    char name[MANUAL_NAME];
    for (size_t i = 0; i < all->count; i++) {
        const struct command *command = all->items[i];
        strbuf_addf(out, ".TP\n\\fB%s\\fR", command->name);
        if (command->usage[0] != '\0') {
            strbuf_add_char(out, ' ');
            roff_text(out, sv_from(command->usage));
        }
        strbuf_add_char(out, '\n');
        roff_text(out, sv_from(command->summary));
        strbuf_addf(out, ";\nsee\n.BR hindcast\\-%s (1)\n", manual_name(command, name));
    }
    strbuf_add_text(out, ".SH OPTIONS\n");
    manual_each_common(roff_option, out);
    add_configuration(out);
    add_text(out, NULL, true);
}

static void
add_command(const struct command *command, struct strbuf *out)
{
    char name[MANUAL_NAME], page[MANUAL_NAME + 16];
    snprintf(page, sizeof(page), "hindcast-%s", manual_name(command, name));
    roff_head(out, page, command->summary);
    strbuf_addf(out, "\\fBhindcast %s\\fR ", command->name);
    roff_text(out, sv_from(command->usage));
    strbuf_addf(out, "%s[\\fIOPTION\\fR...]\n.SH DESCRIPTION\n",
                command->usage[0] == '\0' ? "" : " ");
    roff_sentence(out, command->summary);
    add_text(out, command, false);
    if (command->option_count > 0)
        strbuf_add_text(out, ".SH OPTIONS\n");
    manual_each_own(command, roff_option, out);
    strbuf_add_text(out, ".SH OPTIONS OF EVERY COMMAND\n");
    manual_each_common(roff_option, out);
    if (command->heeds_count > 0)
        strbuf_add_text(out, ".SH CONFIGURATION\nIt uses these options; the configuration file "
                             "and the environment may set them, too, see\n.BR hindcast (1).\n");
    manual_each_heeded(command, roff_option, out);
    add_text(out, command, true);
    strbuf_add_text(out, ".SH SEE ALSO\n.BR hindcast (1)\n");
}

void
manual_man(const struct command_set *all, const struct command *command, struct strbuf *out)
{
    if (command == NULL)
        add_program(all, out);
    else
        add_command(command, out);
}
