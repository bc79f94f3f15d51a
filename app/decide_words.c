/*
 * From the words of a command line to decisions: see decide.h.
 */
#include <stdlib.h>

#include "app/decide_folder.h"
#include "base/clock.h"
#include "base/text/visible.h"

/* A verb with what it was given, while its decisions are made. */
struct said {
    const struct decide_request *request;
    struct store *store;
    struct arena *arena;
    struct decision_list *list;
    struct decision begun; /* what they share */
    struct stored_incident stored;
};

static const char *
operand(const struct said *said, size_t at)
{
    return said->request->operands[at];
}

static int
needs(const struct said *said, size_t least, size_t most, const char *form, struct err *err)
{
    size_t count = said->request->operand_count;
    if (count >= least && count <= most)
        return 0;
    err_set(err, ERR_USAGE, "decide %s takes %s", decision_word(said->begun.verb), form);
    return err_hint(err, "'hindcast decide --help' shows examples");
}

static int
seal(struct said *said, struct decision decision, struct err *err)
{
    if (decision_seal(said->arena, &decision, err) != 0)
        return -1;
    decision_list_add(said->arena, said->list, &decision);
    return 0;
}

static int
name_row(struct said *said, const char *name, struct decision *decision, struct err *err)
{
    struct decision_row *row = ARENA_NEW(said->arena, struct decision_row);
    if (decide_row(said->arena, &said->stored.incident, name, row, err) != 0)
        return -1;
    decision->rows = row;
    decision->row_count = 1;
    return 0;
}

/* hide INCIDENT ROW...: a decision for each row, so that each is undone by itself. */
static int
say_of_rows(struct said *said, struct err *err)
{
    if (needs(said, 2, DECISION_ROWS_MAX, "INCIDENT ROW...", err) != 0)
        return -1;
    for (size_t i = 1; i < said->request->operand_count; i++) {
        struct decision decision = said->begun;
        if (name_row(said, operand(said, i), &decision, err) != 0 || seal(said, decision, err) != 0)
            return -1;
    }
    return 0;
}

static int
say_of_row(struct said *said, struct err *err)
{
    struct decision decision = said->begun;
    bool moment = decision_takes(decision.verb) == VALUE_MOMENT;
    if (needs(said, 3, 3, moment ? "INCIDENT ROW TIME" : "INCIDENT ROW TEXT", err) != 0 ||
        name_row(said, operand(said, 1), &decision, err) != 0)
        return -1;
    if (!moment)
        decision.value = sv_from(operand(said, 2));
    else if (decide_time(said->arena, operand(said, 2), decision.rows[0].time_ns, &decision.time_ns,
                         err) != 0)
        return -1;
    return seal(said, decision, err);
}

static int
say_milestone(struct said *said, struct err *err)
{
    struct decision decision = said->begun;
    if (needs(said, 3, 3, "INCIDENT MILESTONE ROW, or none in the place of ROW", err) != 0)
        return -1;
    decision.value = sv_from(operand(said, 1));
    if (!sv_eq(sv_from(operand(said, 2)), SV(DECISION_NO_ROW)) &&
        name_row(said, operand(said, 2), &decision, err) != 0)
        return -1;
    return seal(said, decision, err);
}

static int
say_note(struct said *said, struct err *err)
{
    struct decision decision = said->begun;
    if (needs(said, 3, 3, "INCIDENT TIME TEXT", err) != 0 ||
        decide_time(said->arena, operand(said, 1), said->stored.incident.first_ns,
                    &decision.time_ns, err) != 0)
        return -1;
    decision.value = sv_from(operand(said, 2));
    return seal(said, decision, err);
}

static int
say_of_incident(struct said *said, struct err *err)
{
    struct decision decision = said->begun;
    bool nothing = decision_takes(decision.verb) == VALUE_NOTHING;
    size_t count = nothing ? 1 : 2;
    if (needs(said, count, count, nothing ? "INCIDENT" : "INCIDENT VALUE", err) != 0)
        return -1;
    if (!nothing)
        decision.value = sv_from(operand(said, 1));
    return seal(said, decision, err);
}

