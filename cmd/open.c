/*
 * Opening the store for a command, see open.h.
 */
#include "cmd/open.h"

#include <stdio.h>

#include "base/text/visible.h"
#include "cmd/command.h"

#define RESPONDER_ROLE "hindcast_responder"

/* Who switched roles off (one login with all rights) means it for every command. */
static const char *
role_name(const struct config *config, enum open_role role)
{
    const char *correlate = config_text(config, OPT_database_correlate_role);
    if (role == OPEN_OWNER) {
        const char *owner = config_text(config, OPT_database_retention_role);
        return owner[0] == '\0' ? NULL : owner;
    }
    if (role == OPEN_LOGIN || correlate[0] == '\0')
        return NULL;
    return role == OPEN_CORRELATE ? correlate : RESPONDER_ROLE;
}

static bool
stopping(void *opaque)
{
    (void)opaque;
    return command_stop_requested();
}

static void
tell(void *opaque, const char *holder)
{
    (void)opaque;
    if (holder != NULL)
        visible_line(stderr, "hindcast: waiting for a lock held by %s", holder);
}

const struct store_patience cmd_patience = {.stopping = stopping, .tell = tell};

int
cmd_open_store(const struct config *config, enum open_role role, struct store **ret_store,
               struct err *err)
{
    struct store_options options = {
        .conninfo = config_text(config, OPT_database_conninfo),
        .role = role_name(config, role),
        .application_name = "hindcast",
        .connect_timeout_ns = config_duration_ns(config, OPT_database_connect_timeout),
        .check_schema = role != OPEN_LOGIN,
        .patience = cmd_patience,
    };
    return store_open(ret_store, &options, err);
}

int
cmd_open_reader(const struct config *config, enum store_reading what, struct store **ret_store,
                struct err *err)
{
    struct store *store;
    if (cmd_open_store(config, OPEN_CORRELATE, &store, err) != 0)
        return -1;
    if (store_read_begin(store, what, err) != 0) {
        store_close(store);
        return -1;
    }
    *ret_store = store;
    return 0;
}
