/*
 * Definitions of service level objectives: a document of YAML is a note of what was promised for a
 * service. It tells no time.
 */
#include "ingest/parse/slo_yaml.h"

#include "base/text/json_pairs.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/parse/yaml.h"

#define OBJECTIVES_MAX 64 /* of one document, that its note lists */
#define ALTERNATIVES 3

/* Where a tool writes what; the first that is there counts. */
struct slo_form {
    enum slo_tool tool;
    const char *names[ALTERNATIVES], *shown[ALTERNATIVES], *services[ALTERNATIVES];
    const char *objectives[ALTERNATIVES], *windows[ALTERNATIVES], *descriptions[ALTERNATIVES];
};

static const struct slo_form openslo_form = {
    .tool = SLO_OPENSLO,
    .names = {"metadata.name"},
    .shown = {"metadata.displayName"},
    .services = {"spec.service"},
    .objectives = {"spec.objectives.target", "spec.objectives.targetPercent"},
    .windows = {"spec.timeWindow.duration", "spec.timeWindows.duration"},
    .descriptions = {"spec.description"}};

static const struct slo_form pyrra_form = {.tool = SLO_PYRRA,
                                           .names = {"metadata.name"},
                                           .objectives = {"spec.target"},
                                           .windows = {"spec.window"},
                                           .descriptions = {"spec.description"}};

static const struct slo_form sloth_form = {
    .tool = SLO_SLOTH,
    .names = {"slos.name", "spec.slos.name", "metadata.name"},
    .services = {"service", "spec.service"},
    .objectives = {"slos.objective", "spec.slos.objective"},
    .descriptions = {"slos.description", "spec.slos.description"}};

static struct sv
pick(const struct probe *probe, const char *const *paths, size_t nth)
{
    struct sv value = SV_NONE;
    for (size_t i = 0; i < ALTERNATIVES && paths[i] != NULL && sv_empty(value); i++)
        value = yaml_scalar(probe->arena, probe->body, paths[i], nth);
    return value;
}

static int
bid(const struct probe *probe)
{
    const struct slo_form *form = probe->decoder->own;
    bool lines = sv_find_char(probe->body, '\n') != SIZE_MAX;
    return lines && slo_yaml_told(probe->body) && slo_yaml_tool(probe->body) == form->tool ? 90 : 0;
}

/* "requests-availability 99.9 over 30d", a line each. */
static struct sv
objectives_of(const struct probe *probe, const struct slo_form *form)
{
    struct arena *arena = probe->arena;
    struct sv window = pick(probe, form->windows, 0), all = SV_NONE, objective;
    for (size_t i = 0; i < OBJECTIVES_MAX; i++) {
        if (sv_empty(objective = pick(probe, form->objectives, i)))
            break;
        struct sv name = pick(probe, form->names, i);
        all = arena_printf(arena, SV_FMT "%s" SV_FMT "%sobjective " SV_FMT "%s" SV_FMT, SV_ARG(all),
                           sv_empty(all) ? "" : "\n", SV_ARG(name), sv_empty(name) ? "" : ": ",
                           SV_ARG(objective), sv_empty(window) ? "" : " over ", SV_ARG(window));
    }
    return all;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct slo_form *form = probe->decoder->own;
    struct arena *arena = probe->arena;
    struct sv name = pick(probe, form->names, 0), shown = pick(probe, form->shown, 0);
    struct sv description = pick(probe, form->descriptions, 0);
    if (sv_empty(name))
        return decode_bad(result, QUARANTINE_MISSING_FIELD, "the objective has no name");
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    struct sv objectives = objectives_of(probe, form);
    event->kind = EVENT_NOTE;
    event->service = pick(probe, form->services, 0);
    event->title = sv_empty(shown)
                       ? name
                       : arena_printf(arena, SV_FMT " (" SV_FMT ")", SV_ARG(shown), SV_ARG(name));
    event->body =
        arena_printf(arena, SV_FMT "%s" SV_FMT, SV_ARG(description),
                     sv_empty(description) || sv_empty(objectives) ? "" : "\n", SV_ARG(objectives));
    event->ref = name;
    const struct json_pair left[] = {{SV("objective"), pick(probe, form->objectives, 0)},
                                     {SV("window"), pick(probe, form->windows, 0)}};
    event->attributes = json_pairs(arena, left, sizeof(left) / sizeof(left[0]));
    return 0;
}

static struct field_list *const no_lists[] = {NULL};

#define SLO_DECODER(word, about, page)                                                             \
    const struct decoder decoder_##word = {                                                        \
        .info = {.name = #word,                                                                    \
                 .identity = #word,                                                                \
                 .title = about,                                                                   \
                 .kinds = "note",                                                                  \
                 .identified_by = "coordinates",                                                   \
                 .reference = page,                                                                \
                 .first = "a-z#-",                                                                 \
                 .highest = 90},                                                                   \
        .reads = READS_TEXT,                                                                       \
        .bid = bid,                                                                                \
        .decode = decode,                                                                          \
        .lists = no_lists,                                                                         \
        .own = &word##_form,                                                                       \
    }

SLO_DECODER(openslo, "OpenSLO: service level objectives in YAML",
            "https://github.com/OpenSLO/OpenSLO");
SLO_DECODER(pyrra, "Pyrra: service level objectives in YAML", "https://github.com/pyrra-dev/pyrra");
SLO_DECODER(sloth, "Sloth: service level objectives in YAML", "https://sloth.dev/specs/default/");
