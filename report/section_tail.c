/*
 * Sections 10, 12, 13, 15 and 17: gaps, to-do lines, dates to look again, contradictions, and the
 * evidence index, which comes last because it lists what the others cited.
 */
#include <stdlib.h>

#include "report/draft.h"

#define SILENCE_NS (30 * NS_PER_MINUTE)
#define CONFIDENT 60 /* per cent; below it a milestone is asked about */

/* The longest stretch of the window in which nobody spoke and nothing was recorded. */
static bool
longest_silence(const struct draft *draft, const struct entry **ret_from,
                const struct entry **ret_to)
{
    int64_t longest = SILENCE_NS;
    const struct entry *before = NULL;
    bool found = false;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (entry->time_ns < draft->start_ns || entry->time_ns > draft->end_ns)
            continue;
        if (before != NULL && entry->time_ns - before->time_ns > longest) {
            longest = entry->time_ns - before->time_ns;
            *ret_from = before;
            *ret_to = entry;
            found = true;
        }
        before = entry;
    }
    return found;
}

static void
add_gap(struct draft *draft, const char *words, const struct entry *from, const struct entry *to)
{
    const struct entry *proof[] = {from, to};
    strbuf_addf(draft->out, "- %s ", words);
    add_duration(draft->out, to->time_ns - from->time_ns);
    strbuf_add_char(draft->out, '.');
    end_line(draft, proof, 2);
}

void
fill_poorly(struct draft *draft)
{
    size_t before = draft->out->len;
    const struct entry *alert = first_entry(draft, is_alert), *report = first_person_report(draft);
    const struct entry *found = milestone_entry(draft, milestone_at(draft, MILESTONE_DETECTED));
    const struct entry *again = milestone_entry(draft, milestone_at(draft, MILESTONE_REOPENED));
    const struct entry *told = first_entry(draft, is_update), *from = NULL, *to = NULL;
    if (alert != NULL && report != NULL && report->time_ns < alert->time_ns)
        add_gap(draft, "A person reported before the first alert, earlier by", report, alert);
    if (found != NULL && told != NULL && told->time_ns - found->time_ns > SILENCE_NS)
        add_gap(draft, "From detection to the first notice to others passed", found, told);
    if (longest_silence(draft, &from, &to))
        add_gap(draft, "The longest stretch without any entry lasted", from, to);
    if (again != NULL) {
        strbuf_add_text(draft->out, "- Trouble came back after a recovery: ");
        add_quoted(draft->out, again->text);
        end_line(draft, &again, 1);
    }
    if (draft->out->len == before)
        strbuf_add_text(draft->out, "> No candidate was found in the records.\n");
}

void
fill_actions(struct draft *draft)
{
    size_t number = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (!is_todo(entry) || number++ >= LIST_MAX)
            continue;
        if (number == 1)
            strbuf_add_text(draft->out, "| Candidate | Quoted from | Words | Evidence |\n"
                                        "|---|---|---|---|\n");
        strbuf_addf(draft->out, "| A%zu | ", number);
        add_safe(draft->out, sv_empty(entry->channel) ? entry->source : entry->channel);
        strbuf_add_text(draft->out, ", ");
        add_time(draft->out, entry->time_ns);
        strbuf_add_text(draft->out, " | ");
        add_quoted(draft->out, entry->text);
        end_row(draft, &entry, 1);
    }
    add_more(draft, number, "candidates");
    if (number == 0)
        strbuf_add_text(draft->out, "> No line in the records reads like something to do later.\n");
}

void
fill_followup(struct draft *draft)
{
    if (draft->end_entry == NULL)
        strbuf_add_text(draft->out, "> No end is known to count dates from.\n");
    for (int days = 30; draft->end_entry != NULL && days <= 90; days += 30) {
        struct civil at;
        civil_from_ns(draft->end_ns + days * NS_PER_DAY, &at);
        strbuf_addf(draft->out,
                    "- %04d-%02d-%02d, %d days after the end: tickets closed, measures "
                    "met, seen again?",
                    at.year, at.month, at.day, days);
        end_line(draft, &draft->end_entry, 1);
    }
}

