/*
 * An incident without what the policy takes out: see incident.h. A new text of entries
 * (hindcast/entry.def) is redacted without a change here.
 */
#include "report/redact/incident.h"

/* ---- what its records name ---- */

void
redact_know_incident(struct redaction *redaction, const struct incident *incident)
{
    struct names *names = &redaction->names;
    for (size_t i = 0; i < incident->entry_count; i++)
        names_add_role(names, incident->entries[i].role);
    for (size_t i = 0; i < incident->service_count; i++)
        names_add(names, REDACT_SERVICE, incident->services[i], SV_NONE, NAME_OF_DATA);
    for (size_t i = 0; i < incident->node_count; i++)
        names_add(names, REDACT_SERVICE, incident->nodes[i]->service, SV_NONE, NAME_OF_DATA);
    for (size_t i = 0; i < incident->entry_count; i++)
        names_add(names, REDACT_SERVICE, incident->entries[i].service, SV_NONE, NAME_OF_DATA);
    for (size_t i = 0; i < incident->node_count; i++)
        names_add(names, REDACT_HOST, incident->nodes[i]->host, SV_NONE, NAME_OF_DATA);
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        names_add(names, REDACT_PERSON, entry->actor, entry->role, NAME_OF_DATA);
        names_add_alias(names, entry->actor, entry->actor_written);
        names_add(names, REDACT_HOST, entry->host, SV_NONE, NAME_OF_DATA);
        names_add(names, REDACT_CHANNEL, entry->channel, SV_NONE, NAME_OF_DATA);
        for (size_t k = 0; k < entry->page_count; k++)
            names_add(names, REDACT_PERSON, entry->pages[k].person, SV_NONE, NAME_OF_DATA);
        for (size_t k = 0; k < entry->role_count; k++)
            names_add(names, REDACT_PERSON, entry->roles[k].person, SV_NONE, NAME_OF_DATA);
        for (size_t k = 0; k < entry->evidence_count; k++)
            names_add(names, REDACT_FILE, entry->evidence[k].file, SV_NONE, NAME_OF_DATA);
    }
    for (size_t i = 0; i < incident->decision_count; i++) {
        const struct decision *decision = &incident->decisions[i].decision;
        names_add(names, REDACT_PERSON, decision->author, SV_NONE, NAME_OF_DATA);
        if (decision->verb == DECISION_LEAD) /* a person, whom no record may tell of */
            names_add(names, REDACT_PERSON, decision->value, SV_NONE, NAME_OF_DATA);
    }
}

void
redact_learn_incident(struct redaction *redaction, const struct incident *incident)
{
    redact_learn(redaction, incident->title);
    for (size_t i = 0; i < incident->node_count; i++)
        redact_learn(redaction, incident->nodes[i]->title);
    for (size_t i = 0; i < incident->entry_count; i++) {
        redact_learn(redaction, incident->entries[i].text);
        redact_learn(redaction, incident->entries[i].told);
        redact_learn(redaction, incident->entries[i].membership);
    }
}

/* ---- an entry ---- */

/* Of each type of entry.def: what has no text from outside stays as it is. */
static void
redact_TEXT(struct redaction *redaction, struct sv *text)
{
    *text = redact_text(redaction, *text);
}
#define redact_OPTIONAL redact_TEXT
#define redact_TIME(redaction, field) ((void)(field))
#define redact_SPAN redact_TIME
#define redact_INT32 redact_TIME
#define redact_INT64 redact_TIME
#define redact_FLAG redact_TIME
#define redact_KIND redact_TIME
#define redact_RECORD_KIND redact_TIME
#define redact_ACT redact_TIME
#define redact_SIGNIFICANCE redact_TIME
#define redact_TIME_SOURCE redact_TIME

static void
redact_BYTES(struct redaction *redaction, struct sv *bytes)
{
    (void)redaction;
    *bytes = SV_NONE;
}

static void
redact_MILESTONES(struct redaction *redaction, const enum milestone **list, size_t count)
{
    (void)redaction;
    (void)list;
    (void)count;
}

static void
redact_REASONS(struct redaction *redaction, const struct reason **list, size_t count)
{
    struct reason *copy = ARENA_ARRAY(&redaction->arena, struct reason, count + 1);
    for (size_t i = 0; i < count; i++)
        copy[i] = (struct reason){redact_text(redaction, (*list)[i].name), (*list)[i].hundredths};
    *list = copy;
}

static void
redact_EVIDENCE(struct redaction *redaction, const struct evidence **list, size_t count)
{
    struct evidence *copy = ARENA_ARRAY(&redaction->arena, struct evidence, count + 1);
    for (size_t i = 0; i < count; i++) {
        copy[i] = (*list)[i];
        copy[i].topic = redact_text(redaction, copy[i].topic);
        copy[i].file = redact_name(redaction, REDACT_FILE, copy[i].file);
    }
    *list = copy;
}

static void
redact_PAGES(struct redaction *redaction, const struct paged **list, size_t count)
{
    struct paged *copy = ARENA_ARRAY(&redaction->arena, struct paged, count + 1);
    for (size_t i = 0; i < count; i++) {
        copy[i] = (*list)[i];
        copy[i].person = redact_name(redaction, REDACT_PERSON, copy[i].person);
        copy[i].doubt = redact_text(redaction, copy[i].doubt);
    }
    *list = copy;
}

