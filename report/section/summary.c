/*
 * Status and metadata, summary: the moments of the incident and its window, each with the entries
 * it was read from; what no entry proves is not written.
 */
#include "base/text/word_char.h"
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/order.h"
#include "report/section/decided.h"
#include "report/section/fills.h"
#include "report/section/open_end.h"

/* In the order in which they usually come. */
static const enum milestone moments[] = {
    MILESTONE_IMPACT_STARTED, MILESTONE_DETECTED,         MILESTONE_ACKNOWLEDGED,
    MILESTONE_DECLARED,       MILESTONE_CAUSE_IDENTIFIED, MILESTONE_MITIGATED,
    MILESTONE_RECOVERED,      MILESTONE_REOPENED,         MILESTONE_RESOLVED,
};

#define MOMENTS (sizeof(moments) / sizeof(moments[0]))

/* Begins a row whose first cell is `name`, and its second cell. */
static void
begin_fact(struct document *document, bool human, const char *name)
{
    document_row(document, human);
    document_cell(document);
    document_words(document, name);
    document_cell(document);
}

static void
add_services(struct draft *draft)
{
    const struct entry *proof[DOCUMENT_PROOFS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->service_count && count < DOCUMENT_PROOFS_MAX; i++) {
        size_t entries;
        struct sv service = draft->incident->services[i];
        const struct entry *const *found =
            entry_index_find(&draft->by[BY_SERVICE], service, &entries);
        if (entries == 0)
            continue;
        if (count == 0)
            begin_fact(draft->document, false, "Services");
        else
            document_words(draft->document, ", ");
        document_text(draft->document, service);
        proof[count++] = found[0];
    }
    if (count == 0)
        return;
    if (draft->incident->service_count > count)
        document_wordsf(draft->document, " and %zu more", draft->incident->service_count - count);
    document_prove_row(draft->document, proof, count);
}

static void
add_severity(struct draft *draft)
{
    const struct entry *worst = NULL;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (is_alert(entry) && entry->severity > (worst == NULL ? 0 : worst->severity))
            worst = entry;
    }
    if (worst == NULL)
        return;
    begin_fact(draft->document, false, "Highest severity of an alert");
    document_words(draft->document, severity_band(worst->severity));
    document_prove_row(draft->document, &worst, 1);
}

/* The digit of the first "SEV1", "sev-2", "P1", "severity 3"; -1: none. */
static int
level_in(struct sv text)
{
    static const char *const names[] = {"severity", "sev", "p"};
    for (size_t at = 0; at < text.len; at++)
        for (size_t i = 0; text_word_begins(text, at) && i < 3; i++) {
            struct sv rest = sv_slice(text, at, text.len), name = sv_from(names[i]);
            size_t digit = name.len;
            if (!sv_starts_nocase(rest, name))
                continue;
            digit += digit < rest.len && (rest.ptr[digit] == ' ' || rest.ptr[digit] == '-');
            if (digit < rest.len && rest.ptr[digit] >= '0' && rest.ptr[digit] <= '9' &&
                text_word_ends(rest, digit + 1))
                return rest.ptr[digit] - '0';
        }
    return -1;
}

/* What people called it: the first, and the last where that says something else. */
static void
add_severity_told(struct draft *draft)
{
    const struct entry *told[2] = {NULL, NULL};
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (has_reason(entry, SV("tells_severity")))
            told[told[0] != NULL] = entry;
    }
    if (told[1] != NULL && level_in(told[0]->text) >= 0 &&
        level_in(told[0]->text) == level_in(told[1]->text))
        told[1] = NULL; /* said again */
    for (size_t i = 0; i < 2 && told[i] != NULL; i++) {
        begin_fact(draft->document, false,
                   i == 0 ? "Severity as said (candidate)" : "Severity as said last (candidate)");
        document_quote(draft->document, told[i]->text);
        document_words(draft->document, ", ");
        document_time(draft->document, told[i]->time_ns);
        document_prove_row(draft->document, &told[i], 1);
    }
}

static void
add_moments(struct draft *draft)
{
    struct document *document = draft->document;
    for (size_t i = 0; i < MOMENTS; i++) {
        const struct milestone_row *row = milestone_at(draft, moments[i]);
        if (row == NULL)
            continue;
        const struct entry *proof = milestone_entry(draft, row);
        document_row(document, false);
        document_cell(document);
        const struct decided *said = incident_said_moment(draft->incident, row);
        document_words(document, moment_name(moments[i]));
        document_words(document, said != NULL ? "" : " (candidate)");
        document_cell(document);
        document_time(document, row->time_ns);
        if (said != NULL)
            put_decision(document, said);
        else
            document_wordsf(document, ", %s (%d of 100 such moments were right)",
                            confidence_word(row->confidence), row->confidence);
        document_prove_row(document, &proof, 1);
    }
}