/* Milestones that stand in an order which their meaning does not allow. */
static void
ask_about_order(struct draft *draft)
{
    static const enum milestone pairs[][2] = {{MILESTONE_IMPACT_STARTED, MILESTONE_DETECTED},
                                              {MILESTONE_DETECTED, MILESTONE_ACKNOWLEDGED},
                                              {MILESTONE_DETECTED, MILESTONE_DECLARED},
                                              {MILESTONE_DETECTED, MILESTONE_MITIGATED},
                                              {MILESTONE_MITIGATED, MILESTONE_RECOVERED},
                                              {MILESTONE_RECOVERED, MILESTONE_RESOLVED}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        const struct milestone_row *a = milestone_at(draft, pairs[i][0]);
        const struct milestone_row *b = milestone_at(draft, pairs[i][1]);
        if (a == NULL || b == NULL || a->time_ns <= b->time_ns)
            continue;
        const struct entry *proof[] = {milestone_entry(draft, a), milestone_entry(draft, b)};
        strbuf_addf(draft->out,
                    "- The candidate for %s stands after the one for %s. Which one is "
                    "off?",
                    milestone_word(a->milestone), milestone_word(b->milestone));
        end_line(draft, proof, 2);
    }
}

static void
ask_about_confidence(struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->milestone_count; i++) {
        const struct milestone_row *row = &draft->incident->milestones[i];
        const struct entry *proof = milestone_entry(draft, row);
        if (proof == NULL || row->confidence >= CONFIDENT || count++ >= LIST_MAX)
            continue;
        strbuf_addf(draft->out, "- Is %s right at ", milestone_word(row->milestone));
        add_time(draft->out, row->time_ns);
        strbuf_addf(draft->out, " (confidence %d %%)?", row->confidence);
        end_line(draft, &proof, 1);
    }
    add_more(draft, count, "doubtful moments");
}

/* A start that is an action of people may be the change itself, before anybody felt it. */
static void
ask_about_start(struct draft *draft)
{
    const struct entry *start =
        milestone_entry(draft, milestone_at(draft, MILESTONE_IMPACT_STARTED));
    const struct entry *alert = first_entry(draft, is_alert);
    if (start == NULL || alert == NULL || alert->time_ns <= start->time_ns || is_alert(start) ||
        start->record_kind == RECORD_LOG || start->record_kind == RECORD_METRIC)
        return;
    strbuf_add_text(draft->out, "- The candidate for the start, ");
    add_quoted(draft->out, start->text);
    strbuf_add_text(draft->out, ", stands ");
    add_duration(draft->out, alert->time_ns - start->time_ns);
    strbuf_add_text(draft->out, " before the first alert. Was the service affected from then on?");
    const struct entry *proof[] = {start, alert};
    end_line(draft, proof, 2);
}

static bool
clock_is_assumed(const struct draft *draft, const struct entry *entry)
{
    (void)draft;
    return entry->time_source != TIME_SOURCE_NATIVE;
}

static void
ask_about_rows(struct draft *draft, bool (*test)(const struct draft *, const struct entry *),
               const char *words)
{
    const struct entry *proof[CITES_MAX] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (entry->significance != SIGNIFICANCE_KEY || !test(draft, entry))
            continue;
        if (count < CITES_MAX)
            proof[count] = entry;
        count++;
    }
    if (count == 0)
        return;
    strbuf_addf(draft->out, "- Key rows %s: %zu. Are they where they belong?", words, count);
    end_line(draft, proof, count < CITES_MAX ? count : CITES_MAX);
}

void
fill_questions(struct draft *draft)
{
    size_t before = draft->out->len;
    ask_about_start(draft);
    ask_about_order(draft);
    ask_about_confidence(draft);
    ask_about_rows(draft, clock_is_assumed,
                   "whose time rests on an assumed zone, year or on Kafka");
    ask_about_rows(draft, order_is_open, "whose order against the row before is not established");
    if (draft->out->len == before)
        strbuf_add_text(draft->out, "> The records contradict each other nowhere.\n");
}

