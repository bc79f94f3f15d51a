/*
 * Why one row of an incident is in it, where it stands and what it proves: see why.h. Called by
 * `hindcast why` on the main thread.
 */
#include "base/clock.h"
#include "hindcast/evidence_place.h"
#include "report/facts.h"
#include "report/why/phrases.h"
#include "report/why/reasons.h"

static void
put_hundredths(struct strbuf *out, int32_t value, const char *plus)
{
    strbuf_add_text(out, value < 0 ? "" : plus);
    strbuf_add_hundredths(out, value);
}

static void
add_row(struct line_writer *lines, const struct entry *entry, const char *before)
{
    char time[TIME_TEXT];
    time_format_zone(entry->time_ns, time);
    strbuf_addf(&lines->line, "%s%s  ", before, time);
    struct sv who = !sv_empty(entry->actor)    ? entry->actor
                    : !sv_empty(entry->source) ? entry->source
                                               : entry->host;
    strbuf_addf(&lines->line, SV_FMT "%s", SV_ARG(who), sv_empty(who) ? "" : ": ");
    why_put_title(&lines->line, entry->text);
}

static void
add_place(struct line_writer *lines, const struct incident *incident, size_t place)
{
    const struct entry *entry = &incident->entries[place];
    why_heading(lines, "Where it stands");
    if (place > 0) {
        add_row(lines, &incident->entries[place - 1], "  after   ");
        line_writer_end(lines, STYLE_PLAIN);
    }
    if (place + 1 < incident->entry_count) {
        add_row(lines, &incident->entries[place + 1], "  before  ");
        line_writer_end(lines, STYLE_PLAIN);
    }
    bool said = incident_note(incident, entry) != NULL || has_reason(entry, SV("moved_by_person"));
    strbuf_addf(&lines->line, "  its time is %s%s" SV_FMT "%s, to within ",
                said ? "what a person said" : time_source_word(entry->time_source),
                sv_empty(entry->source_time_text) ? ""
                : said                            ? "; the record has \""
                                                  : ", written \"",
                SV_ARG(entry->source_time_text), sv_empty(entry->source_time_text) ? "" : "\"");
    char precision[DURATION_TEXT];
    duration_format(entry->uncertainty_ns, precision);
    strbuf_add_text(&lines->line,
                    entry->uncertainty_ns < NS_PER_S ? "less than a second" : precision);
    line_writer_end(lines, STYLE_PLAIN);
    if (place == 0)
        return;
    strbuf_add_text(&lines->line,
                    entry->order_established
                        ? "  that it came after the row before is established: by more than the "
                          "precision of the clocks, or by a sequence that the source gave"
                        : "  which of it and the row before came first is not established; equal "
                          "times are ordered by kind of record, source and identity");
    line_writer_end(lines, STYLE_PLAIN);
}

/* True if a person said last whether it is a key row. */
static bool
is_weighed(const struct entry *entry)
{
    static const char *const reasons[] = {"key_by_person", "unkey_by_person", "pinned_by_person"};
    for (size_t i = 0; i < entry->reason_count; i++)
        for (size_t k = 0; k < sizeof(reasons) / sizeof(reasons[0]); k++)
            if (sv_eq(entry->reasons[i].name, sv_from(reasons[k])))
                return true;
    return false;
}

static void
add_score(struct line_writer *lines, const struct incident *incident, const struct entry *entry)
{
    static const char *const because[] = {
        [SIGNIFICANCE_KEY] = "among the best of the incident, or proves a milestone",
        [SIGNIFICANCE_STANDARD] = "1.00 or more, but others near it or elsewhere tell more",
        [SIGNIFICANCE_FULL] = "below 1.00",
    };
    struct strbuf *line = &lines->line;
    strbuf_addf(lines->out, "\n");
    strbuf_addf(line, "Why it is %s: score ", significance_word(entry->significance));
    put_hundredths(line, entry->score, "");
    strbuf_addf(line, ", %s",
                incident_note(incident, entry) != NULL ? "but a person added it"
                : is_weighed(entry)                    ? "but a person said so"
                                                       : because[entry->significance]);
    line_writer_end(lines, STYLE_HEAD);
    for (size_t i = 0; i < entry->reason_count; i++) {
        const struct reason *reason = &entry->reasons[i];
        strbuf_add_text(line, "  ");
        put_hundredths(line, reason->hundredths, "+");
        strbuf_addf(line, "  " SV_FMT ": " SV_FMT, SV_ARG(reason->name),
                    SV_ARG(reason_meaning(reason->name)));
        line_writer_end(lines, STYLE_PLAIN);
    }
}

