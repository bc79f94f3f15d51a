/*
 * What people do with the configuration that results depend on: see configuration_use.h.
 */
#include "app/configuration_use.h"

#include "app/applied.h"
#include "app/correlation_config.h"
#include "app/open.h"
#include "base/clock.h"
#include "base/text/json_writer.h"
#include "base/text/visible.h"
#include "hindcast/store_options.h"

/* Who only looks does not wait long for a database that is away. */
#define LOOK_NS (2 * NS_PER_S)

int
configuration_use_apply(const struct config *config, const volatile bool *stop, struct err *err)
{
    struct correlation_config own;
    struct strbuf rules;
    struct store *store = NULL;
    char hex[SHA256_HEX + 1];
    bool news;
    int status = correlation_config_read(config, &rules, &own, err);
    if (status == 0)
        status = open_store(config, STORE_CORRELATE, stop, &store, err);
    if (status == 0)
        status = applied_write(store, &own, &news, err);
    if (status == 0) {
        correlation_config_digest(&own, hex);
        visible_line(stdout,
                     news ? "applied the configuration %s; every scope is correlated anew"
                          : "the configuration %s is applied already",
                     hex);
    }
    store_close(store);
    strbuf_release(&rules);
    return status;
}

static void
print(FILE *out, bool json, const char *name, const char *digest, const char *origin,
      struct sv where)
{
    struct strbuf line;
    if (!json) {
        visible_line(out, "# %s = %s # %s%s" SV_FMT, name, digest == NULL ? "" : digest, origin,
                     sv_empty(where) ? "" : ": ", SV_ARG(where));
        return;
    }
    strbuf_init(&line, 0);
    strbuf_add_char(&line, '{');
    json_put(&line, "option", sv_from(name));
    json_put(&line, "value", sv_from(digest));
    json_put_bool(&line, "hidden", false);
    json_put(&line, "origin", sv_from(origin));
    json_put(&line, "where", where);
    strbuf_add_text(&line, "}\n");
    fwrite(line.ptr, 1, line.len, out);
    strbuf_release(&line);
}

static void
print_own(const struct config *config, bool json, FILE *out)
{
    struct correlation_config own;
    struct strbuf rules;
    struct err err;
    char hex[SHA256_HEX + 1];
    if (correlation_config_read(config, &rules, &own, &err) == 0) {
        correlation_config_digest(&own, hex);
        print(out, json, "config_digest", hex, "as above", SV_NONE);
    } else {
        print(out, json, "config_digest", NULL, "not known", sv_from(err.message));
    }
    strbuf_release(&rules);
}

static int
look(const struct config *config, const volatile bool *stop, struct arena *arena,
     struct stored_configuration *ret_stored, struct err *err)
{
    struct store *store;
    struct store_options options = store_options_for(config, STORE_CORRELATE, "hindcast");
    options.patience = open_patience(stop);
    if (options.connect_timeout_ns > LOOK_NS)
        options.connect_timeout_ns = LOOK_NS;
    options.asker = true;
    if (store_open(&store, &options, err) != 0)
        return -1;
    int status = configuration_newest(store, arena, ret_stored, err);
    store_close(store);
    return status;
}

static void
print_applied(const struct config *config, const volatile bool *stop, bool json, FILE *out)
{
    struct stored_configuration stored;
    struct arena arena;
    struct err err;
    char time[TIME_TEXT];
    arena_init(&arena, 0);
    if (look(config, stop, &arena, &stored, &err) != 0) {
        print(out, json, "applied_digest", NULL, "not known", sv_from(err.message));
    } else if (stored.number == 0) {
        print(out, json, "applied_digest", NULL, "database", SV("none was applied yet"));
    } else {
        time_format(stored.applied_ns, time);
        print(out, json, "applied_digest", arena_strdup(&arena, stored.digest), "database",
              arena_printf(&arena, "applied by " SV_FMT " at %s", SV_ARG(stored.applied_by), time));
    }
    arena_release(&arena);
}

void
configuration_use_print(const struct config *config, const volatile bool *stop, bool json,
                        FILE *out)
{
    if (!json)
        fputs("\n", out);
    print_own(config, json, out);
    print_applied(config, stop, json, out);
}