/* What people fill in. */
static void
add_owners(struct document *document)
{
    static const char *const names[] = {"Owner", "Reviewers", "Date of the meeting", "Tags"};
    begin_fact(document, true, "Status");
    document_words(document, "Draft");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        begin_fact(document, true, names[i]);
}

/* Without a moment that bounds it, it lies between rows. */
static const char *
duration_name(const struct draft *draft)
{
    static const char *const names[2][2][2] = {
        {{"Duration, from first to last record",
          "Duration, from first to last row of the timeline"},
         {"Duration, from first record to end", "Duration, from first row of the timeline to end"}},
        {{"Duration, from start to last record",
          "Duration, from start to last row of the timeline"},
         {"Duration, from start to end", "Duration, from start to end"}}};
    static const char *const parts[2][2] = {
        {"From first to last record", "From first to last row of the timeline"},
        {"From start to last record", "From start to last row of the timeline"}};
    return draft->open ? parts[draft->start_known][draft->key_window]
                       : names[draft->start_known][draft->end_known][draft->key_window];
}

static void
add_open_end(struct draft *draft)
{
    if (!draft->open || draft->told_last == NULL)
        return;
    begin_fact(draft->document, false, "End");
    say_open_end(draft);
    document_prove_row(draft->document, &draft->told_last, 1);
}

void
fill_metadata(struct draft *draft)
{
    struct document *document = draft->document;
    document_begin_table(document, SV("Field | Value | Evidence"), true);
    add_owners(document);
    add_decided(draft);
    add_services(draft);
    add_severity(draft);
    add_severity_told(draft);
    add_moments(draft);
    if (draft->start_entry != NULL && draft->end_ns > draft->start_ns) {
        const struct entry *proof[] = {draft->start_entry, draft->end_entry};
        begin_fact(document, false, duration_name(draft));
        document_duration(document, draft->end_ns - draft->start_ns);
        document_prove_row(document, proof, 2);
    }
    add_open_end(draft);
    document_end_table(document);
}

/* "from TIME to TIME (D)", or "at TIME" where both are the same; TIME_NONE: "from TIME on". */
static void
say_window(struct document *document, bool capital, int64_t from_ns, int64_t to_ns)
{
    document_words(document, capital            ? (from_ns == to_ns ? "At " : "From ")
                             : from_ns == to_ns ? "at "
                                                : "from ");
    document_time(document, from_ns);
    if (from_ns == to_ns)
        return;
    if (to_ns == TIME_NONE) {
        document_words(document, " on");
        return;
    }
    document_words(document, " to ");
    document_time(document, to_ns);
    document_words(document, " (");
    document_duration(document, to_ns - from_ns);
    document_words(document, ")");
}

/* Where nothing in the records bounds it, rows do: they are told as rows, not as the incident. */
static const char *
window_opening(const struct draft *draft)
{
    static const char *const rows[2][2] = {
        {"No record shows its start or its end. Its records lie ",
         "No record shows its start or its end. The rows of its timeline lie "},
        {"No record shows its start. Its first record and its end lie ",
         "No record shows its start. The first row of its timeline and its end lie "}};
    static const char *const from_start[] = {
        "No record shows its end. Its start and its last record lie ",
        "No record shows its end. Its start and the last row of its timeline lie "};
    if (draft->start_known)
        return draft->end_known ? "The records place this incident "
                                : from_start[draft->key_window];
    return rows[draft->end_known][draft->key_window];
}

/* The words of the alert name its service, or none is known: nothing has to say of what. */
static bool
names_service(const struct entry *alert)
{
    struct sv text = alert->text, service = alert->service;
    for (size_t at = 0; at + service.len <= text.len && service.len > 0; at++)
        if (text_word_begins(text, at) && text_word_ends(text, at + service.len) &&
            sv_starts_nocase(sv_slice(text, at, text.len), service))
            return true;
    return sv_empty(service);
}