static void
add_other_rows(struct line_writer *lines, const struct incident *incident, size_t place,
               enum milestone milestone)
{
    size_t found = 0;
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        if (i == place || !why_act_proves(entry->act, milestone) || found++ >= WHY_OTHERS_SHOWN)
            continue;
        add_row(lines, entry, "    considered: ");
        strbuf_addf(&lines->line, ", %s, score ", act_word(entry->act));
        put_hundredths(&lines->line, entry->score, "");
        for (size_t r = 0; r < entry->reason_count; r++)
            if (entry->reasons[r].hundredths == 0)
                strbuf_addf(&lines->line, "; " SV_FMT,
                            SV_ARG(reason_meaning(entry->reasons[r].name)));
        line_writer_end(lines, STYLE_PLAIN);
    }
    if (found > WHY_OTHERS_SHOWN) {
        strbuf_addf(&lines->line, "    and %zu more", found - WHY_OTHERS_SHOWN);
        line_writer_end(lines, STYLE_PLAIN);
    }
}

static void
add_milestones(struct line_writer *lines, const struct incident *incident, size_t place)
{
    const struct entry *entry = &incident->entries[place];
    if (entry->milestone_count > 0)
        why_heading(lines, "What it proves, and which other rows say such a thing");
    for (size_t i = 0; i < incident->milestone_count; i++) {
        const struct milestone_row *row = &incident->milestones[i];
        if (!sv_eq(row->entry_id, entry->entry_id))
            continue;
        const struct decided *said = incident_said_moment(incident, row);
        strbuf_addf(&lines->line, "  %s, ", milestone_word(row->milestone));
        if (said != NULL)
            why_put_decision(&lines->line, "said", &said->decision);
        else
            strbuf_addf(&lines->line, "%s: of 100 such moments %d were right",
                        confidence_word(row->confidence), row->confidence);
        line_writer_end(lines, STYLE_PLAIN);
        add_other_rows(lines, incident, place, row->milestone);
    }
}

static void
add_evidence(struct line_writer *lines, const struct entry *entry)
{
    strbuf_addf(&lines->line, "  entry " SV_FMT ", %s", SV_ARG(entry->entry_id),
                entry_kind_word(entry->kind));
    if (entry->act != ACT_NONE)
        strbuf_addf(&lines->line, ", act %s", act_word(entry->act));
    if (entry->occurrences > 1)
        strbuf_addf(&lines->line, ", %lld records folded", (long long)entry->occurrences);
    line_writer_end(lines, STYLE_PLAIN);
    for (size_t i = 0; i < entry->evidence_count; i++) {
        strbuf_add_text(&lines->line, "  record ");
        evidence_put_place(&lines->line, &entry->evidence[i]);
        line_writer_end(lines, STYLE_PLAIN);
    }
}

void
why_entry(const struct stored_incident *stored, size_t place, size_t columns, struct strbuf *out)
{
    const struct incident *incident = &stored->incident;
    const struct entry *entry = &incident->entries[place];
    struct line_writer lines;
    line_writer_init(&lines, out, columns);
    add_row(&lines, entry, "");
    line_writer_end(&lines, STYLE_HEAD);
    add_evidence(&lines, entry);
    why_heading(&lines, "Why it is in this incident");
    strbuf_add_text(&lines.line, "  ");
    struct why_nodes nodes;
    why_nodes_init(&nodes, incident);
    why_put_membership(&lines.line, incident, &nodes, entry->membership);
    why_nodes_release(&nodes);
    line_writer_end(&lines, STYLE_PLAIN);
    why_put_decisions(&lines, incident, entry);
    add_place(&lines, incident, place);
    add_score(&lines, incident, entry);
    add_milestones(&lines, incident, place);
    line_writer_release(&lines);
}
