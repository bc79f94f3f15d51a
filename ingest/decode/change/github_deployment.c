/*
 * GitHub webhooks deployment and deployment_status. Other objects (workflow_run, check_run) ride
 * along in the body; deployment_status decides, then deployment. A redelivery keeps its delivery
 * id.
 */
#include "ingest/decode/core/decoder_internal.h"

static const struct {
    const char *state;
    enum event_phase phase;
} states[] = {
    {"pending", PHASE_QUEUED},      {"queued", PHASE_QUEUED},     {"waiting", PHASE_QUEUED},
    {"in_progress", PHASE_STARTED}, {"success", PHASE_SUCCEEDED}, {"failure", PHASE_FAILED},
    {"error", PHASE_FAILED},        {"inactive", PHASE_UPDATE},
};

static int
bid(const struct probe *probe)
{
    bool deployment = tree_has(probe->json, "deployment.id");
    if (json_is_object(tree_find(probe->json, "deployment_status")) && deployment)
        return 93;
    return deployment && tree_has(probe->json, "repository.full_name") ? 92 : 0;
}

static enum event_phase
phase_of(struct sv state)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (sv_eq(state, sv_from(states[i].state)))
            return states[i].phase;
    return PHASE_UPDATE;
}

static void
take_identity(const struct probe *probe, const json_t *object, bool status, struct event *event)
{
    struct sv id = tree_pick(probe->arena, object, "id");
    int64_t number;
    /* Statuses of one second follow their numbers; a deployment's own is of another row. */
    if (status && sv_to_int64(id, &number) && number > 0)
        event->sequence = number;
    struct sv kind = status ? SV("deployment_status") : SV("deployment");
    struct sv delivery = record_header(probe->record, "X-GitHub-Delivery");
    if (!sv_empty(delivery))
        event->identity = IDENTITY(probe->arena, SV("delivery"), delivery, id);
    else if (!sv_empty(id))
        /* Numbers are of one server; its name is in the address. */
        event->identity =
            IDENTITY(probe->arena, kind, id, tree_pick(probe->arena, object, "state"),
                     tree_pick(probe->arena, object, "updated_at"),
                     tree_pick(probe->arena, object, "url"), PICK("repository.full_name"));
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct arena *arena = probe->arena;
    const json_t *deployment = tree_find(probe->json, "deployment");
    const json_t *object = tree_find(probe->json, "deployment_status|deployment");
    if (!json_is_object(object) || !json_is_object(deployment))
        return decode_bad(result, QUARANTINE_MISSING_FIELD, "no deployment in the body");
    bool status = object != deployment;
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    struct sv state = tree_pick(arena, object, "state");
    event->kind = EVENT_CHANGE;
    event->record_kind = RECORD_DEPLOY;
    event->phase = status ? phase_of(state) : PHASE_QUEUED;
    event_pick_time(probe, object, status ? "updated_at|created_at" : "created_at", event);
    event->service = PICK("repository.full_name|repository.name");
    event->environment = tree_pick(arena, object, "environment");
    if (sv_empty(event->environment))
        event->environment = tree_pick(arena, deployment, "environment");
    if (!sv_empty(event->service))
        event->source = arena_printf(arena, "github:" SV_FMT, SV_ARG(event->service));
    /* Who ran it again, not who had run it first. */
    event->actor =
        PICK("workflow_run.triggering_actor.login|sender.login|deployment.creator.login");
    event->actor_type = sv_ends(event->actor, SV("[bot]")) ? ACTOR_BOT
                        : sv_empty(event->actor)           ? ACTOR_NONE
                                                           : ACTOR_HUMAN;
    struct sv branch = tree_pick(arena, deployment, "ref");
    struct sv task = tree_pick(arena, deployment, "task");
    task = sv_empty(task) ? SV("deploy") : task;
    if (status)
        event->title = arena_printf(arena, SV_FMT " " SV_FMT " " SV_FMT, SV_ARG(task),
                                    SV_ARG(event->environment), SV_ARG(state));
    else
        event->title = arena_printf(arena, SV_FMT " " SV_FMT " to " SV_FMT, SV_ARG(task),
                                    SV_ARG(branch), SV_ARG(event->environment));
    struct sv words = tree_pick(arena, object, "description");
    event->body = sv_empty(words) ? event->title : words;
    event->ref = tree_pick(arena, deployment, "sha");
    event->group_key = tree_pick(arena, deployment, "id");
    event->url = tree_pick(arena, object, "log_url|target_url|environment_url|url");
    take_identity(probe, object, status, event);
    json_t *left = json_pack("{s:O*,s:O*,s:O*}", "deployment_id", json_object_get(deployment, "id"),
                             "ref", json_object_get(deployment, "ref"), "payload",
                             json_object_get(deployment, "payload"));
    event->attributes = left == NULL ? SV_NONE : tree_dump(arena, left);
    json_decref(left);
    return 0;
}

const struct decoder decoder_github_deployment = {
    .info = {.name = "github_deployment",
             .identity = "github",
             .title = "GitHub deployment and deployment_status webhooks",
             .kinds = "change",
             .identified_by = "`X-GitHub-Delivery`, else object id and address, state and "
                              "`updated_at`",
             .reference = "https://docs.github.com/en/webhooks/webhook-events-and-payloads",
             .signs = "deployment.id",
             .highest = 93},
    .reads = READS_TREE,
    .bid = bid,
    .decode = decode,
};
