/*
 * Supporting data: the alerts, and the evidence index, which comes last because it lists what the
 * other sections cited.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/section/files.h"
#include "report/section/fills.h"

static void
add_alert(struct draft *draft, const struct node *node)
{
    struct document *document = draft->document;
    const struct entry *proof[2];
    if (!node_entries(draft, node, &proof[0], &proof[1]))
        return;
    document_row(document, false);
    document_cell(document);
    document_text(document, node->title);
    document_cell(document);
    document_text(document, node->service);
    document_cell(document);
    document_words(document, severity_band(node->severity));
    document_cell(document);
    document_time(document, node->first_ns);
    document_cell(document);
    document_time(document, node->last_ns);
    document_cell(document);
    document_wordsf(document, "%lld", (long long)node->records);
    document_prove_row(document, proof, 2);
}

/* The worst alerts, of equals the first, in their order. */
static void
add_alert_list(struct draft *draft)
{
    const struct incident *incident = draft->incident;
    const struct entry *first, *last;
    size_t count = 0;
    struct ranked *rows = memory_calloc(incident->node_count, sizeof(*rows));
    for (size_t i = 0; i < incident->node_count; i++)
        if (incident->nodes[i]->kind == EVENT_ALERT &&
            node_entries(draft, incident->nodes[i], &first, &last))
            rows[count++] = (struct ranked){i, incident->nodes[i]->severity};
    size_t shown = list_best(rows, count);
    if (count > 0)
        document_begin_table(draft->document,
                             SV("Alert | Service | Severity | First | Last | Records | Evidence"),
                             true);
    else
        document_say(draft->document, BLOCK_REMARK, SV("No alert belongs to this incident."));
    for (size_t i = 0; i < shown; i++)
        add_alert(draft, incident->nodes[rows[i].place]);
    if (count > 0)
        document_end_table(draft->document);
    add_more(draft, count, shown, "alerts");
    free(rows);
}

/* Cells 2 to 4: where the record lies, which event of it, how its bytes begin when hashed. */
static void
add_place(struct document *document, const struct evidence *evidence)
{
    char hex[SHA256_HEX + 1];
    sha256_hex(&evidence->sha256, hex);
    document_cell(document);
    if (!sv_empty(evidence->file)) {
        document_text(document, evidence->file);
        if (evidence->line > 0)
            document_wordsf(document, ":%lld", (long long)evidence->line);
    } else {
        document_text(document, evidence->topic);
        document_wordsf(document, "/%d/%lld", evidence->partition, (long long)evidence->at.offset);
        if (evidence->incarnation > 1)
            document_wordsf(document, " (incarnation %d)", evidence->incarnation);
    }
    document_cell(document);
    document_wordsf(document, "%d", evidence->at.index);
    document_cell(document);
    document_wordsf(document, "%.16s", hex);
}

static void
add_evidence_row(struct document *document, const struct entry *entry)
{
    document_row(document, false);
    document_cell(document);
    document_instant(document, entry->time_ns);
    if (entry->evidence_count > 0) {
        add_place(document, &entry->evidence[0]);
    } else {
        document_cell(document);
        document_words(document, "declared by a person");
        document_cell(document);
        document_cell(document);
    }
    document_cell(document);
    document_wordsf(document, "%lld",
                    entry->evidence_count > 0 ? (long long)entry->occurrences : 0);
    document_prove_row(document, &entry, 1);
}

/* By entry: true if it was cited before. */
static bool *
find_cited(const struct draft *draft)
{
    const struct document *document = draft->document;
    bool *cited = memory_calloc(draft->incident->entry_count, sizeof(*cited));
    for (size_t i = 0; i < document->proof_count; i++)
        cited[document->proofs[i] - draft->incident->entries] = true;
    return cited;
}

static void
add_evidence_index(struct draft *draft)
{
    bool head = false, *cited = find_cited(draft);
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        if (!cited[i] && draft->incident->entries[i].significance != SIGNIFICANCE_KEY)
            continue;
        if (!head)
            document_begin_table(
                draft->document,
                SV("Time | File:line or topic/partition/offset | Index | SHA-256 begins | "
                   "Records | Entry"),
                true);
        head = true;
        add_evidence_row(draft->document, &draft->incident->entries[i]);
    }
    if (head)
        document_end_table(draft->document);
    else
        document_say(draft->document, BLOCK_REMARK, SV("No entry was cited."));
    free(cited);
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
    document_wordsf(document,
                    "%zu rows are not listed here. `hindcast timeline " SV_FMT
                    " --format jsonl` prints every entry with its evidence",
                    draft->left_out, SV_ARG(number));
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
    add_evidence_index(draft);
    add_files(draft);
    if (draft->left_out > 0)
        add_rest(draft);
}
