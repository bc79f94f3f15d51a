/*
 * Going through the tables and texts: see manual.h. Main thread.
 */
#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "cmd/manual/manual.h"

enum manual_value
manual_value_of(const char *placeholder)
{
    static const struct {
        const char *placeholder;
        enum manual_value value;
    } known[] = {{"FILE", MANUAL_FILE},
                 {"FILE...", MANUAL_FILE},
                 {"PATH...", MANUAL_FILE},
                 {"DIR", MANUAL_FOLDER},
                 {"COMMAND", MANUAL_COMMAND}};
    if (placeholder == NULL)
        return MANUAL_FLAG;
    if (strchr(placeholder, '|') != NULL)
        return MANUAL_CHOICE;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(known[i].placeholder, placeholder) == 0)
            return known[i].value;
    return MANUAL_FREE;
}

static void
each_of(const struct command_option *options, size_t count, manual_option_function *each,
        void *opaque)
{
    for (size_t i = 0; i < count; i++) {
        const struct manual_option option = {options[i].name, options[i].placeholder,
                                             options[i].help};
        each(opaque, &option);
    }
}

void
manual_each_own(const struct command *command, manual_option_function *each, void *opaque)
{
    each_of(command->options, command->option_count, each, opaque);
}

void
manual_each_common(manual_option_function *each, void *opaque)
{
    each_of(command_common_options, command_common_count, each, opaque);
}

void
manual_each(const struct command *command, manual_option_function *each, void *opaque)
{
    manual_each_own(command, each, opaque);
    manual_each_common(each, opaque);
    manual_each_heeded(command, each, opaque);
}

static void
add_long_text(const struct command *command, struct strbuf *out)
{
    char name[MANUAL_NAME], path[MANUAL_NAME + 8];
    snprintf(path, sizeof(path), "%s.txt",
             command == NULL ? "hindcast" : manual_name(command, name));
    const struct embedded_file *file = embedded_find(embedded_help, path);
    struct sv text = file == NULL ? SV("") : sv_of(file->text, file->size);
    size_t heads = 0;
    while (heads < text.len && !sv_starts(sv_slice(text, heads, text.len), SV("## ")))
        heads++;
    strbuf_add_sv(out, sv_slice(text, 0, heads));
    if (command != NULL && command->more_help != NULL)
        command->more_help(out);
    if (command != NULL && command->roles != NULL)
        strbuf_addf(out, "%sNeeds the role %s.\n%s", heads > 0 && heads == text.len ? "\n" : "",
                    command->roles, heads < text.len ? "\n" : "");
    strbuf_add_sv(out, sv_slice(text, heads, text.len));
}

void
manual_each_line(const struct command *command, manual_line_function *each, void *opaque)
{
    struct strbuf text;
    struct sv rest, got;
    char head[64] = "";
    strbuf_init(&text, 0);
    add_long_text(command, &text);
    rest = strbuf_view(&text);
    while (rest.len > 0 && sv_split(&rest, '\n', &got)) {
        struct manual_line line = {.head = head, .text = got, .blank = got.len == 0};
        line.is_head = sv_starts(got, SV("## "));
        line.verbatim = sv_starts(got, SV("    "));
        if (line.is_head)
            snprintf(head, sizeof(head), SV_FMT, SV_ARG(sv_slice(got, 3, got.len)));
        if (line.is_head)
            line.text = sv_slice(got, got.len, got.len);
        else if (line.verbatim)
            line.text = sv_slice(got, 4, got.len);
        each(opaque, &line);
    }
    strbuf_release(&text);
}
