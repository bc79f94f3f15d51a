/*
 * What another configuration would change: see what_if.h.
 */
#include "app/what_if.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/correlation_config.h"
#include "app/id_index.h"
#include "app/open.h"
#include "app/output.h"
#include "base/clock.h"
#include "base/stop.h"
#include "base/text/visible.h"
#include "hindcast/casebook.h"
#include "hindcast/configuration.h"
#include "report/whatif/whatif.h"

#define EVENT_BYTES                                                                                \
    ((size_t)6500) /* of memory for an event and what is derived of it, measured                   \
                    */

struct trial {
    const struct what_if_request *request;
    struct store *store;
    struct correlation_config applied, wanted;
    struct strbuf texts; /* of the files that `wanted` names */
};

/* Of the numbers that the file names, those it says; of the others, those applied. */
static void
take_numbers(struct trial *trial, const struct config *file,
             const struct correlation_config *numbers)
{
    trial->wanted = trial->applied;
#define SETTING(name, type, member, option)                                                        \
    if (config_origin(file, OPT_##option) != ORIGIN_DEFAULT) {                                     \
        if (trial->applied.member != numbers->member)                                              \
            visible_line(stderr, "%s: %lld -> %lld", config_option_name(OPT_##option),             \
                         (long long)trial->applied.member, (long long)numbers->member);            \
        trial->wanted.member = numbers->member;                                                    \
    }
#include "correlate/settings.def"
#undef SETTING
}

static void
take_texts(struct trial *trial, const struct config *file, const struct correlation_config *read)
{
    if (config_origin(file, OPT_correlate_rules) != ORIGIN_DEFAULT) {
        trial->wanted.rules = correlation_rules(read);
        trial->wanted.languages = correlation_languages(read);
    }
    if (config_origin(file, OPT_correlate_quiet_alerts) != ORIGIN_DEFAULT)
        trial->wanted.quiet_alerts = correlation_quiet_alerts(read);
    if (config_origin(file, OPT_correlate_people) != ORIGIN_DEFAULT)
        trial->wanted.people = read->people;
    if (config_origin(file, OPT_correlate_suppress) != ORIGIN_DEFAULT)
        trial->wanted.suppress = read->suppress;
    if (config_origin(file, OPT_correlate_weights) != ORIGIN_DEFAULT)
        trial->wanted.weights = read->weights;
}

static int
read_wanted(struct trial *trial, struct err *err)
{
    struct correlation_config read;
    struct config *file = config_new();
    strbuf_init(&trial->texts, 0);
    int status = config_read_file(file, trial->request->path, err);
    if (status == 0)
        status = correlation_config_read(file, &trial->texts, &read, err);
    if (status == 0) {
        take_numbers(trial, file, &read);
        take_texts(trial, file, &read);
        status = correlation_config_check(&trial->wanted, err);
    }
    config_free(file);
    return status;
}

static int
read_applied(struct trial *trial, struct arena *arena, struct err *err)
{
    struct stored_configuration stored;
    char hex[SHA256_HEX + 1];
    if (configuration_newest(trial->store, arena, &stored, err) != 0)
        return -1;
    if (stored.number == 0) {
        err_set(err, ERR_CONFIG,
                "no configuration was applied yet, so there is nothing to compare");
        return err_hint(err, "'hindcast correlate --once' applies the first one");
    }
    if (correlation_config_parse(stored.content, &trial->applied, err) != 0 ||
        read_wanted(trial, err) != 0)
        return -1;
    correlation_config_digest(&trial->wanted, hex);
    visible_line(stderr, "applied is %.12s, this would be %.12s",
                 arena_strdup(arena, stored.digest), hex);
    return 0;
}

/* ---- names ---- */

struct named {
    const struct stored_incident *heads;
    struct id_index by_key;
};

static struct sv
number_of(const void *context, const struct incident *incident)
{
    const struct named *named = context;
    size_t place = id_index_find(&named->by_key, incident->incident_key);
    return place == SIZE_MAX ? SV_NONE : named->heads[place].number;
}

/* ---- a scope ---- */

static void
tell_need(const struct correlation_input *input)
{
    size_t bytes = input->count * EVENT_BYTES;
    visible_line(stderr,
                 "scope " SV_FMT ": %zu events; both correlations need about %zu MB of memory",
                 SV_ARG(input->scope), input->count, bytes / 1000000 + 1);
}

static int
show(const struct trial *trial, const struct what_if *found, const struct what_if_names *names,
     struct sv scope, struct err *err)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    if (trial->request->json)
        what_if_json(found, names, scope, &out);
    else
        what_if_text(found, names, output_columns(), &out);
    int status = output_buffer(&out, "what would change", err);
    strbuf_release(&out);
    return status;
}

static int
try_scope(struct trial *trial, struct sv scope, const struct named *named, struct err *err)
{
    struct arena arena;
    struct correlation_input input;
    struct correlation now, then;
    struct cursor_position *cursor;
    struct what_if found;
    size_t count;
    const struct what_if_names names = {number_of, named};
    arena_init(&arena, (size_t)1 << 20);
    int status = casebook_load(trial->store, &arena, scope, &input, &cursor, &count, err);
    if (status == 0) {
        tell_need(&input);
        status = correlate_run(&arena, &input, &trial->applied, &now, err);
    }
    if (status == 0)
        status = correlate_run(&arena, &input, &trial->wanted, &then, err);
    if (status == 0) {
        what_if_compare(&arena, &now, &then, trial->request->since_ns, &found);
        status = show(trial, &found, &names, scope, err);
    }
    arena_release(&arena);
    return status;
}

static int
try_all(struct trial *trial, struct arena *arena, const volatile bool *stop, struct err *err)
{
    struct sv *scopes;
    struct stored_incident *heads;
    size_t count, head_count;
    if (casebook_scopes(trial->store, arena, false, &scopes, &count, err) != 0 ||
        casebook_incidents(trial->store, arena, false, &heads, &head_count, err) != 0)
        return -1;
    struct named named = {.heads = heads};
    id_index_init(&named.by_key, arena, head_count);
    for (size_t i = 0; i < head_count; i++)
        id_index_add(&named.by_key, heads[i].incident.incident_key, i);
    id_index_sort(&named.by_key);
    for (size_t i = 0; i < count; i++) {
        if (stop_asked(stop))
            return err_set(err, ERR_FAILED, "stopped after %zu scopes", i);
        if (try_scope(trial, scopes[i], &named, err) != 0)
            return -1;
    }
    return 0;
}

int
what_if(const struct config *config, const struct what_if_request *request,
        const volatile bool *stop, struct err *err)
{
    struct trial trial = {.request = request};
    struct arena arena;
    arena_init(&arena, 0);
    int status = open_store(config, STORE_CORRELATE, stop, &trial.store, err);
    if (status == 0)
        status = read_applied(&trial, &arena, err);
    if (status == 0)
        status = try_all(&trial, &arena, stop, err);
    store_close(trial.store);
    strbuf_release(&trial.texts);
    arena_release(&arena);
    return status;
}
