/*
 * Looking at where the whole stands: see look.h.
 */
#include "observe/look.h"

#include <assert.h>

#include "base/clock.h"
#include "hindcast/configuration.h"
#include "hindcast/store_options.h"

#define BROKER_BUDGET_NS (5 * NS_PER_S)
#define STATEMENT_NS (30 * NS_PER_S)

void
status_look_init(struct status_look *look)
{
    assert(look->config != NULL && !look->looked);
    look->broker.config = look->config;
    arena_init(&look->arenas[0], 0);
    arena_init(&look->arenas[1], 0);
}

void
status_look_release(struct status_look *look)
{
    status_broker_release(&look->broker);
    store_close(look->store);
    arena_release(&look->arenas[0]);
    arena_release(&look->arenas[1]);
}

static int
open_again(struct status_look *look, struct err *err)
{
    if (look->store != NULL && !store_connected(look->store)) {
        store_close(look->store);
        look->store = NULL;
    }
    if (look->store != NULL)
        return 0;
    struct store_options options = store_options_for(look->config, STORE_CORRELATE, "hindcast");
    options.patience = look->patience;
    if (store_open(&look->store, &options, err) != 0)
        return -1;
    return store_status_timeout(look->store, STATEMENT_NS, err);
}

const struct status *
status_look_last(const struct status_look *look)
{
    assert(look->looked);
    return &look->looks[look->at];
}

/* What the files leave to what is applied is taken from there. */
static int
own_digest(const struct status_look *look, struct arena *arena, struct sv *ret_digest,
           struct err *err)
{
    struct stored_configuration stored;
    char hex[SHA256_HEX + 1];
    if (look->own == NULL)
        return 0;
    struct correlation_config own = *look->own;
    if (store_read_begin(look->store, READ_DERIVED, err) != 0)
        return -1;
    int status = configuration_newest(look->store, arena, &stored, err);
    store_read_end(look->store);
    if (status != 0)
        return -1;
    correlation_config_complete(&own, stored.content);
    correlation_config_digest(&own, hex);
    *ret_digest = arena_copy(arena, sv_from(hex));
    return 0;
}

int
status_look(struct status_look *look, struct err *err)
{
    int at = 1 - look->at;
    struct arena *arena = &look->arenas[at];
    struct status *status = &look->looks[at];
    const char *start = config_text(look->config, OPT_kafka_start);
    arena_reset(arena);
    *status = (struct status){.own_decoding = look->own_decoding};
    if (open_again(look, err) != 0 || own_digest(look, arena, &status->own_digest, err) != 0 ||
        store_status(look->store, arena, look->limits.gaps_ns, &status->db, err) != 0)
        return -1;
    if (look->offline)
        status->broker.reason = SV("--offline");
    else
        status_broker_ask(&look->broker, arena, &status->db, BROKER_BUDGET_NS, &status->broker);
    status_merge(status, sv_eq(sv_from(start), SV("latest")), arena);
    status_judge(status, look->looked ? &look->looks[look->at] : NULL, &look->limits, arena);
    look->at = at;
    look->looked = true;
    return 0;
}
