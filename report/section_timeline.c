/*
 * Section 5: the key rows with their moments in bold, and what was folded away. The rows stand in
 * the total order of the incident.
 */
#include "report/draft.h"

static const struct {
    enum milestone milestone;
    const char *words;
} bold[] = {
    {MILESTONE_IMPACT_STARTED, "IMPACT BEGINS"},
    {MILESTONE_DETECTED, "DETECTED"},
    {MILESTONE_DECLARED, "DECLARED"},
    {MILESTONE_ACKNOWLEDGED, "ACKNOWLEDGED"},
    {MILESTONE_CAUSE_IDENTIFIED, "UNDERSTOOD"},
    {MILESTONE_MITIGATED, "MITIGATED"},
    {MILESTONE_RECOVERED, "IMPACT ENDS"},
    {MILESTONE_REOPENED, "TROUBLE RETURNS"},
    {MILESTONE_RESOLVED, "RESOLVED"},
};

static bool
has_milestone(const struct draft *draft, const struct entry *entry, enum milestone milestone)
{
    return (draft->moments[entry - draft->incident->entries] >> milestone & 1) != 0;
}

static bool
is_shown(const struct draft *draft, const struct entry *entry)
{
    return entry->significance == SIGNIFICANCE_KEY ||
           draft->moments[entry - draft->incident->entries] != 0;
}

static void
add_when(struct draft *draft, const struct entry *entry, bool unordered)
{
    bool coarse = entry->uncertainty_ns >= NS_PER_MINUTE;
    strbuf_add_text(draft->out, unordered ? "| ± " : "| ");
    strbuf_add_text(draft->out, coarse ? "~" : "");
    add_time(draft->out, entry->time_ns);
    if (coarse) {
        strbuf_add_text(draft->out, " (within ");
        add_duration(draft->out, entry->uncertainty_ns);
        strbuf_add_char(draft->out, ')');
    }
    strbuf_add_text(draft->out, " | ");
    if (draft->second_zone) {
        char text[TIME_TEXT];
        time_format_zone(entry->time_ns, text);
        /* "2026-03-01 11:02:33 CET": the seconds go, as in the first column. */
        struct sv local = sv_from(text);
        strbuf_addf(draft->out, SV_FMT SV_FMT " | ", SV_ARG(sv_slice(local, 0, 16)),
                    SV_ARG(sv_slice(local, 19, local.len)));
    }
}

static void
add_what(struct draft *draft, const struct entry *entry)
{
    for (size_t i = 0; i < sizeof(bold) / sizeof(bold[0]); i++)
        if (has_milestone(draft, entry, bold[i].milestone))
            strbuf_addf(draft->out, "**%s** ", bold[i].words);
    add_safe(draft->out, entry->text);
    if (entry->occurrences > 1)
        strbuf_addf(draft->out, " (%lld records)", (long long)entry->occurrences);
    if (!sv_empty(entry->url)) {
        size_t before = draft->out->len;
        strbuf_add_char(draft->out, ' ');
        if (!add_link(draft->out, entry->url))
            draft->out->len = before;
    }
}

static void
add_row(struct draft *draft, const struct entry *entry)
{
    add_when(draft, entry, order_is_open(draft, entry));
    add_safe(draft->out, !sv_empty(entry->role)    ? entry->role
                         : !sv_empty(entry->actor) ? entry->actor
                                                   : entry->source);
    strbuf_add_text(draft->out, " | ");
    add_what(draft, entry);
    end_row(draft, &entry, 1);
}

static void
add_folded(struct draft *draft, enum significance significance, const char *width)
{
    const struct entry *proof[2] = {NULL, NULL};
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (entry->significance != significance || is_shown(draft, entry))
            continue;
        proof[0] = proof[0] == NULL ? entry : proof[0];
        proof[1] = entry;
        count++;
    }
    if (count == 0)
        return;
    strbuf_addf(draft->out, "- %zu more row%s at width %s; first and last:", count,
                count == 1 ? "" : "s", width);
    end_line(draft, proof, 2);
}

void
fill_timeline(struct draft *draft)
{
    size_t shown = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++)
        shown += is_shown(draft, &draft->incident->entries[i]);
    if (shown == 0)
        strbuf_add_text(draft->out, "> No key row was found in the records.\n");
    else if (draft->second_zone)
        strbuf_add_text(draft->out, "| Time | Local | Who | What | Evidence |\n"
                                    "|---|---|---|---|---|\n");
    else
        strbuf_add_text(draft->out, "| Time | Who | What | Evidence |\n|---|---|---|---|\n");
    for (size_t i = 0; i < draft->incident->entry_count; i++)
        if (is_shown(draft, &draft->incident->entries[i]))
            add_row(draft, &draft->incident->entries[i]);
    strbuf_add_char(draft->out, '\n');
    add_folded(draft, SIGNIFICANCE_STANDARD, "standard");
    add_folded(draft, SIGNIFICANCE_FULL, "full");
}
