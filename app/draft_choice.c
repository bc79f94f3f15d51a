/*
 * What a draft writes: see draft_choice.h. Called by draft_result.c.
 */
#include "app/draft_choice.h"

#include <stdlib.h>

#include "app/worth.h"
#include "base/memory.h"
#include "report/render/render.h"

static bool
is_called(const struct stored_incident *head, struct sv name)
{
    return (!sv_empty(head->number) && sv_eq_nocase(head->number, name)) ||
           sv_eq(head->incident.incident_key, name);
}

/* Those that are asked for by name. */
static int
choose_named(const struct draft_result *result, const struct stored_incident *heads, size_t count,
             bool *ret_written, struct err *err)
{
    for (size_t k = 0; k < result->wish.incident_count; k++) {
        bool found = false;
        for (size_t i = 0; i < count; i++)
            if (is_called(&heads[i], sv_from(result->wish.incidents[k])))
                found = ret_written[i] = true;
        if (!found) {
            err_set(err, ERR_NOT_FOUND, "no incident of these files is called '%s'",
                    result->wish.incidents[k]);
            return err_hint(err, "without --incident, draft lists those that there are");
        }
    }
    return 0;
}

static bool
deserves(const struct draft_result *result, const struct incident *incident)
{
    if (result->wish.all)
        return true;
    return result->declared
               ? incident->declared
               : incident->declared || (incident->rank.worth && incident->entry_count > 1);
}

/* Nothing is worth it: those of the highest rank, of one row only where there is no other. */
static void
choose_best(const struct stored_incident *heads, size_t count, bool *ret_written)
{
    bool several = false, any = false;
    int32_t best = 0;
    for (size_t i = 0; i < count; i++)
        several = several || heads[i].incident.entry_count > 1;
    for (size_t i = 0; i < count; i++) {
        const struct incident *incident = &heads[i].incident;
        if (several && incident->entry_count <= 1)
            continue;
        best = !any || incident->rank.score > best ? incident->rank.score : best;
        any = true;
    }
    for (size_t i = 0; i < count; i++)
        ret_written[i] =
            (!several || heads[i].incident.entry_count > 1) && heads[i].incident.rank.score == best;
}

int
draft_choice(const struct draft_result *result, const struct sv *folders,
             const struct stored_incident *heads, size_t count, bool *ret_written, struct err *err)
{
    bool any = result->wish.incident_count > 0;
    for (size_t i = 0; i < count; i++) {
        ret_written[i] = !sv_empty(folders[i]) ||
                         (result->wish.incident_count == 0 && deserves(result, &heads[i].incident));
        any = any || ret_written[i];
    }
    if (!any)
        choose_best(heads, count, ret_written);
    return choose_named(result, heads, count, ret_written, err);
}

void
draft_choice_list(const struct stored_incident *heads, const bool *written, size_t count,
                  size_t columns, struct strbuf *out)
{
    struct stored_incident *some = memory_calloc(count + 1, sizeof(*some));
    size_t kept = 0, others = 0, of_one_row = 0;
    for (size_t i = 0; i < count; i++)
        if (written[i])
            some[kept++] = heads[i];
    if (kept > 1)
        qsort(some, kept, sizeof(*some), worth_order);
    render_incidents(some, kept, RENDER_TEXT, columns, out);
    for (size_t i = 0; i < count; i++)
        if (!written[i]) {
            of_one_row += heads[i].incident.entry_count <= 1;
            some[others++] = heads[i];
        }
    if (others > 0) {
        qsort(some, others, sizeof(*some), worth_order);
        strbuf_addf(out, "\nNot written: %zu more", others);
        if (of_one_row > 0)
            strbuf_addf(out, ", %zu of them of one row", of_one_row);
        strbuf_addf(out, "; --all writes all, --incident NUMBER one of them\n");
        render_incidents(some, others < DRAFT_OTHERS_SHOWN ? others : DRAFT_OTHERS_SHOWN,
                         RENDER_TEXT, columns, out);
    }
    if (others > DRAFT_OTHERS_SHOWN)
        strbuf_addf(out, "and %zu more; index.html has all\n", others - DRAFT_OTHERS_SHOWN);
    free(some);
}
