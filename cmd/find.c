/*
 * Commands and their verbs by name: see command.h. Main thread.
 */
#include <string.h>

#include "base/nearest.h"
#include "cmd/command.h"

const char *
command_verb(const struct command *command, const struct command *of)
{
    size_t length = strlen(of->name);
    bool is = strncmp(command->name, of->name, length) == 0 && command->name[length] == ' ';
    return is ? command->name + length + 1 : NULL;
}

const struct command *
command_of(const struct command_set *all, const struct command *verb)
{
    for (size_t i = 0; i < all->count; i++)
        if (command_verb(verb, all->items[i]) != NULL)
            return all->items[i];
    return NULL;
}

/* "report-lint" names "report lint", as the page hindcast-report-lint(1) does. */
static bool
is_named(const struct command *command, const char *name)
{
    const char *at = command->name;
    for (; *at != '\0' && (*at == *name || (*at == ' ' && *name == '-')); at++)
        name++;
    return *at == '\0' && *name == '\0';
}

static const struct command *
find_verb(const struct command_set *all, const struct command *of, const char *word)
{
    for (size_t i = 0; i < all->count; i++) {
        const char *verb = command_verb(all->items[i], of);
        if (verb != NULL && strcmp(verb, word) == 0)
            return all->items[i];
    }
    return NULL;
}

int
command_find(const struct command_set *all, size_t count, const char *const *words,
             const struct command **ret_command, size_t *ret_words, struct err *err)
{
    struct nearest nearest;
    nearest_begin(&nearest, words[0]);
    for (size_t i = 0; i < all->count; i++) {
        if (is_named(all->items[i], words[0])) {
            const struct command *verb = count < 2 ? NULL : find_verb(all, all->items[i], words[1]);
            *ret_command = verb == NULL ? all->items[i] : verb;
            *ret_words = verb == NULL ? 1 : 2;
            return 0;
        }
        nearest_offer(&nearest, all->items[i]->name);
    }
    err_set(err, ERR_USAGE, "no command '%s'; 'hindcast --help' lists them", words[0]);
    return nearest.found == NULL ? -1 : err_hint(err, "did you mean %s?", nearest.found);
}
