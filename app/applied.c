/*
 * The configuration that counts: see applied.h.
 */
#include "app/applied.h"

#include <string.h>

#define TRIES_MAX 5 /* of writing a row while others write theirs */

static int
check_derivation(const struct stored_configuration *stored, struct err *err)
{
    if (stored->derivation <= CORRELATION_DERIVATION)
        return 0;
    err_set(err, ERR_DB_SCHEMA,
            "the applied configuration is of derivation %lld, and this program derives by %d: what "
            "it would write is older than what is there",
            (long long)stored->derivation, CORRELATION_DERIVATION);
    return err_hint(err, "correlate with the program that applied it, or a newer one; the view "
                         "analyst.configuration tells who applied it");
}

/* After the newest row, whose number is `after`; another one's row may come first. */
static int
write_row(struct store *store, const struct correlation_config *config, int64_t after,
          int64_t *ret_number, struct err *err)
{
    struct strbuf content;
    if (correlation_config_check(config, err) != 0)
        return -1;
    strbuf_init(&content, 0);
    correlation_config_write(config, &content);
    int status = configuration_apply(store, strbuf_view(&content), CORRELATION_DERIVATION, after,
                                     ret_number, err);
    strbuf_release(&content);
    return status;
}

/* Reads what counts, or writes what is missing of it and says that it is to be read again. */
static int
read_once(struct store *store, struct arena *arena, const struct correlation_config *own,
          struct stored_configuration *ret_stored, struct correlation_config *ret_config,
          bool *ret_again, struct err *err)
{
    int64_t number;
    *ret_again = false;
    if (configuration_newest(store, arena, ret_stored, err) != 0 ||
        check_derivation(ret_stored, err) != 0)
        return -1;
    if (ret_stored->number == 0) {
        *ret_again = true;
        return write_row(store, own, 0, &number, err);
    }
    if (correlation_config_parse(ret_stored->content, ret_config, err) != 0)
        return err_prefix(err, "the applied configuration");
    if (ret_stored->derivation == CORRELATION_DERIVATION)
        return 0;
    *ret_again = true;
    return write_row(store, ret_config, ret_stored->number, &number, err);
}

int
applied_read(struct store *store, struct arena *arena, const struct correlation_config *own,
             struct applied *ret_applied, struct err *err)
{
    struct stored_configuration stored;
    struct correlation_config config;
    struct correlation_config mine = *own;
    char hex[SHA256_HEX + 1];
    bool again = true;
    for (int tries = 0; again; tries++) {
        if (tries == TRIES_MAX)
            return err_set(err, ERR_OVERTAKEN, "others apply configurations again and again");
        if (read_once(store, arena, own, &stored, &config, &again, err) != 0)
            return -1;
    }
    correlation_config_complete(&mine, stored.content);
    correlation_config_digest(&mine, hex);
    *ret_applied = (struct applied){
        .number = stored.number,
        .digest = arena_strdup(arena, stored.digest),
        .config = config,
        .own_digest = arena_strdup(arena, sv_from(hex)),
        .differs = !sv_eq(stored.digest, sv_from(hex)),
    };
    return 0;
}

/* True where what is stored is what would be stored. */
static bool
is_applied(const struct stored_configuration *stored, const struct correlation_config *config)
{
    struct strbuf content;
    strbuf_init(&content, 0);
    correlation_config_write(config, &content);
    bool same = stored->derivation == CORRELATION_DERIVATION &&
                sv_eq(stored->content, strbuf_view(&content));
    strbuf_release(&content);
    return same;
}

int
applied_write(struct store *store, const struct correlation_config *own, bool *ret_news,
              struct err *err)
{
    struct stored_configuration stored;
    struct arena arena;
    int status = 0;
    bool done = false;
    arena_init(&arena, 0);
    for (int tries = 0; status == 0 && !done; tries++) {
        struct correlation_config mine = *own;
        int64_t number;
        status = configuration_newest(store, &arena, &stored, err);
        if (status == 0)
            status = check_derivation(&stored, err);
        if (status != 0)
            break;
        correlation_config_complete(&mine, stored.content);
        done = is_applied(&stored, &mine);
        if (done)
            *ret_news = tries > 0;
        else if (tries == TRIES_MAX)
            status = err_set(err, ERR_OVERTAKEN, "others apply configurations again and again");
        else
            status = write_row(store, &mine, stored.number, &number, err);
    }
    arena_release(&arena);
    return status;
}
