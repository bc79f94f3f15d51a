/*
 * `hindcast migrate`: creates or updates the schema and says what it did. Main thread. It connects
 * as the login itself, which must be allowed to create roles and schemas, not as one of our roles.
 */
#include <stdio.h>

#include "app/open.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "hindcast/migrate.h"

static int
migrate(struct store *store, struct err *err)
{
    struct migrate_result result;
    if (store_migrate(store, &result, err) != 0)
        return -1;
    if (result.applied == 0)
        visible_line(stdout, "The schema is up to date (version %d).", result.after);
    else if (result.before == 0)
        visible_line(stdout, "Created the schema, version %d.", result.after);
    else
        visible_line(stdout, "Updated the schema from version %d to %d.", result.before,
                     result.after);
    return 0;
}

static int
run(struct command_context *context, struct err *err)
{
    struct store *store;
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "migrate takes no argument '%s'", context->argv[1]);
    struct store_options options =
        store_options_for(context->config, STORE_LOGIN, "hindcast migrate");
    options.patience = open_patience(command_stop_flag());
    command_handle_signals();
    if (store_open(&store, &options, err) != 0)
        return -1;
    int status = migrate(store, err);
    store_close(store);
    return status;
}

const struct command command_migrate = {
    .name = "migrate",
    .usage = "",
    .summary = "create or update the schema in PostgreSQL",
    COMMAND_HEEDS(HEEDS_LOGIN),
    .run = run,
};
