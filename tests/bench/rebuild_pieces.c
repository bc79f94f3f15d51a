/*
 * Rebuilds a scope in pieces, whatever its size (app/correlate_rebuild.h), in the database of the
 * PG* variables; prints how many pieces and batches, and the most bytes of memory of one of them.
 *
 * usage: rebuild_pieces SCOPE
 */
#include <stdio.h>

#include "app/correlate_rebuild.h"

static int
rebuild(struct store *store, const char *scope, struct err *err)
{
    struct correlation_config config;
    struct applied applied;
    struct arena arena;
    struct rebuilt rebuilt;
    correlation_config_default(&config);
    arena_init(&arena, 0);
    int status = applied_read(store, &arena, &config, &applied, err);
    const struct rebuilding rebuilding = {
        .store = store, .applied = &applied, .scope = sv_from(scope), .anew = true};
    if (status == 0)
        status = correlate_rebuild(&rebuilding, &rebuilt, err);
    if (status == 0 && rebuilt.part.whole != NULL)
        status = err_set(err, ERR_FAILED, "%s", rebuilt.part.whole);
    if (status == 0)
        printf("%zu %zu %zu\n", rebuilt.pieces, rebuilt.batches, rebuilt.most_bytes);
    arena_release(&arena);
    return status;
}

int
main(int argc, char **argv)
{
    const struct store_options options = {.conninfo = "",
                                          .role = "hindcast_correlate",
                                          .application_name = "rebuild_pieces",
                                          .connect_timeout_ns = 10 * NS_PER_S};
    struct store *store;
    struct err err;
    if (argc != 2) {
        fprintf(stderr, "usage: rebuild_pieces SCOPE\n");
        return 2;
    }
    int status = store_open(&store, &options, &err);
    if (status == 0) {
        status = rebuild(store, argv[1], &err);
        store_close(store);
    }
    if (status != 0)
        fprintf(stderr, "rebuild_pieces: %s\n", err.message);
    return status == 0 ? 0 : 1;
}