static void
summarise_window(struct draft *draft)
{
    struct document *document = draft->document;
    const struct entry *alert = first_entry(draft, is_alert);
    const struct entry *proof[] = {draft->start_entry, draft->end_entry, alert};
    document_begin(document, BLOCK_STATEMENT);
    if (alert == NULL)
        document_words(document, window_opening(draft));
    say_window(document, alert != NULL, draft->start_ns,
               draft->open && alert != NULL ? TIME_NONE : draft->end_ns);
    if (alert != NULL) {
        if (names_service(alert)) {
            document_words(document, ": ");
        } else {
            document_words(document, ", ");
            document_text(document, alert->service);
            document_words(document, " showed ");
        }
        document_quote(document, alert->text);
    }
    document_words(document, ".");
    document_prove(document, proof, 3);
}

/* The bounds that people gave stand in no record; entries near them may lie outside. */
static void
summarise_declarations(struct draft *draft)
{
    for (size_t i = 0; i < draft->incident->node_count; i++) {
        const struct node *node = draft->incident->nodes[i];
        if (!node->declared)
            continue;
        document_begin(draft->document, BLOCK_REMARK);
        document_words(draft->document, "A person declared it ");
        bool open = draft->open && node->last_ns == node->first_ns;
        say_window(draft->document, false, node->first_ns, open ? TIME_NONE : node->last_ns);
        document_words(draft->document, open ? ", without an end." : ".");
    }
}

/* "people told of trouble in #ops": where is said before. */
static struct sv
without_place(const struct incident *incident, struct sv reason)
{
    struct sv joint = SV(" in ");
    size_t tail = joint.len + incident->place.len;
    if (incident->place.len == 0 || reason.len <= tail || !sv_ends(reason, incident->place) ||
        !sv_eq(sv_slice(reason, reason.len - tail, reason.len - incident->place.len), joint))
        return reason;
    return sv_slice(reason, 0, reason.len - tail);
}

/* Another reason says the same and more: "was taken back", "was taken back within a day"; "people
 * told of trouble", here and in another channel. */
static bool
is_said_fuller(const struct incident *incident, size_t at)
{
    struct sv reason = without_place(incident, incident->because[at]);
    for (size_t i = 0; i < incident->because_count; i++)
        if (i != at && incident->because[i].len > reason.len &&
            sv_starts(incident->because[i], reason))
            return true;
    return false;
}

/* Proved by the entries of what opened it. */
static void
summarise_candidate(struct draft *draft)
{
    struct document *document = draft->document;
    const struct incident *incident = draft->incident;
    const struct entry *proof[DOCUMENT_PROOFS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < incident->entry_count && count < DOCUMENT_PROOFS_MAX; i++)
        if (sv_starts(incident->entries[i].membership, SV(CANDIDATE_OPENS)))
            proof[count++] = &incident->entries[i];
    if (!opened_candidate(incident->opened) || count == 0)
        return;
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, "This is a candidate: no alert opened it and nobody declared it. "
                             "It was opened from ");
    document_words(document, incident->opened == OPENED_TALK ? "talk in " : "records of ");
    document_text(document, incident->place);
    document_words(document, ", because ");
    size_t kept = 0, last = 0;
    for (size_t i = 0; i < incident->because_count; i++)
        last = is_said_fuller(incident, i) ? last : i;
    for (size_t i = 0; i <= last; i++) {
        if (is_said_fuller(incident, i))
            continue;
        document_words(document, kept++ == 0 ? "" : i < last ? ", " : " and ");
        document_text(document, without_place(incident, incident->because[i]));
    }
    document_words(document, ".");
    document_prove(document, proof, count);
}

/* What a record says: the words of people are quoted, an alert's title is named as one. */
static void
summarise_record(struct draft *draft, const struct entry *entry)
{
    struct document *document = draft->document;
    if (draft->end_ns >= draft->start_ns && entry->kind == ENTRY_ALERT_FIRING &&
        entry == first_entry(draft, is_alert)) {
        document_words(document, ": the first one."); /* the window quotes it */
        return;
    }
    if (entry->record_kind == RECORD_INCIDENT_EVENT) {
        document_words(document, ", in ");
        document_text(document, entry->source);
    }
    document_words(document, entry->record_kind == RECORD_ALERT ? ": the alert " : ": ");
    entry_words(document, entry);
    document_words(document, entry->kind == ENTRY_ALERT_RESOLVED ? " ended."
                             : entry->kind == ENTRY_ALERT_FIRING ? " fired."
                                                                 : ".");
}

