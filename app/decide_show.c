/*
 * Decisions about an incident, and what they would change: see decide.h.
 */
#include "app/decide_folder.h"
#include "app/output.h"
#include "base/clock.h"
#include "base/text/escape.h"
#include "report/render/render.h"

/* ------------------------------------------------------------------ the list */

static void
add_rows(struct strbuf *out, const struct decided *decided)
{
    bool near = decided->state == DECIDED_UNMATCHED;
    if (near && decided->row_count > 0)
        strbuf_add_text(out, sv_empty(decided->rows[0].entry_id)
                                 ? "    what it names is not there:\n"
                                 : "    what it names is not there; nearest:\n");
    for (size_t i = 0; i < decided->row_count; i++) {
        const struct decided_row *row = &decided->rows[i];
        char time[TIME_TEXT] = "without a time";
        if (row->time_ns != TIME_NONE)
            time_format_zone(row->time_ns, time);
        strbuf_addf(out, "    " SV_FMT "  %s  ", SV_ARG(sv_slice(row->entry_id, 0, 8)), time);
        escape_terminal(out, row->text);
        strbuf_add_char(out, '\n');
    }
}

static bool
is_among(const struct decision_list *list, struct sv id)
{
    for (size_t i = 0; i < list->count; i++)
        if (sv_eq(list->all[i].id, id))
            return true;
    return false;
}

/* `pending`: what it does to the incident is to be seen once that is correlated. */
static void
add_decided(struct strbuf *out, const struct decided *decided, bool pending)
{
    const struct decision *decision = &decided->decision;
    char at[TIME_TEXT], time[TIME_TEXT] = "";
    time_format_zone(decision->at_ns, at);
    if (decision->time_ns != TIME_NONE)
        time_format_zone(decision->time_ns, time);
    strbuf_addf(out, SV_FMT "  %s  ", SV_ARG(decision->id), at);
    escape_terminal(out, decision->author);
    strbuf_addf(out, "  %s", decision_word(decision->verb));
    if (time[0] != '\0')
        strbuf_addf(out, " %s", time);
    if (!sv_empty(decision->value) || !sv_empty(decision->target)) {
        strbuf_add_char(out, ' ');
        escape_terminal(out, sv_empty(decision->value) ? decision->target : decision->value);
    }
    if (decision->verb == DECISION_MILESTONE && decision->row_count == 0)
        strbuf_add_text(out, " " DECISION_NO_ROW);
    if (decided->state != DECIDED_APPLIED)
        strbuf_addf(out, "  [%s%s" SV_FMT "]", decided_word(decided->state),
                    sv_empty(decided->by) ? "" : " by ", SV_ARG(decided->by));
    if (pending)
        strbuf_add_text(out, "  [not correlated yet]");
    if (!sv_empty(decision->why)) {
        strbuf_add_text(out, "  because ");
        escape_terminal(out, decision->why);
    }
    strbuf_add_char(out, '\n');
    add_rows(out, decided);
}

static int
list_loose(struct store *store, struct arena *arena, bool json, struct err *err)
{
    struct loose_decision *list;
    struct strbuf out;
    size_t count;
    if (casebook_loose_decisions(store, arena, &list, &count, err) != 0)
        return -1;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < count && json; i++)
        if (list[i].decision.verb != DECISION_NONE)
            decide_put_line(&out, &list[i].decision);
    for (size_t i = 0; i < count && !json; i++) {
        strbuf_addf(&out, SV_FMT "  ", SV_ARG(list[i].id));
        escape_terminal(&out, list[i].title);
        strbuf_add_text(&out, "  [");
        escape_terminal(&out, list[i].reason);
        strbuf_add_text(&out, "]\n");
    }
    if (count == 0 && !json)
        strbuf_add_text(&out, "every decision is told of by an incident\n");
    int status = output_buffer(&out, "the decisions", err);
    strbuf_release(&out);
    return status;
}

int
decide_list(const struct decide_request *request, struct store *store, struct arena *arena,
            struct err *err)
{
    struct stored_incident stored;
    struct decision_list pending;
    struct strbuf out;
    if (request->operand_count == 0)
        return list_loose(store, arena, request->json, err);
    if (request->operand_count != 1)
        return err_set(err, ERR_USAGE, "decide list takes one incident");
    if (decide_load_now(store, arena, request->operands[0], &stored, &pending, err) != 0)
        return -1;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < stored.incident.decision_count; i++) {
        const struct decided *decided = &stored.incident.decisions[i];
        if (request->json)
            decide_put_line(&out, &decided->decision);
        else
            add_decided(&out, decided, is_among(&pending, decided->decision.id));
    }
    if (stored.incident.decision_count == 0 && !request->json)
        strbuf_add_text(&out, "nothing was decided\n");
    int status = output_buffer(&out, "the decisions", err);
    strbuf_release(&out);
    return status;
}

/* ------------------------------------------------------------------ what would change */

static bool
has_line(struct sv text, struct sv wanted)
{
    for (struct sv line; sv_split(&text, '\n', &line);)
        if (sv_eq(line, wanted))
            return true;
    return false;
}

