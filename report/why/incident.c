/*
 * Why an incident is what it is, for people: see why.h. Called by `hindcast why` on the main
 * thread.
 */
#include "base/clock.h"
#include "report/facts.h"
#include "report/render/lasted.h"
#include "report/render/lines.h"
#include "report/why/phrases.h"

static void
add_candidate(struct line_writer *lines, const struct incident *incident)
{
    strbuf_addf(&lines->line, "a candidate, opened from %s in " SV_FMT ", because ",
                incident->opened == OPENED_TALK ? "talk" : "records", SV_ARG(incident->place));
    for (size_t i = 0; i < incident->because_count; i++)
        strbuf_addf(&lines->line, "%s" SV_FMT, i == 0 ? "" : "; ", SV_ARG(incident->because[i]));
    if (!incident->raised)
        strbuf_add_text(&lines->line, "; nobody talks of it, so it is only counted");
}

static void
add_rank(struct line_writer *lines, const struct incident_rank *rank)
{
    strbuf_addf(&lines->line, "rank %d, %s: ", rank->score,
                rank->worth ? "worth a look" : "not worth a look by that");
    for (size_t i = 0; i < rank->reason_count; i++)
        strbuf_addf(&lines->line, "%s" SV_FMT, i == 0 ? "" : ", ", SV_ARG(rank->reasons[i]));
    if (rank->reason_count == 0)
        strbuf_add_text(&lines->line, "nothing is worth points");
    line_writer_end(lines, STYLE_PLAIN);
}

static void
add_head(struct line_writer *lines, const struct stored_incident *stored)
{
    const struct incident *incident = &stored->incident;
    strbuf_addf(&lines->line, SV_FMT "  " SV_FMT, SV_ARG(stored_incident_name(stored)),
                SV_ARG(incident->title));
    line_writer_end(lines, STYLE_HEAD);
    if (opened_candidate(incident->opened))
        add_candidate(lines, incident);
    else if (incident_said(incident, DECISION_NO_INCIDENT) != NULL) {
        strbuf_add_text(&lines->line, "it is none and only counted, as ");
        why_put_decision(&lines->line, "said",
                         &incident_said(incident, DECISION_NO_INCIDENT)->decision);
    } else
        strbuf_addf(&lines->line, "%s; %s",
                    incident->declared ? "a person declared it" : "nobody declared it",
                    incident->raised
                        ? "it meets the thresholds for records, sources and severity"
                        : "it is below the thresholds for records, sources and severity, "
                          "so it is only counted");
    line_writer_end(lines, STYLE_PLAIN);
    lasted_put(&lines->line, incident);
    line_writer_end(lines, STYLE_PLAIN);
    add_rank(lines, &incident->rank);
    strbuf_addf(&lines->line, "key " SV_FMT ": its first opening episode",
                SV_ARG(incident->incident_key));
    line_writer_end(lines, STYLE_PLAIN);
}

static void
add_episode(struct line_writer *lines, const struct incident *incident,
            const struct why_nodes *nodes, const struct node *node)
{
    char time[TIME_TEXT];
    time_format_zone(node->first_ns, time);
    strbuf_addf(&lines->line, "  %s  %s  ", time, event_kind_word(node->kind));
    why_put_title(&lines->line, why_node_title(incident, node));
    strbuf_addf(&lines->line, ", %lld record%s%s", (long long)node->records,
                node->records == 1 ? "" : "s", node->familiar ? ", familiar: opens nothing" : "");
    line_writer_end(lines, STYLE_PLAIN);
    strbuf_add_text(&lines->line, "      ");
    why_put_membership(&lines->line, incident, nodes, node->reason);
    line_writer_end(lines, STYLE_PLAIN);
}

static void
add_milestone(struct line_writer *lines, const struct incident *incident,
              const struct milestone_row *row)
{
    char time[TIME_TEXT];
    time_format_zone(row->time_ns, time);
    const struct decided *said = incident_said_moment(incident, row);
    strbuf_addf(&lines->line, "  %s  %s, ", time, milestone_word(row->milestone));
    if (said != NULL)
        why_put_decision(&lines->line, "said", &said->decision);
    else
        strbuf_addf(&lines->line, "%s (%d of 100)", confidence_word(row->confidence),
                    row->confidence);
    strbuf_addf(&lines->line, ", by entry " SV_FMT, SV_ARG(row->entry_id));
    for (size_t i = 0; i < incident->entry_count; i++)
        if (sv_eq(incident->entries[i].entry_id, row->entry_id)) {
            strbuf_add_text(&lines->line, ", ");
            why_put_title(&lines->line, incident->entries[i].text);
            break;
        }
    line_writer_end(lines, STYLE_PLAIN);
}

/* They are kept by their kind; people read them as they came. Few at a time, so the next is looked
 * for. */
static void
add_milestones(struct line_writer *lines, const struct incident *incident)
{
    int64_t from_ns = INT64_MIN;
    for (size_t told = 0; told < incident->milestone_count;) {
        int64_t next_ns = INT64_MAX;
        for (size_t i = 0; i < incident->milestone_count; i++)
            if (incident->milestones[i].time_ns > from_ns &&
                incident->milestones[i].time_ns < next_ns)
                next_ns = incident->milestones[i].time_ns;
        size_t before = told;
        for (size_t i = 0; i < incident->milestone_count; i++)
            if (incident->milestones[i].time_ns == next_ns) {
                add_milestone(lines, incident, &incident->milestones[i]);
                told++;
            }
        if (told == before)
            break;
        from_ns = next_ns;
    }
}

void
why_incident(const struct stored_incident *stored, size_t columns, struct strbuf *out)
{
    const struct incident *incident = &stored->incident;
    struct line_writer lines;
    struct why_nodes nodes;
    why_nodes_init(&nodes, incident);
    line_writer_init(&lines, out, columns);
    add_head(&lines, stored);
    why_heading(&lines, "What holds it together: episodes, and by what each came in");
    for (size_t i = 0; i < incident->node_count && i < WHY_EPISODES_SHOWN; i++)
        add_episode(&lines, incident, &nodes, incident->nodes[i]);
    if (incident->node_count > WHY_EPISODES_SHOWN) {
        strbuf_addf(&lines.line, "  and %zu more; --format jsonl has all",
                    incident->node_count - WHY_EPISODES_SHOWN);
        line_writer_end(&lines, STYLE_PLAIN);
    }
    why_heading(&lines, incident->milestone_count > 0 ? "Milestones, and what proves them"
                                                      : "No milestone: nothing in it proves one");
    add_milestones(&lines, incident);
    line_writer_release(&lines);
    why_nodes_release(&nodes);
}
