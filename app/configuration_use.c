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
#include "correlate/story/languages.h"
#include "hindcast/decoding.h"
#include "hindcast/store_options.h"
#include "ingest/decoding_set.h"

/* Who only looks does not wait long for a database that is away. */
#define LOOK_NS (2 * NS_PER_S)

static int
apply_decoding(struct store *store, const struct config *config, struct err *err)
{
    struct stored_decoding before;
    struct strbuf content;
    struct arena arena;
    char hex[SHA256_HEX + 1];
    int64_t number;
    arena_init(&arena, 0);
    strbuf_init(&content, 0);
    int status = own_decoding_text(config, &content, hex, err);
    if (status == 0)
        status = decoding_newest(store, &arena, &before, err);
    if (status == 0)
        status = decoding_apply(store, strbuf_view(&content), &number, err);
    if (status == 0)
        visible_line(stdout,
                     number != before.number
                         ? "applied the decoding options %s; what is read from now on is decoded "
                           "with them"
                         : "the decoding options %s are applied already",
                     hex);
    arena_release(&arena);
    strbuf_release(&content);
    return status;
}

int
configuration_use_apply(const struct config *config, const volatile bool *stop, struct err *err)
{
    struct correlation_config own;
    struct strbuf rules;
    struct store *store = NULL;
    struct stored_configuration stored;
    struct arena arena;
    bool news;
    arena_init(&arena, 0);
    int status = correlation_config_read(config, &rules, &own, err);
    if (status == 0)
        status = open_store(config, STORE_CORRELATE, stop, &store, err);
    if (status == 0)
        status = applied_write(store, &own, &news, err);
    if (status == 0)
        status = configuration_newest(store, &arena, &stored, err);
    if (status == 0) {
        visible_line(stdout,
                     news ? "applied the configuration " SV_FMT "; every scope is correlated anew"
                          : "the configuration " SV_FMT " is applied already",
                     SV_ARG(stored.digest));
        status = apply_decoding(store, config, err);
    }
    store_close(store);
    arena_release(&arena);
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

void
configuration_use_own(const struct config *config, struct own_sets *ret_own)
{
    struct strbuf content;
    struct err ignored;
    *ret_own = (struct own_sets){.decoding = SV_NONE};
    ret_own->known =
        correlation_config_read(config, &ret_own->texts, &ret_own->config, &ignored) == 0;
    strbuf_init(&content, 0);
    if (own_decoding_text(config, &content, ret_own->decoding_hex, &ignored) == 0)
        ret_own->decoding = sv_from(ret_own->decoding_hex);
    strbuf_release(&content);
}

void
configuration_use_own_release(struct own_sets *own)
{
    strbuf_release(&own->texts);
}

/* The files of phrase rules, each with its language and digest. */
static void
print_languages(const struct correlation_config *own, bool json, FILE *out)
{
    struct arena arena;
    struct phrase_rules first;
    struct err ignored;
    arena_init(&arena, 0);
    if (phrase_languages_read(&arena, correlation_rules(own), correlation_languages(own), &first,
                              &ignored) == 0)
        for (const struct phrase_rules *rules = &first; rules != NULL; rules = rules->next) {
            struct sha256 digest;
            char hex[SHA256_HEX + 1];
            sha256_of(rules->text.ptr, rules->text.len, &digest);
            sha256_hex(&digest, hex);
            print(out, json, "rules_digest", hex, "as above",
                  sv_empty(rules->language) ? SV("no language named") : rules->language);
        }
    arena_release(&arena);
}

/* `applied`: the content of what is applied, which own files may leave to it. */
static void
print_own(const struct config *config, struct sv applied, bool json, FILE *out)
{
    struct correlation_config own;
    struct strbuf rules;
    struct err err;
    char hex[SHA256_HEX + 1];
    if (correlation_config_read(config, &rules, &own, &err) == 0) {
        correlation_config_complete(&own, applied);
        correlation_config_digest(&own, hex);
        print(out, json, "config_digest", hex, "as above", SV_NONE);
        print_languages(&own, json, out);
    } else {
        print(out, json, "config_digest", NULL, "not known", sv_from(err.message));
    }
    strbuf_release(&rules);
}

static void
print_own_decoding(const struct config *config, bool json, FILE *out)
{
    struct strbuf content;
    struct err err;
    char hex[SHA256_HEX + 1];
    strbuf_init(&content, 0);
    if (own_decoding_text(config, &content, hex, &err) == 0)
        print(out, json, "decoding_digest", hex, "as above", SV_NONE);
    else
        print(out, json, "decoding_digest", NULL, "not known", sv_from(err.message));
    strbuf_release(&content);
}

static int
look(const struct config *config, const volatile bool *stop, struct arena *arena,
     struct stored_configuration *ret_stored, struct stored_decoding *ret_decoding, struct err *err)
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
    if (status == 0)
        status = decoding_newest(store, arena, ret_decoding, err);
    store_close(store);
    return status;
}

static void
print_row(FILE *out, bool json, const char *name, const char *who, struct arena *arena,
          struct sv digest, int64_t applied_ns, struct sv applied_by)
{
    char time[TIME_TEXT];
    if (digest.ptr == NULL) {
        print(out, json, name, NULL, "database",
              arena_printf(arena, "none was applied yet: the first %s applies its own", who));
        return;
    }
    time_format(applied_ns, time);
    print(out, json, name, arena_strdup(arena, digest), "database",
          arena_printf(arena, "applied by " SV_FMT " at %s", SV_ARG(applied_by), time));
}

static void
print_applied(struct arena *arena, const struct stored_configuration *stored,
              const struct stored_decoding *decoding, bool json, FILE *out)
{
    print_row(out, json, "applied_digest", "correlator", arena, stored->digest, stored->applied_ns,
              stored->applied_by);
    print_row(out, json, "applied_decoding_digest", "worker", arena, decoding->digest,
              decoding->applied_ns, decoding->applied_by);
}

void
configuration_use_print(const struct config *config, const volatile bool *stop, bool json,
                        FILE *out)
{
    struct stored_configuration stored = {.content = SV_NONE};
    struct stored_decoding decoding;
    struct arena arena;
    struct err err;
    arena_init(&arena, 0);
    bool seen = look(config, stop, &arena, &stored, &decoding, &err) == 0;
    if (!json)
        fputs("\n", out);
    print_own(config, seen ? stored.content : SV_NONE, json, out);
    print_own_decoding(config, json, out);
    if (seen) {
        print_applied(&arena, &stored, &decoding, json, out);
    } else {
        print(out, json, "applied_digest", NULL, "not known", sv_from(err.message));
        print(out, json, "applied_decoding_digest", NULL, "not known", sv_from(err.message));
    }
    arena_release(&arena);
}