static size_t
add_missing(struct strbuf *out, char mark, struct sv text, struct sv other)
{
    size_t count = 0;
    for (struct sv line; sv_split(&text, '\n', &line);) {
        if (sv_empty(line) || has_line(other, line))
            continue;
        strbuf_addf(out, "%c " SV_FMT "\n", mark, SV_ARG(line));
        count++;
    }
    return count;
}

/* What moves between incidents: which rows, and where to. */
static int
preview_move(const struct decision_list *list, struct err *err)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < list->count; i++) {
        const struct decision *decision = &list->all[i];
        strbuf_addf(&out, "%s: %s\n", decision_word(decision->verb),
                    decision_meaning(decision->verb));
        for (size_t k = 0; k < decision->row_count; k++) {
            const struct decision_row *row = &decision->rows[k];
            char time[TIME_TEXT] = "";
            if (row->time_ns != TIME_NONE)
                time_format_zone(row->time_ns, time);
            strbuf_addf(&out, "    %s  ", time);
            escape_terminal(&out, sv_empty(row->text) ? row->event : row->text);
            strbuf_add_char(&out, '\n');
        }
    }
    int status = output_buffer(&out, "what would change", err);
    strbuf_release(&out);
    return status;
}

/* What an undo takes back in the end: an undo takes back what is undone by another. */
static int
undone(struct store *store, struct arena *arena, const char *folder, struct sv id,
       struct decision *ret_decision, struct err *err)
{
    struct decision_list known = {0};
    struct stored_decision stored = {0};
    if (store == NULL && decide_folder_decisions(folder, arena, &known, err) != 0)
        return -1;
    do {
        stored.decision.verb = DECISION_NONE;
        for (size_t i = 0; i < known.count; i++)
            if (sv_eq(known.all[i].id, id))
                stored.decision = known.all[i];
        if (store != NULL && casebook_decision(store, arena, SV_NONE, id, &stored, err) != 0)
            return -1;
        id = stored.decision.target;
    } while (stored.decision.verb == DECISION_UNDO);
    *ret_decision = stored.decision;
    return 0;
}

/* What is known to the records alone is not known here. */
static void
tell_undone(const struct decision *decision, struct strbuf *out)
{
    strbuf_addf(out, "undo: %s of " SV_FMT ", by ", decision_word(decision->verb),
                SV_ARG(decision->id));
    escape_terminal(out, decision->author);
    strbuf_add_char(out, '\n');
    if (decision_moves(decision->verb) || decision->verb == DECISION_UNDECLARE)
        strbuf_add_text(out, "  what it moved goes back\n");
    if (decision->verb == DECISION_KEY || decision->verb == DECISION_UNKEY ||
        decision->verb == DECISION_PIN || decision->verb == DECISION_MILESTONE)
        strbuf_add_text(out, "  which rows are key and what they prove is then what the records "
                             "say, once correlated\n");
}

/* Line by line; what is not a line of the timeline is said before. */
static int
preview_lines(const struct stored_incident *before, const struct stored_incident *after,
              struct strbuf *out, struct err *err)
{
    const struct render_options options = {.format = RENDER_TEXT};
    struct strbuf old, new;
    bool told = out->len > 0;
    strbuf_init(&old, 0);
    strbuf_init(&new, 0);
    render_timeline(before, &options, &old);
    render_timeline(after, &options, &new);
    size_t count = add_missing(out, '-', strbuf_view(&old), strbuf_view(&new));
    count += add_missing(out, '+', strbuf_view(&new), strbuf_view(&old));
    if (count == 0 && !told)
        strbuf_add_text(out, "nothing would change\n");
    strbuf_release(&old);
    strbuf_release(&new);
    return output_buffer(out, "what would change", err);
}

int
decide_preview(struct store *store, struct arena *arena, const char *incident,
               const struct decision_list *list, struct err *err)
{
    struct stored_incident before, after;
    struct decision_list pending;
    struct decision back = {.verb = DECISION_NONE};
    struct strbuf out;
    const struct decision *first = &list->all[0];
    bool undoes = first->verb == DECISION_UNDO;
    if (undoes && undone(store, arena, incident, first->target, &back, err) != 0)
        return -1;
    const char *name = incident != NULL && !(undoes && store != NULL)
                           ? incident
                           : arena_strdup(arena, undoes ? back.incident : first->incident);
    bool words = decision_moves(back.verb) || back.verb == DECISION_UNDECLARE;
    if (decision_moves(first->verb) || first->verb == DECISION_UNDECLARE)
        return preview_move(list, err);
    strbuf_init(&out, 0);
    if (undoes)
        tell_undone(&back, &out);
    int status = 0;
    if (words)
        status = output_buffer(&out, "what would change", err);
    else if (name[0] == '\0')
        status = err_set(err, ERR_USAGE, "--dry-run shows what is said of one incident's rows");
    else if (decide_load_now(store, arena, name, &before, &pending, err) != 0)
        status = -1;
    else {
        after = before;
        decide_apply(arena, &before, list, &after.incident);
        status = preview_lines(&before, &after, &out, err);
    }
    strbuf_release(&out);
    return status;
}
