/*
 * Revisions: what an incident was before a save. A save that writes row by row notes each row that
 * it touches as it goes (casebook_put_entries.sql, casebook_delete_entries.sql); a rebuild, which
 * deletes all rows first, notes those of incidents that become others, and looks afterwards which
 * of them stayed. Called by casebook_save() within its transaction; see saving.h.
 */
#include "store/casebook/saving.h"

static void
gather(struct saving *saving, bool becoming)
{
    bool first = true;
    saving_begin(saving);
    for (size_t i = 0; i < saving->correlation->incident_count; i++) {
        const struct incident_state *state = &saving->states[i];
        if (becoming ? !state->stored || !state->becomes : state->same)
            continue;
        strbuf_addf(&saving->rows, "%s%lld", first ? "" : ",", (long long)state->incident_no);
        first = false;
    }
}

int
saving_revise_before(struct saving *saving, struct err *err)
{
    gather(saving, true);
    return saving_send_rest(saving, QUERY_casebook_revise_before, err);
}

int
saving_revise(struct saving *saving, struct err *err)
{
    if (saving->anew) {
        gather(saving, true);
        if (saving_send_rest(saving, QUERY_casebook_revise_after, err) != 0)
            return -1;
        gather(saving, true);
        if (saving_send_rest(saving, QUERY_casebook_revise_settle, err) != 0)
            return -1;
    }
    gather(saving, false);
    return saving_send_rest(saving, QUERY_casebook_revise, err);
}