/* "{words} at TIME{, D after the start}: “text”." */
static void
summarise_row(struct draft *draft, const struct milestone_row *row, const char *words)
{
    struct document *document = draft->document;
    const struct entry *proof[] = {milestone_entry(draft, row), NULL};
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, words);
    document_words(document, " at ");
    document_time(document, row->time_ns);
    if (row->time_ns > draft->start_ns && draft->start_entry != NULL) {
        document_words(document, ", ");
        document_duration(document, row->time_ns - draft->start_ns);
        document_wordsf(document, " after %s", start_words(draft));
        say_open_moments(draft, draft->start_ns, draft->start_entry, row->time_ns, proof[0]);
        proof[1] = draft->start_entry;
    }
    summarise_record(draft, proof[0]);
    document_prove(document, proof, 2);
}

static void
summarise_moment(struct draft *draft, enum milestone milestone, const char *words)
{
    const struct milestone_row *row = milestone_at(draft, milestone);
    if (row != NULL)
        summarise_row(draft, row, words);
}

/* Where it came back: each time it worked again but the last, and each time it did not. */
static void
summarise_windows(struct draft *draft)
{
    const struct milestone_row *last = milestone_at(draft, MILESTONE_RECOVERED);
    size_t told = 0;
    for (size_t i = 0; i < draft->incident->milestone_count && told < LIST_MAX; i++) {
        const struct milestone_row *row = &draft->incident->milestones[i];
        bool again = row->milestone == MILESTONE_REOPENED;
        if (milestone_entry(draft, row) == NULL || row == last || !is_told(row) ||
            (!again && row->milestone != MILESTONE_RECOVERED))
            continue;
        summarise_row(draft, row, again ? "Trouble returned" : "Recovery was recorded first");
        told++;
    }
}

/* Who or what noticed it, in the words that its record allows. */
static const char *
noticed_words(const struct entry *entry)
{
    if (entry == NULL)
        return "";
    bool answers = entry->act == ACT_ACTION || entry->act == ACT_ROLLBACK ||
                   entry->act == ACT_DECISION || entry->act == ACT_STATUS;
    return is_alert(entry)                    ? "An alert noticed it"
           : entry->record_kind == RECORD_LOG ? "The first sign in the records is a log line"
           : answers                          ? "Somebody was at work on it"
                                              : "It was noticed";
}

/* What was only under way is not told as done. */
static const char *
mitigated_words(const struct draft *draft)
{
    const struct entry *act = milestone_entry(draft, milestone_at(draft, MILESTONE_MITIGATED));
    return act != NULL && is_under_way(act) ? "A mitigating action was under way"
                                            : "A mitigating action was recorded";
}

/* What people only expect is not told as seen. */
static const char *
recovered_words(const struct entry *recovered, bool acted)
{
    bool expected = recovered != NULL && has_reason(recovered, SV("recovery_expected")) &&
                    !has_reason(recovered, SV("recovered"));
    return expected ? (acted ? "A mitigating action was recorded and recovery expected"
                             : "Recovery was expected")
                    : (acted ? "A mitigating action and recovery were recorded"
                             : "Recovery was recorded");
}

/* A record that shows two of these moments is quoted once. */
static void
summarise_end(struct draft *draft)
{
    const struct entry *act = milestone_entry(draft, milestone_at(draft, MILESTONE_MITIGATED));
    const struct entry *back = milestone_entry(draft, milestone_at(draft, MILESTONE_RECOVERED));
    const struct entry *closed = milestone_entry(draft, milestone_at(draft, MILESTONE_RESOLVED));
    bool acted = act != NULL && act == back;
    if (!acted)
        summarise_moment(draft, MILESTONE_MITIGATED, mitigated_words(draft));
    summarise_moment(draft, MILESTONE_RECOVERED, recovered_words(back, acted));
    if (closed != NULL && closed != back)
        summarise_moment(draft, MILESTONE_RESOLVED,
                         closed->kind == ENTRY_ALERT_RESOLVED ? "The last alert ended"
                                                              : "It was marked resolved");
}

void
fill_summary(struct draft *draft)
{
    const struct milestone_row *detected = milestone_at(draft, MILESTONE_DETECTED);
    const struct entry *noticed = milestone_entry(draft, detected);
    if (draft->start_entry == NULL) {
        document_say(draft->document, BLOCK_REMARK,
                     SV("No entry belongs to this incident: nothing can be said."));
        return;
    }
    summarise_candidate(draft);
    summarise_declarations(draft);
    if (draft->end_ns >= draft->start_ns)
        summarise_window(draft);
    summarise_moment(draft, MILESTONE_DETECTED, noticed_words(noticed));
    summarise_windows(draft);
    summarise_end(draft);
    state_open_end(draft);
}
