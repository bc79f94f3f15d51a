/*
 * Colour and pager: see presentation.h.
 */
#include "cmd/presentation.h"

#include <stdlib.h>
#include <string.h>

#include "app/output.h"
#include "report/render/style.h"

static bool
wants_color(const struct command_common *common, bool terminal)
{
    const char *off = getenv("NO_COLOR");
    if (common->color != NULL && strcmp(common->color, "auto") != 0)
        return strcmp(common->color, "always") == 0;
    return terminal && (off == NULL || off[0] == '\0');
}

/* Text for people, or a product for programs. */
bool
presentation_is_text(const struct command *command, const void *arguments)
{
    for (size_t i = 0; i < command->option_count; i++) {
        const struct command_option *option = &command->options[i];
        const char *member = (const char *)arguments + option->at;
        if (strcmp(option->name, "--json") == 0 && *(const bool *)member)
            return false;
        const char *value = option->placeholder == NULL || option->repeats
                                ? NULL
                                : *(const char *const *)(const void *)member;
        if (value != NULL && strcmp(option->name, "--format") == 0)
            return strcmp(value, "text") == 0 || strcmp(value, "table") == 0;
    }
    return !command->product;
}

void
presentation_begin(const struct command_common *common, bool text, bool pages)
{
    render_use_color(text && wants_color(common, output_is_terminal()));
    output_page(pages && !common->no_pager);
}
