/*
 * `hindcast search WORDS`: incidents by what people remember of them. Main thread.
 */
#include "app/search_show.h"
#include "base/text/utf8.h"
#include "cmd/command.h"

struct search_arguments {
    const char *format, *service, *actor, *since, *until, *kind, *limit, *zone;
};

static const struct command_option own_options[] = {
    VALUE_AT("--service", "NAME", "lines of this service, titles of its incidents",
             struct search_arguments, service),
    VALUE_AT("--actor", "NAME", "lines of this person or program; part of the name will do",
             struct search_arguments, actor),
    VALUE_AT("--since", "TIME", "lines from then on", struct search_arguments, since),
    VALUE_AT("--until", "TIME", "lines before then", struct search_arguments, until),
    VALUE_AT("--kind", "KIND", "alert, chat, change, log, note, metric or title; or finer, below",
             struct search_arguments, kind),
    VALUE_AT("--limit", "N", "incidents to show, 1 to 100; default 10", struct search_arguments,
             limit),
    VALUE_AT("--format", "table|jsonl", "for people (default), or one JSON object an incident",
             struct search_arguments, format),
    VALUE_AT("--tz", "ZONE", "time zone for people; default: output.time_zone",
             struct search_arguments, zone),
};

static bool
known_kind(const char *kind)
{
    struct sv word = sv_from(kind);
    return command_word(kind, "title") ||
           sv_eq(word, sv_from(event_kind_word(event_kind_read(word)))) ||
           sv_eq(word, sv_from(record_kind_word(record_kind_read(word)))) ||
           sv_eq(word, sv_from(entry_kind_word(entry_kind_read(word))));
}

static int
fill_in(const struct search_arguments *arguments, struct search_request *request, struct err *err)
{
    if (!utf8_storable(sv_from(request->service)) || !utf8_storable(sv_from(request->actor)))
        return err_set(err, ERR_USAGE, "service and actor must be UTF-8");
    if (arguments->kind != NULL && !known_kind(arguments->kind)) {
        err_set(err, ERR_USAGE, "search: there is no kind '%s'", arguments->kind);
        return err_hint(err,
                        "alert, chat, change, log, note, metric, title; --help has finer ones");
    }
    if (command_times(arguments->since, arguments->until, &request->since_ns, &request->until_ns,
                      err) != 0)
        return -1;
    return search_limit(arguments->limit, &request->most, err);
}

/* The words as one text: what the shell took apart belongs together again. */
static void
join(const struct command_context *context, struct strbuf *words)
{
    for (int i = 1; i < context->argc; i++)
        strbuf_addf(words, "%s%s", i == 1 ? "" : " ", context->argv[i]);
}

static int
run(struct command_context *context, struct err *err)
{
    const struct search_arguments *arguments = context->arguments;
    const char *zone = arguments->zone != NULL ? arguments->zone
                                               : config_text(context->config, OPT_output_time_zone);
    struct search_request request = {.service = arguments->service,
                                     .actor = arguments->actor,
                                     .kind = arguments->kind,
                                     .most = SEARCH_INCIDENTS_SHOWN};
    struct strbuf words;
    if (context->argc < 2) {
        err_set(err, ERR_USAGE, "search needs a word");
        return err_hint(err, "'hindcast search --help' shows examples");
    }
    if (fill_in(arguments, &request, err) != 0 || time_zone_use(zone, err) != 0)
        return -1;
    strbuf_init(&words, 0);
    join(context, &words);
    request.words = words.ptr;
    int status = search_show(context->config, &request, command_word(arguments->format, "jsonl"),
                             command_stop_flag(), err);
    strbuf_release(&words);
    return status;
}

const struct command command_search = {
    .name = "search",
    .usage = "WORD...",
    .summary = "find incidents by words of their timelines and titles",
    .operand = "WORD...",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_output_time_zone),
    .roles = ROLES_ANALYST,
    .arguments_size = sizeof(struct search_arguments),
    .pages = true,
    .run = run,
};
