/*
 * `hindcast declare`: a person says that there was an incident. Main thread.
 */
#include <stdio.h>
#include <stdlib.h>

#include "app/open.h"
#include "base/text/utf8.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "correlate/decide/decide.h"
#include "hindcast/casebook.h"

struct declare_arguments {
    const char *title, *from, *to, *service, *channel, *scope;
};

static const struct command_option own_options[] = {
    VALUE_AT("--title", "TEXT", "what to call it", struct declare_arguments, title),
    VALUE_AT("--from", "TIME", "when it began", struct declare_arguments, from),
    VALUE_AT("--to", "TIME", "when it was over", struct declare_arguments, to),
    VALUE_AT("--service", "NAME", "only records of this service attach", struct declare_arguments,
             service),
    VALUE_AT("--channel", "NAME", "only chat of this channel attaches", struct declare_arguments,
             channel),
    VALUE_AT("--scope", "SCOPE", "scope; default: that of ingest", struct declare_arguments, scope),
};

static int
fill_in(const struct declare_arguments *arguments, struct declaration *declaration, struct err *err)
{
    if (arguments->title == NULL || arguments->from == NULL) {
        err_set(err, ERR_USAGE, "declare needs --title and --from");
        return err_hint(err, "'hindcast declare --help' shows an example");
    }
    *declaration = (struct declaration){
        .title = sv_from(arguments->title),
        .to_ns = TIME_NONE,
        .service = sv_from(arguments->service),
        .channel = sv_from(arguments->channel),
        .declared_by = sv_from(getenv("USER")),
    };
    if (!utf8_storable(declaration->title) || !utf8_storable(declaration->service) ||
        !utf8_storable(declaration->channel) || !utf8_storable(sv_from(arguments->scope)))
        return err_set(err, ERR_USAGE, "title, service, channel and scope must be UTF-8");
    if (!utf8_storable(declaration->declared_by))
        declaration->declared_by = SV_NONE;
    if (sv_starts(declaration->channel, SV("#")))
        declaration->channel = sv_slice(declaration->channel, 1, declaration->channel.len);
    if (time_parse_arg("--from", arguments->from, &declaration->from_ns, err) != 0 ||
        (arguments->to != NULL &&
         time_parse_arg("--to", arguments->to, &declaration->to_ns, err) != 0))
        return -1;
    return 0;
}

/* The same words name the same declaration: who takes it back takes back all that say them. */
static int
check_counts(struct store *store, struct arena *arena, struct sv scope, struct sv id,
             struct err *err)
{
    struct decision *decisions;
    struct deciding deciding;
    size_t count, left_out;
    if (casebook_decisions(store, arena, scope, &decisions, &count, &left_out, err) != 0)
        return -1;
    deciding_init(arena, decisions, count, &deciding);
    for (size_t i = 0; i < deciding.count; i++) {
        const struct deciding_one *one = &deciding.all[i];
        if (one->decision.verb != DECISION_UNDECLARE || !sv_empty(one->undone_by) ||
            !sv_eq(one->decision.target, id))
            continue;
        err_set(err, ERR_FAILED, "the declaration " SV_FMT " was taken back by " SV_FMT, SV_ARG(id),
                SV_ARG(one->decision.author));
        return err_hint(err, "'hindcast decide undo " SV_FMT "' has it count again",
                        SV_ARG(one->decision.id));
    }
    return 0;
}

static int
declare(const struct config *config, const struct declare_arguments *arguments, struct arena *arena,
        struct err *err)
{
    struct declaration declaration;
    struct store *store;
    struct sv id;
    if (fill_in(arguments, &declaration, err) != 0)
        return -1;
    struct sv scope = sv_from(arguments->scope != NULL ? arguments->scope
                                                       : config_text(config, OPT_ingest_scope));
    if (open_store(config, STORE_RESPONDER, command_stop_flag(), &store, err) != 0)
        return -1;
    int status = casebook_declare(store, arena, scope, &declaration, &id, err);
    if (status == 0)
        status = check_counts(store, arena, scope, id, err);
    store_close(store);
    if (status != 0)
        return -1;
    visible_line(stdout, SV_FMT, SV_ARG(id));
    visible_line(stderr, "declared; 'hindcast correlate --once' builds its timeline");
    return 0;
}

static int
run(struct command_context *context, struct err *err)
{
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "declare takes no argument '%s'", context->argv[1]);
    struct arena arena;
    arena_init(&arena, 0);
    int status = declare(context->config, context->arguments, &arena, err);
    arena_release(&arena);
    return status;
}

const struct command command_declare = {
    .name = "declare",
    .usage = "--title T --from TIME",
    .summary = "declare an incident by hand",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_ingest_scope),
    .roles = "hindcast_responder",
    .arguments_size = sizeof(struct declare_arguments),
    .run = run,
};
