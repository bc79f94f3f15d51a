/*
 * Writing sealed decisions down: see decide.h.
 */
#include <stdio.h>

#include "app/decide_folder.h"
#include "app/open.h"
#include "base/text/visible.h"

static int
write_database(const struct config *config, const volatile bool *stop,
               const struct decision_list *list, size_t *ret_new, struct err *err)
{
    struct store *store;
    struct arena arena;
    if (open_store(config, STORE_RESPONDER, stop, &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    int status = casebook_decide(store, &arena, list->scope, list->all, list->count, ret_new, err);
    arena_release(&arena);
    store_close(store);
    return status;
}

int
decide_write(const struct config *config, const volatile bool *stop, const char *name,
             const struct decision_list *list, struct err *err)
{
    bool folder = name != NULL && decide_is_folder(name);
    size_t new_count;
    if (folder ? decide_folder_add(name, list->all, list->count, &new_count, err) != 0
               : write_database(config, stop, list, &new_count, err) != 0)
        return -1;
    for (size_t i = 0; i < list->count; i++)
        visible_line(stdout, SV_FMT, SV_ARG(list->all[i].id));
    if (new_count < list->count)
        visible_line(stderr, "%zu of them were there already", list->count - new_count);
    if (folder)
        visible_line(stderr,
                     "decided in %s/" DECISIONS_FILE "; the next 'hindcast draft' into its "
                     "folder applies it",
                     name);
    else
        visible_line(stderr,
                     "decided; 'hindcast correlate --once' applies it, or --follow at once");
    return 0;
}
