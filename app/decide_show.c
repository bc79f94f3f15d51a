/*
 * Decisions about an incident, and what they would change: see decide.h.
 */
#include "app/decide.h"
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
        strbuf_add_text(out, "    what it names is not there; nearest:\n");
    for (size_t i = 0; i < decided->row_count; i++) {
        const struct decided_row *row = &decided->rows[i];
        char time[TIME_TEXT];
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
list_loose(struct store *store, struct arena *arena, struct err *err)
{
    struct loose_decision *list;
    struct strbuf out;
    size_t count;
    if (casebook_loose_decisions(store, arena, &list, &count, err) != 0)
        return -1;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < count; i++) {
        strbuf_addf(&out, SV_FMT "  ", SV_ARG(list[i].id));
        escape_terminal(&out, list[i].title);
        strbuf_add_text(&out, "  [");
        escape_terminal(&out, list[i].reason);
        strbuf_add_text(&out, "]\n");
    }
    if (count == 0)
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
    if (request->operand_count == 0 && !request->json)
        return list_loose(store, arena, err);
    if (request->operand_count != 1)
        return err_set(err, ERR_USAGE,
                       "decide list takes one incident; with --format jsonl it "
                       "needs one");
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

int
decide_preview(struct store *store, struct arena *arena, const char *incident,
               const struct decision_list *list, struct err *err)
{
    struct stored_incident before, after;
    struct decision_list pending;
    struct strbuf old, new, out;
    const struct render_options options = {.format = RENDER_TEXT};
    const char *name = incident != NULL ? incident : arena_strdup(arena, list->all[0].incident);
    if (decision_moves(list->all[0].verb))
        return preview_move(list, err);
    if (name[0] == '\0' || list->all[0].verb == DECISION_UNDO)
        return err_set(err, ERR_USAGE, "--dry-run shows what is said of one incident's rows");
    if (decide_load_now(store, arena, name, &before, &pending, err) != 0)
        return -1;
    after = before;
    decide_apply(arena, &before, list, &after.incident);
    strbuf_init(&old, 0);
    strbuf_init(&new, 0);
    strbuf_init(&out, 0);
    render_timeline(&before, &options, &old);
    render_timeline(&after, &options, &new);
    size_t count = add_missing(&out, '-', strbuf_view(&old), strbuf_view(&new));
    count += add_missing(&out, '+', strbuf_view(&new), strbuf_view(&old));
    if (count == 0)
        strbuf_add_text(&out, "nothing would change\n");
    int status = output_buffer(&out, "what would change", err);
    strbuf_release(&old);
    strbuf_release(&new);
    strbuf_release(&out);
    return status;
}