static void
redact_ROLES(struct redaction *redaction, const struct given_role **list, size_t count)
{
    struct given_role *copy = ARENA_ARRAY(&redaction->arena, struct given_role, count + 1);
    for (size_t i = 0; i < count; i++) {
        copy[i] = (*list)[i];
        copy[i].person = redact_name(redaction, REDACT_PERSON, copy[i].person);
        copy[i].role = redact_text(redaction, copy[i].role);
    }
    *list = copy;
}

static struct entry
redact_entry(struct redaction *redaction, const struct entry *entry)
{
    struct entry copy = *entry;
    /* By their kind, before they are texts. */
    copy.actor = redact_name(redaction, REDACT_PERSON, copy.actor);
    copy.actor_written = SV_NONE; /* the same person */
    copy.actor_reason = SV_NONE;
    copy.host = redact_name(redaction, REDACT_HOST, copy.host);
    copy.channel = redact_name(redaction, REDACT_CHANNEL, copy.channel);
    copy.service = redact_name(redaction, REDACT_SERVICE, copy.service);
    copy.url = redact_link(redaction, copy.url);
    copy.thread_key = SV_NONE; /* names of channels and people in the form of their tool */
#define ENTRY_FIELD(type, member, field, column, line, place) redact_##type(redaction, &copy.field);
#define ENTRY_LIST(type, member, field, count, column, line, place)                                \
    redact_##type(redaction, &copy.field, copy.count);
#define ENTRY_COLUMN(type, field, column) redact_##type(redaction, &copy.field);
#include "hindcast/entry.def"
    copy.entry_id = entry->entry_id; /* ours: digests */
    copy.chain = entry->chain;
    return copy;
}

/* ---- a node, the incident ---- */

static const struct node *
redact_node(struct redaction *redaction, const struct node *node)
{
    struct node *copy = ARENA_NEW(&redaction->arena, struct node);
    *copy = *node;
    copy->host = redact_name(redaction, REDACT_HOST, node->host);
    copy->service = redact_name(redaction, REDACT_SERVICE, node->service);
    struct sv *const texts[] = {&copy->node_key, &copy->title,        &copy->service, &copy->host,
                                &copy->source,   &copy->incident_key, &copy->reason};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i] = redact_text(redaction, *texts[i]);
    copy->fingerprint = SV_NONE;
    return copy;
}

static struct sv
redact_service(struct redaction *redaction, struct sv service)
{
    return redact_text(redaction, redact_name(redaction, REDACT_SERVICE, service));
}

/* What was said and by whom; the rest of its content, reasons and uids, is not for the public. */
static struct decided
redact_decided(struct redaction *redaction, const struct decided *decided)
{
    const struct decision *from = &decided->decision;
    struct decided_row *rows =
        ARENA_ARRAY(&redaction->arena, struct decided_row, decided->row_count + 1);
    for (size_t i = 0; i < decided->row_count; i++) {
        rows[i] = decided->rows[i];
        rows[i].text = redact_text(redaction, rows[i].text);
    }
    return (struct decided){
        .decision = {.id = from->id,
                     .digest = from->digest,
                     .verb = from->verb,
                     .at_ns = from->at_ns,
                     .author = redact_name(redaction, REDACT_PERSON, from->author),
                     .value = redact_text(redaction, from->value),
                     .time_ns = from->time_ns},
        .state = decided->state,
        .by = decided->by,
        .rows = rows,
        .row_count = decided->row_count,
    };
}

void
redact_incident(struct redaction *redaction, const struct stored_incident *stored,
                struct stored_incident *ret_copy)
{
    const struct incident *incident = &stored->incident;
    struct arena *arena = &redaction->arena;
    struct entry *entries = ARENA_ARRAY(arena, struct entry, incident->entry_count + 1);
    const struct node **nodes = arena_calloc(arena, incident->node_count + 1, sizeof(*nodes));
    struct sv *services = ARENA_ARRAY(arena, struct sv, incident->service_count + 1);
    *ret_copy = *stored;
    ret_copy->scope = redact_text(redaction, stored->scope);
    struct incident *copy = &ret_copy->incident;
    copy->title = redact_text(redaction, incident->title);
    copy->incident_key = redact_text(redaction, incident->incident_key);
    for (size_t i = 0; i < incident->service_count; i++)
        services[i] = redact_service(redaction, incident->services[i]);
    for (size_t i = 0; i < incident->entry_count; i++)
        entries[i] = redact_entry(redaction, &incident->entries[i]);
    for (size_t i = 0; i < incident->node_count; i++)
        nodes[i] = redact_node(redaction, incident->nodes[i]);
    struct decided *decisions = ARENA_ARRAY(arena, struct decided, incident->decision_count + 1);
    for (size_t i = 0; i < incident->decision_count; i++)
        decisions[i] = redact_decided(redaction, &incident->decisions[i]);
    copy->decisions = decisions;
    copy->services = services;
    copy->entries = entries;
    copy->nodes = nodes;
    copy->member_uids = NULL;
    copy->member_count = 0;
}
