/*
 * Supporting data: the alerts, and where the rows are that no list shows.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/section/fills.h"

static void
add_alert(struct draft *draft, const struct alert_episode *alert)
{
    struct document *document = draft->document;
    const struct entry *proof[2] = {alert->first, alert->last};
    document_row(document, false);
    document_cell(document);
    document_text(document, alert->node->title);
    document_cell(document);
    document_text(document, alert->node->service);
    document_cell(document);
    document_words(document, severity_band(alert->severity));
    document_cell(document);
    document_time(document, alert->first_ns);
    document_cell(document);
    document_time(document, alert->last_ns);
    document_cell(document);
    document_wordsf(document, "%lld", (long long)alert->records);
    document_prove_row(document, proof, 2);
}

/* The worst alerts, of equals the first, in their order. */
static void
add_alert_list(struct draft *draft)
{
    const struct incident *incident = draft->incident;
    struct alert_episode *alerts = memory_calloc(incident->node_count + 1, sizeof(*alerts));
    struct ranked *rows = memory_calloc(incident->node_count + 1, sizeof(*rows));
    size_t count = alert_episodes(incident, alerts);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct ranked){i, alerts[i].severity};
    size_t shown = list_best(rows, count);
    if (count > 0)
        document_begin_table(draft->document,
                             SV("Alert | Service | Severity | First | Last | Records | Evidence"),
                             true);
    else
        document_say(draft->document, BLOCK_REMARK, SV("No alert belongs to this incident."));
    for (size_t i = 0; i < shown; i++)
        add_alert(draft, &alerts[rows[i].place]);
    if (count > 0)
        document_end_table(draft->document);
    add_more(draft, count, shown, "alerts");
    free(rows);
    free(alerts);
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
    struct document *document = draft->document;
    struct sv number = draft->context->number;
    number = is_plain(number) ? number : SV("INCIDENT");
    document_begin(document, BLOCK_MORE);
    document_wordsf(document, "Rows that are not listed here: %zu. ", draft->left_out);
    document_codef(document, "hindcast timeline " SV_FMT " --format jsonl", SV_ARG(number));
    document_words(document, " prints every entry with its evidence");
    if (!sv_empty(draft->context->rest_name)) {
        document_words(document, "; so does the file ");
        document_text(document, draft->context->rest_name);
        document_words(document, " beside this draft");
    }
    document_words(document, ".");
}

void
fill_data(struct draft *draft)
{
    add_alert_list(draft);
    if (draft->left_out > 0)
        add_rest(draft);
}