static void
add_alert(struct draft *draft, const struct node *node)
{
    const struct entry *proof[2];
    if (!node_entries(draft, node, &proof[0], &proof[1]))
        return;
    strbuf_add_text(draft->out, "| ");
    add_safe(draft->out, node->title);
    strbuf_add_text(draft->out, " | ");
    add_safe(draft->out, node->service);
    strbuf_addf(draft->out, " | %s | ", severity_band(node->severity));
    add_time(draft->out, node->first_ns);
    strbuf_add_text(draft->out, " | ");
    add_time(draft->out, node->last_ns);
    strbuf_addf(draft->out, " | %lld", (long long)node->records);
    end_row(draft, proof, 2);
}

/* The worst alerts, of equals the first, in their order. */
static void
add_alert_list(struct draft *draft)
{
    const struct incident *incident = draft->incident;
    const struct entry *first, *last;
    size_t count = 0;
    struct ranked *rows = calloc(incident->node_count + 1, sizeof(*rows));
    if (rows == NULL)
        abort();
    for (size_t i = 0; i < incident->node_count; i++)
        if (incident->nodes[i]->kind == EVENT_ALERT &&
            node_entries(draft, incident->nodes[i], &first, &last))
            rows[count++] = (struct ranked){i, incident->nodes[i]->severity};
    if (count > 0)
        strbuf_add_text(draft->out, "| Alert | Service | Severity | First | Last | Records | "
                                    "Evidence |\n|---|---|---|---|---|---|---|\n");
    size_t shown = list_best(rows, count);
    for (size_t i = 0; i < shown; i++)
        add_alert(draft, incident->nodes[rows[i].place]);
    add_more(draft, count, "alerts");
    strbuf_add_text(draft->out, count > 0 ? "\n" : "> No alert belongs to this incident.\n\n");
    free(rows);
}

static void
add_evidence_row(struct draft *draft, const struct entry *entry)
{
    char hex[SHA256_HEX + 1] = "", time[TIME_TEXT];
    const struct evidence *evidence = entry->evidence_count > 0 ? &entry->evidence[0] : NULL;
    time_format(entry->time_ns, time);
    strbuf_addf(draft->out, "| %s | ", time);
    if (evidence == NULL) {
        strbuf_add_text(draft->out, "declared by a person | | | 0");
        end_row(draft, &entry, 1);
        return;
    }
    sha256_hex(&evidence->sha256, hex);
    add_safe(draft->out, evidence->topic);
    strbuf_addf(draft->out, "/%d/%lld", evidence->partition, (long long)evidence->at.offset);
    if (evidence->incarnation > 1)
        strbuf_addf(draft->out, " (incarnation %d)", evidence->incarnation);
    strbuf_addf(draft->out, " | %d | %.16s | %lld", evidence->at.index, hex,
                (long long)entry->occurrences);
    end_row(draft, &entry, 1);
}

/* Numbers are ours: "INC-2026-0042". Anything else would have to be quoted for a shell. */
static bool
is_plain(struct sv number)
{
    for (size_t i = 0; i < number.len; i++)
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", number.ptr[i]) == NULL)
            return false;
    return number.len > 0;
}

/* Where the rows are that the lists only count. */
static void
add_rest(struct draft *draft)
{
    struct sv number = draft->context->number;
    number = is_plain(number) ? number : SV("INCIDENT");
    strbuf_addf(draft->out,
                "\n> %zu rows are not listed here. `hindcast timeline " SV_FMT
                " --format jsonl` prints every entry with its evidence",
                draft->left_out, SV_ARG(number));
    if (!sv_empty(draft->context->rest_name)) {
        strbuf_add_text(draft->out, "; so does the file ");
        add_safe(draft->out, draft->context->rest_name);
        strbuf_add_text(draft->out, " beside this draft");
    }
    strbuf_add_text(draft->out, ".\n");
}

void
fill_data(struct draft *draft)
{
    bool head = false;
    add_alert_list(draft);
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        if (!draft->cited[i] && draft->incident->entries[i].significance != SIGNIFICANCE_KEY)
            continue;
        if (!head)
            strbuf_add_text(draft->out,
                            "| Time | Topic/partition/offset | Index | SHA-256 begins | "
                            "Records | Entry |\n|---|---|---|---|---|---|\n");
        head = true;
        add_evidence_row(draft, &draft->incident->entries[i]);
    }
    if (!head)
        strbuf_add_text(draft->out, "> No entry was cited.\n");
    if (draft->left_out > 0)
        add_rest(draft);
}
