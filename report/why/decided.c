/*
 * What people decided of a row, for `hindcast why`: see phrases.h.
 */
#include "base/clock.h"
#include "report/why/phrases.h"

/* What a decision did to a row. */
static const char *const done[DECISION_VERBS] = {
    [DECISION_RETIME] = "moved", [DECISION_PIN] = "pinned",
    [DECISION_KEY] = "made key", [DECISION_UNKEY] = "made no key row",
    [DECISION_HIDE] = "hidden",  [DECISION_ANNOTATE] = "annotated",
    [DECISION_NOTE] = "added",   [DECISION_MILESTONE] = "said to prove",
};

void
why_put_decision(struct strbuf *out, const char *did, const struct decision *decision)
{
    strbuf_addf(out, "%s by " SV_FMT ", decision " SV_FMT, did, SV_ARG(decision->author),
                SV_ARG(decision->id));
    if (!sv_empty(decision->why))
        strbuf_addf(out, ", because " SV_FMT, SV_ARG(decision->why));
}

static void
put_one(struct line_writer *lines, const struct decided *decided)
{
    const struct decision *decision = &decided->decision;
    char time[TIME_TEXT];
    strbuf_add_text(&lines->line, "  ");
    if (decision->verb == DECISION_MILESTONE)
        strbuf_addf(&lines->line, SV_FMT " ", SV_ARG(decision->value));
    why_put_decision(&lines->line, done[decision->verb], decision);
    if (decision->verb == DECISION_RETIME) {
        time_format_zone(decided->rows[0].time_ns, time);
        strbuf_addf(&lines->line, ", from %s", time);
    }
    if (decided->state != DECIDED_APPLIED)
        strbuf_addf(&lines->line, "; %s by " SV_FMT, decided_word(decided->state),
                    SV_ARG(decided->by));
    line_writer_end(lines, STYLE_PLAIN);
}

void
why_put_decisions(struct line_writer *lines, const struct incident *incident,
                  const struct entry *entry)
{
    bool any = false;
    for (size_t i = 0; i < incident->decision_count; i++) {
        const struct decided *decided = &incident->decisions[i];
        if (decided->row_count == 0 || done[decided->decision.verb] == NULL ||
            decided->state == DECIDED_UNMATCHED ||
            !sv_eq(decided->rows[0].entry_id, entry->entry_id))
            continue;
        if (!any)
            why_heading(lines, "What people decided of it");
        any = true;
        put_one(lines, decided);
    }
}
