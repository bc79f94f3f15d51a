/*
 * Where an incident that is decided about is read from: see decide.h.
 */
#include <string.h>
#include <sys/stat.h>

#include "app/decide_folder.h"
#include "app/open.h"

int
decide_load(struct store *store, struct arena *arena, const char *name,
            struct stored_incident *ret_stored, struct err *err)
{
    if (decide_is_folder(name))
        return decide_folder_read(name, arena, ret_stored, err);
    if (store == NULL)
        return err_set(err, ERR_USAGE, "'%s' is not the folder of a draft", name);
    return casebook_incident(store, arena, name, ret_stored, err);
}

int
decide_load_now(struct store *store, struct arena *arena, const char *name,
                struct stored_incident *ret_stored, struct decision_list *ret_pending,
                struct err *err)
{
    struct stored_incident stored;
    struct decision_list pending = {0};
    if (decide_load(store, arena, name, &stored, err) != 0 ||
        (store != NULL &&
         casebook_pending_decisions(store, arena, &stored, &pending.all, &pending.count, err) != 0))
        return -1;
    if (store == NULL || pending.count > 0)
        decide_apply(arena, &stored, &pending, &stored.incident);
    *ret_stored = stored;
    *ret_pending = pending;
    return 0;
}

/* Incidents have other names than what is there as a folder, or as a file of one. */
static bool
is_path(const char *name)
{
    struct stat status;
    return stat(name, &status) == 0 && (S_ISDIR(status.st_mode) || strchr(name, '/') != NULL);
}

int
decide_open(const struct config *config, const char *name, const volatile bool *stop,
            struct store **ret_store, struct err *err)
{
    *ret_store = NULL;
    if (name != NULL && decide_is_folder(name))
        return 0;
    if (name != NULL && is_path(name)) {
        err_set(err, ERR_USAGE, "'%s' is not the folder of a draft", name);
        return err_hint(err, "each incident has one below the folder that 'hindcast draft' wrote: "
                             "the one with its incident.json");
    }
    return open_reader(config, READ_DERIVED, stop, ret_store, err);
}