/* merge INCIDENT OTHER */
static int
say_merge(struct said *said, struct err *err)
{
    struct decision decision = said->begun;
    struct stored_incident other;
    if (needs(said, 2, 2, "two incidents", err) != 0 ||
        decide_load(said->store, said->arena, operand(said, 1), &other, err) != 0)
        return -1;
    if (!sv_eq(other.scope, said->stored.scope))
        return err_set(err, ERR_USAGE, "the incidents are of two scopes");
    if (sv_eq(other.incident.incident_key, said->stored.incident.incident_key))
        return err_set(err, ERR_USAGE, "both names are of one incident");
    decision.target = decide_uid(&other.incident);
    return seal(said, decision, err);
}

/* What is not shown in this incident is named by its uid, or as OTHER/ROW. */
static int
name_elsewhere(struct said *said, const char *name, struct decision_row *row, struct err *err)
{
    struct stored_incident other;
    struct sv text = sv_from(name);
    size_t slash = sv_find_char(text, '/');
    if (decide_is_uid(text)) {
        *row = (struct decision_row){.event = text, .time_ns = TIME_NONE};
        return 0;
    }
    if (said->store == NULL) /* of a folder, too, which may lie anywhere */
        for (size_t i = slash; i < text.len; i++)
            slash = text.ptr[i] == '/' ? i : slash;
    const char *folder = arena_strdup(said->arena, sv_slice(text, 0, slash));
    if (slash >= text.len ||
        !(said->store == NULL ? decide_is_folder(folder) : sv_starts_nocase(text, SV("INC-"))))
        return decide_row(said->arena, &said->stored.incident, name, row, err);
    if (decide_load(said->store, said->arena, arena_strdup(said->arena, sv_slice(text, 0, slash)),
                    &other, err) != 0)
        return -1;
    if (!sv_eq(other.scope, said->stored.scope))
        return err_set(err, ERR_USAGE, "the incidents are of two scopes");
    return decide_row(said->arena, &other.incident, name + slash + 1, row, err);
}

/* The episode that names the incident carries its number: the others leave it, not it them. */
static int
check_remainder(const struct said *said, const char *name, const struct decision_row *row,
                struct err *err)
{
    const struct incident *incident = &said->stored.incident;
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        struct sv uid = arena_hex(said->arena, entry->uid.ptr, entry->uid.len);
        if (!sv_eq(uid, row->event) || !sv_eq(entry->node_key, incident->incident_key))
            continue;
        err_set(err, ERR_USAGE, "'%s' is of the episode that names the incident, and stays", name);
        return err_hint(err, "name the other rows: those leave, the rest keeps the number");
    }
    return 0;
}

/* split INCIDENT ROW...: one decision; attach and detach: one for each row. */
static int
say_of_episodes(struct said *said, struct err *err)
{
    size_t count = said->request->operand_count;
    bool split = said->begun.verb == DECISION_SPLIT;
    if (needs(said, 2, DECISION_ROWS_MAX, "INCIDENT ROW...", err) != 0)
        return -1;
    struct decision_row *rows = ARENA_ARRAY(said->arena, struct decision_row, count);
    for (size_t i = 1; i < count; i++)
        if (name_elsewhere(said, operand(said, i), &rows[i - 1], err) != 0 ||
            (split && check_remainder(said, operand(said, i), &rows[i - 1], err) != 0))
            return -1;
    for (size_t i = 0; i < (split ? 1 : count - 1); i++) {
        struct decision decision = said->begun;
        decision.rows = &rows[i];
        decision.row_count = split ? count - 1 : 1;
        if (seal(said, decision, err) != 0)
            return -1;
    }
    return 0;
}

static int
find_incident(struct said *said, struct err *err)
{
    const char *name = said->request->operand_count == 0 ? NULL : operand(said, 0);
    if (name == NULL)
        return needs(said, 1, SIZE_MAX, "INCIDENT and what is said of it", err);
    if (decide_load(said->store, said->arena, name, &said->stored, err) != 0)
        return -1;
    said->list->scope = said->stored.scope;
    said->begun.incident = decide_uid(&said->stored.incident);
    return 0;
}

