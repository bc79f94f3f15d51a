/*
 * What was read and what is not in view: kinds of sources, the ledger, files, the clock of the
 * document. Lines about the document itself, which no entry proves.
 */
#include "report/section/sources.h"

#include <string.h>

#include "report/section/files.h"
#include "report/section/fills.h"
#include "report/section/readings.h"

#define KINDS_MAX 3

static const struct {
    enum record_kind kinds[KINDS_MAX];
    const char *name;
} groups[] = {
    {{RECORD_ALERT, RECORD_INCIDENT_EVENT, RECORD_NONE}, "alerts"},
    {{RECORD_CHAT, RECORD_LINKED_MESSAGE, RECORD_NONE}, "chat"},
    {{RECORD_COMMIT, RECORD_MERGE, RECORD_DEPLOY}, "changes"},
    {{RECORD_LOG, RECORD_NONE, RECORD_NONE}, "logs"},
    {{RECORD_STATUS, RECORD_NONE, RECORD_NONE}, "status page"},
    {{RECORD_METRIC, RECORD_NONE, RECORD_NONE}, "metrics"},
    {{RECORD_SAL, RECORD_NOTE, RECORD_NONE}, "notes"},
};

#define GROUPS (sizeof(groups) / sizeof(groups[0]))

static bool
is_of(const struct entry *entry, size_t group)
{
    for (size_t k = 0; k < KINDS_MAX; k++)
        if (groups[group].kinds[k] != RECORD_NONE && entry->record_kind == groups[group].kinds[k])
            return true;
    return false;
}

void
sources_say(struct draft *draft, bool present)
{
    const char *joint = "";
    for (size_t g = 0; g < GROUPS; g++) {
        bool there = false;
        for (size_t i = 0; i < draft->incident->entry_count && !there; i++)
            there = is_of(&draft->incident->entries[i], g);
        if (there != present)
            continue;
        document_words(draft->document, joint);
        document_words(draft->document, groups[g].name);
        joint = ", ";
    }
    if (joint[0] == '\0')
        document_words(draft->document, "nothing");
}

static void
add_clock(struct draft *draft)
{
    struct document *document = draft->document;
    document_begin(document, BLOCK_ABOUT);
    document_words(document, "times: UTC");
    if (draft->second_zone) {
        document_words(document, ", and in a second column ");
        document_text(document, draft->context->time_zone);
    }
    document_words(document, "; zones as in the tz database ");
    if (sv_empty(draft->context->tz_version))
        document_words(document, "of an unknown version");
    else
        document_text(document, draft->context->tz_version);
}

static void
add_digest(struct document *document, struct sv digest)
{
    bool hex = digest.len > 0 && digest.len <= SHA256_HEX;
    for (size_t i = 0; i < digest.len && hex; i++)
        hex = digest.ptr[i] != '\0' && strchr("0123456789abcdef", digest.ptr[i]) != NULL;
    if (!hex)
        return;
    document_begin(document, BLOCK_ABOUT);
    document_wordsf(document, "digest of the incident: " SV_FMT, SV_ARG(digest));
}

void
fill_sources(struct draft *draft)
{
    const struct report_context *context = draft->context;
    struct document *document = draft->document;
    document_begin(document, BLOCK_ABOUT);
    document_wordsf(document, "entries of this incident: %zu, records: %lld",
                    draft->incident->entry_count, (long long)draft->incident->record_count);
    document_begin(document, BLOCK_ABOUT);
    document_words(document, "in view: ");
    sources_say(draft, true);
    document_begin(document, BLOCK_ABOUT);
    document_words(document, "not in view: ");
    sources_say(draft, false);
    document_begin(document, BLOCK_ABOUT);
    document_wordsf(document, "whole store: %lld records read, %lld quarantined, %lld lost",
                    (long long)context->records_read, (long long)context->records_quarantined,
                    (long long)context->records_lost);
    add_skipped(draft);
    add_readings(draft);
    add_files(draft);
    add_clock(draft);
    add_digest(document, context->digest_hex);
}
