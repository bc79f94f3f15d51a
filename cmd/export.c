/*
 * `hindcast export`: the canonical export of everything derived, read back from the database, scope
 * by scope. Two databases that hold the same records print the same bytes. With --since what
 * changed of it. Main thread.
 */
#include "app/follow.h"
#include "app/open.h"
#include "app/output.h"
#include "app/waiting_tell.h"
#include "cmd/command.h"
#include "hindcast/casebook.h"

static int
export_scope(struct store *store, struct sv scope, struct err *err)
{
    struct arena arena;
    struct correlation correlation;
    struct strbuf out;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    int status = casebook_correlation(store, &arena, scope, &correlation, err);
    if (status == 0) {
        casebook_canonical(&correlation, &out);
        status = output_buffer(&out, "a scope", err);
    }
    strbuf_release(&out);
    arena_release(&arena);
    return status;
}

static int
export_all(struct store *store, struct err *err)
{
    struct arena arena;
    struct sv *scopes;
    size_t count;
    arena_init(&arena, 0);
    int status = casebook_scopes(store, &arena, true, &scopes, &count, err);
    for (size_t i = 0; i < count && status == 0 && !output_failed(); i++)
        status = export_scope(store, scopes[i], err);
    arena_release(&arena);
    return status;
}

static int
tell_waiting(struct store *store, struct err *err)
{
    struct arena arena;
    arena_init(&arena, 0);
    int status = waiting_tell(store, &arena, SV_NONE, SV_NONE, err);
    arena_release(&arena);
    return status;
}

struct export_arguments {
    const char *since;
};

static const struct command_option own_options[] = {
    VALUE_AT("--since", "CURSOR",
             "only what changed since then: the last line of the export before, as text or as "
             "@FILE; 0: everything",
             struct export_arguments, since),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct export_arguments *arguments = context->arguments;
    struct store *store;
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "export takes no argument '%s'", context->argv[1]);
    if (open_reader(context->config, READ_DERIVED, command_stop_flag(), &store, err) != 0)
        return -1;
    int status = arguments->since == NULL ? export_all(store, err)
                                          : follow_print(store, arguments->since, err);
    if (status == 0)
        status = tell_waiting(store, err);
    store_close(store);
    return status;
}

const struct command command_export = {
    .name = "export",
    .usage = "",
    .summary = "print the canonical export of everything derived",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER),
    .arguments_size = sizeof(struct export_arguments),
    .product = true,
    .pages = true,
    .roles = "hindcast_correlate",
    .run = run,
};
