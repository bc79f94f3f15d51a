/*
 * Sections 7 to 9: changes near the start, questions about factors, what limited the damage. A
 * change is a candidate: near in time, or of the same service; the draft states no cause.
 */
#include <stdlib.h>

#include "report/draft.h"

#define CHANGES_MAX 20
#define QUESTIONS_MAX 3
#define LOOK_BACK_NS (24 * NS_PER_HOUR)
#define QUESTION_NS (2 * NS_PER_HOUR)

struct candidate {
    const struct entry *entry;
    int64_t distance_ns; /* to the start, never negative */
};

static int
compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->distance_ns != y->distance_ns)
        return x->distance_ns < y->distance_ns ? -1 : 1;
    return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* Returns how many there are; the nearest CHANGES_MAX are written. */
static size_t
find_changes(const struct draft *draft, struct candidate ret_nearest[CHANGES_MAX])
{
    size_t count = 0;
    struct candidate *all = calloc(draft->incident->entry_count + 1, sizeof(*all));
    if (all == NULL)
        abort();
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        int64_t after = entry->time_ns - draft->start_ns;
        if (is_change(entry) && after >= -LOOK_BACK_NS && entry->time_ns <= draft->end_ns)
            all[count++] = (struct candidate){entry, after < 0 ? -after : after};
    }
    qsort(all, count, sizeof(*all), compare_candidates);
    for (size_t i = 0; i < count && i < CHANGES_MAX; i++)
        ret_nearest[i] = all[i];
    free(all);
    return count;
}

static void
add_distance(struct draft *draft, const struct candidate *change)
{
    add_duration(draft->out, change->distance_ns);
    strbuf_add_text(draft->out, change->entry->time_ns < draft->start_ns ? " before" : " after");
}

/* A repository "org/service" names the service. */
static bool
names_service(struct sv name, struct sv service)
{
    struct sv rest = name, part = SV_NONE;
    if (sv_empty(service) || sv_eq(name, service))
        return sv_eq(name, service);
    while (sv_split(&rest, '/', &part))
        continue;
    return sv_eq(part, service);
}

static bool
shares_service(const struct draft *draft, const struct entry *entry)
{
    for (size_t i = 0; i < draft->incident->service_count; i++)
        if (!sv_empty(entry->service) &&
            names_service(entry->service, draft->incident->services[i]))
            return true;
    return false;
}

static void
add_change(struct draft *draft, const struct candidate *change)
{
    const struct entry *proof[] = {change->entry, draft->start_entry};
    strbuf_add_text(draft->out, "| ");
    add_time(draft->out, change->entry->time_ns);
    strbuf_add_text(draft->out, " | ");
    if (change->entry == draft->start_entry)
        strbuf_add_text(draft->out, "the candidate for the start");
    else
        add_distance(draft, change);
    strbuf_add_text(draft->out, " | ");
    add_safe(draft->out, change->entry->text);
    strbuf_add_text(draft->out, is_rollback(change->entry) ? " (takes a change back)" : "");
    strbuf_add_text(draft->out, " | ");
    add_safe(draft->out, change->entry->service);
    strbuf_addf(draft->out, " | %s | TODO(human)",
                shares_service(draft, change->entry) ? "yes" : "no");
    end_row(draft, proof, 2);
}

void
fill_changes(struct draft *draft)
{
    struct candidate nearest[CHANGES_MAX];
    size_t count = find_changes(draft, nearest);
    if (count == 0) {
        strbuf_add_text(draft->out, "> No change is in the records of this incident. Were all "
                                    "sources of changes read?\n");
        return;
    }
    strbuf_add_text(draft->out,
                    "| Time | From the start | Candidate | Service | Affected service | "
                    "Verdict | Evidence |\n|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < count && i < CHANGES_MAX; i++)
        add_change(draft, &nearest[i]);
    if (count > CHANGES_MAX) {
        draft->left_out += count - CHANGES_MAX;
        strbuf_addf(draft->out, "\n> %zu more changes are in the full timeline.\n",
                    count - CHANGES_MAX);
    }
}

void
fill_factors(struct draft *draft)
{
    struct candidate nearest[CHANGES_MAX];
    size_t count = find_changes(draft, nearest), asked = 0;
    const struct entry *known =
        milestone_entry(draft, milestone_at(draft, MILESTONE_CAUSE_IDENTIFIED));
    const struct entry *alert = first_entry(draft, is_alert);
    int64_t latest =
        alert != NULL && alert->time_ns > draft->start_ns ? alert->time_ns : draft->start_ns;
    for (size_t i = 0; i < count && i < CHANGES_MAX && asked < QUESTIONS_MAX; i++) {
        const struct entry *proof[] = {nearest[i].entry, draft->start_entry};
        if (nearest[i].entry->time_ns > latest || nearest[i].distance_ns > QUESTION_NS)
            continue;
        strbuf_add_text(draft->out, "- ");
        add_quoted(draft->out, nearest[i].entry->text);
        if (nearest[i].entry == draft->start_entry) {
            strbuf_add_text(draft->out, " is the candidate for the start.");
        } else {
            strbuf_add_text(draft->out, " stands ");
            add_distance(draft, &nearest[i]);
            strbuf_add_text(draft->out, " the start.");
        }
        strbuf_add_text(draft->out, " Is it related, and how is that known?");
        end_line(draft, proof, 2);
        asked++;
    }
    if (known != NULL) {
        strbuf_add_text(draft->out, "- At ");
        add_time(draft->out, known->time_ns);
        strbuf_add_text(draft->out, " a record says ");
        add_quoted(draft->out, known->text);
        strbuf_add_text(draft->out, ". What conditions made that possible?");
        end_line(draft, &known, 1);
    } else if (asked == 0) {
        strbuf_add_text(draft->out, "> The records raise no question about factors.\n");
    }
}

void
fill_mitigators(struct draft *draft)
{
    size_t count = 0, others = 0;
    const struct milestone_row *row = milestone_at(draft, MILESTONE_MITIGATED);
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        bool marked = row != NULL && sv_eq(row->entry_id, entry->entry_id);
        if (!marked && (!is_rollback(entry) || entry->significance == SIGNIFICANCE_FULL))
            continue;
        count++;
        others += !marked;
        /* What is marked is shown however many others come before it. */
        if (!marked && others > LIST_MAX)
            continue;
        strbuf_add_text(draft->out, "- ");
        add_time(draft->out, entry->time_ns);
        strbuf_addf(draft->out, ", %s: ", marked ? "marked as mitigation" : "a change taken back");
        add_quoted(draft->out, entry->text);
        end_line(draft, &entry, 1);
    }
    add_more(draft, others, "changes taken back");
    if (count == 0)
        strbuf_add_text(draft->out, "> No mitigation was found in the records.\n");
}
