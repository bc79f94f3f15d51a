/*
 * Decisions out of lines of JSON: see decide.h. What hindcast wrote is taken as it is; what a
 * person wrote may name incident and rows as on a command line, and leave time and author out.
 */
#include <stdio.h>

#include "app/decide.h"
#include "base/clock.h"

/* The incident that a line names, loaded once where lines that follow name the same. */
struct lines {
    const struct decide_request *request;
    struct store *store;
    struct arena *arena;
    int64_t at_ns; /* now: of those that tell no time */
    struct sv name;
    struct stored_incident stored;
    bool found;
    size_t number; /* of the line, from 1 */
};

static int
at_line(const struct lines *lines, struct err *err)
{
    char message[sizeof(err->message)];
    snprintf(message, sizeof(message), "%s", err->message);
    err_set(err, err->code, "line %zu: %s", lines->number, message);
    return -1;
}

static int
load(struct lines *lines, struct sv name, struct err *err)
{
    struct err missing;
    if (lines->name.ptr != NULL && sv_eq(lines->name, name))
        return 0;
    int status = casebook_incident(lines->store, lines->arena, arena_strdup(lines->arena, name),
                                   &lines->stored, &missing);
    if (status != 0 && missing.code != ERR_NOT_FOUND) {
        *err = missing;
        return -1;
    }
    lines->name = name;
    lines->found = status == 0;
    return 0;
}

/* What a person wrote: names become uids. */
static int
complete(struct lines *lines, struct decision *decision, struct err *err)
{
    struct arena *arena = lines->arena;
    struct decision begun;
    if (sv_empty(decision->author) && decide_begin(lines->request, &begun, err) != 0)
        return -1;
    if (sv_empty(decision->author))
        decision->author = begun.author;
    if (decision->at_ns == TIME_NONE)
        decision->at_ns = lines->at_ns;
    if (sv_empty(decision->why))
        decision->why = sv_from(lines->request->why);
    if (!decide_is_uid(decision->incident) && !sv_empty(decision->incident)) {
        if (!lines->found)
            return err_set(err, ERR_NOT_FOUND, "there is no incident '" SV_FMT "'",
                           SV_ARG(decision->incident));
        decision->incident = decide_uid(&lines->stored.incident);
    }
    if (decision->row_count == 1 && !decide_is_uid(decision->rows[0].event)) {
        struct decision_row *row = ARENA_NEW(arena, struct decision_row);
        if (!lines->found)
            return err_set(err, ERR_NOT_FOUND, "the incident of the row is not there");
        if (decide_row(arena, &lines->stored.incident, arena_strdup(arena, decision->rows[0].event),
                       row, err) != 0)
            return -1;
        decision->rows = row;
    }
    return decision_seal(arena, decision, err);
}

static int
read_one(struct lines *lines, struct sv line, struct decision *decision, struct err *err)
{
    if (decision_read(lines->arena, line, decision, err) != 0)
        return -1;
    if (!sv_empty(decision->incident) && load(lines, decision->incident, err) != 0)
        return -1;
    return decision->id.ptr != NULL ? 0 : complete(lines, decision, err);
}

/* Where the incident is not there, the decision waits for it in the scope that is named. */
static struct sv
scope_of(const struct lines *lines, const struct decision *decision)
{
    const struct decide_request *request = lines->request;
    if (request->scope != NULL)
        return sv_from(request->scope);
    if (lines->found && !sv_empty(decision->incident))
        return lines->stored.scope;
    return sv_from(config_text(request->config, OPT_ingest_scope));
}

int
decide_lines(const struct decide_request *request, struct store *store, struct arena *arena,
             struct sv text, struct decision_list *list, struct err *err)
{
    struct lines lines = {
        .request = request, .store = store, .arena = arena, .at_ns = clock_now_ns()};
    text = decide_text(text);
    for (struct sv line; sv_split(&text, '\n', &line);) {
        struct decision decision;
        lines.number++;
        line = sv_trim(line);
        if (sv_empty(line))
            continue;
        if (read_one(&lines, line, &decision, err) != 0)
            return at_line(&lines, err);
        struct sv scope = scope_of(&lines, &decision);
        if (list->count > 0 && decision_about(decision.verb) == ABOUT_DECISION)
            scope = list->scope; /* an undo goes where what it takes back goes */
        if (list->count > 0 && !sv_eq(list->scope, scope)) {
            err_set(err, ERR_USAGE, "it is of another scope than the lines before");
            return at_line(&lines, err);
        }
        list->scope = scope;
        decision_list_add(arena, list, &decision);
    }
    return 0;
}
