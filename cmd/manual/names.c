/*
 * Names of commands and of their verbs: see manual.h. Main thread.
 */
#include <assert.h>

#include "cmd/manual/manual.h"

const char *
manual_name(const struct command *command, char ret_name[MANUAL_NAME])
{
    size_t length = strlen(command->name);
    assert(length < MANUAL_NAME);
    for (size_t i = 0; i <= length; i++)
        ret_name[i] = command->name[i] == ' ' ? '-' : command->name[i];
    return ret_name;
}

void
manual_names(const struct command_set *all, bool verbs, struct strbuf *out)
{
    char name[MANUAL_NAME];
    for (size_t i = 0; i < all->count; i++)
        if (verbs || command_of(all, all->items[i]) == NULL)
            strbuf_addf(out, "%s%s", i == 0 ? "" : " ", manual_name(all->items[i], name));
}

size_t
manual_verbs(const struct command_set *all, const struct command *command, struct strbuf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++) {
        const char *verb = command_verb(all->items[i], command);
        if (verb != NULL)
            strbuf_addf(out, "%s%s", count++ == 0 ? "" : " ", verb);
    }
    return count;
}