/* undo FOLDER ID */
static int
say_undo_in_folder(struct said *said, struct err *err)
{
    struct decision decision = said->begun;
    struct sv id = sv_from(said->request->operand_count == 2 ? operand(said, 1) : NULL);
    const struct decided *undone = NULL;
    size_t found = 0;
    if (needs(said, 2, 2, "a folder and the id of a decision", err) != 0 ||
        decide_load(NULL, said->arena, operand(said, 0), &said->stored, err) != 0)
        return -1;
    for (size_t i = 0; i < said->stored.incident.decision_count; i++) {
        struct sv other = said->stored.incident.decisions[i].decision.id;
        if (!sv_starts(other, id))
            continue;
        decision.target = other;
        undone = &said->stored.incident.decisions[i];
        found++;
    }
    if (found != 1)
        return err_set(err, ERR_NOT_FOUND, "there is no decision '" SV_FMT "'%s", SV_ARG(id),
                       found == 0 ? "" : ": more than one begins so");
    if (undone->state == DECIDED_UNDONE) {
        err_set(err, ERR_USAGE, "it is undone already, by " SV_FMT, SV_ARG(undone->by));
        return err_hint(err, "an undo of that brings it back");
    }
    said->list->scope = said->stored.scope;
    return seal(said, decision, err);
}

/* A decision or declaration by its id: the scope is that of what is taken back. */
static int
say_undo(struct said *said, struct err *err)
{
    struct stored_decision stored;
    struct decision decision = said->begun;
    if (needs(said, 1, 1, "the id of a decision", err) != 0 ||
        casebook_decision(said->store, said->arena, SV_NONE, sv_from(operand(said, 0)), &stored,
                          err) != 0)
        return -1;
    said->list->scope = stored.scope;
    decision.target = stored.decision.id;
    return seal(said, decision, err);
}

static int
say_undeclare(struct said *said, struct err *err)
{
    struct decision decision = said->begun;
    if (needs(said, 1, 1, "the id that 'hindcast declare' printed", err) != 0 ||
        casebook_declared(said->store, said->arena, sv_from(operand(said, 0)), &said->list->scope,
                          &decision.target, err) != 0)
        return -1;
    return seal(said, decision, err);
}

static int
say(struct said *said, struct err *err)
{
    enum decision_verb verb = said->begun.verb;
    if (verb == DECISION_UNDO)
        return said->store == NULL ? say_undo_in_folder(said, err) : say_undo(said, err);
    if (verb == DECISION_UNDECLARE && said->store == NULL)
        return err_set(err, ERR_USAGE, "a folder has no declarations; draft without --from");
    if (verb == DECISION_UNDECLARE)
        return say_undeclare(said, err);
    if (find_incident(said, err) != 0)
        return -1;
    if (verb == DECISION_MILESTONE)
        return say_milestone(said, err);
    if (verb == DECISION_NOTE)
        return say_note(said, err);
    if (verb == DECISION_MERGE)
        return say_merge(said, err);
    if (decision_about(verb) == ABOUT_EPISODES)
        return say_of_episodes(said, err);
    if (decision_about(verb) == ABOUT_INCIDENT)
        return say_of_incident(said, err);
    return decision_takes(verb) == VALUE_NOTHING ? say_of_rows(said, err) : say_of_row(said, err);
}

int
decide_words(const struct decide_request *request, struct store *store, struct arena *arena,
             struct decision_list *list, struct err *err)
{
    struct said said = {.request = request, .store = store, .arena = arena, .list = list};
    if (decide_begin(request, &said.begun, err) != 0)
        return -1;
    said.begun.verb = decision_read_word(sv_from(request->verb));
    if (said.begun.verb == DECISION_NONE) {
        err_set(err, ERR_USAGE, "decide has no verb '%s'", request->verb);
        return err_hint(err, "'hindcast decide --help' lists them");
    }
    return say(&said, err);
}
