/*
 * Checking what was derived against what was stored: see verification.h.
 */
#include "app/verification.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/progress.h"
#include "base/text/utf8.h"
#include "hindcast/decoder.h"
#include "hindcast/evidence.h"

static void
broken(struct verification *verification, const struct entry *entry,
       const struct evidence *evidence, const char *what)
{
    const struct verification_break found = {verification->incident_key, entry, evidence, what};
    assert(entry != NULL || evidence == NULL);
    verification->broken++;
    verification->on_break(verification->opaque, &found);
}

static void
differs(struct verification *verification, const struct entry *entry,
        const struct evidence *evidence, const struct sha256 *found)
{
    char cited[SHA256_HEX + 1], read[SHA256_HEX + 1], what[256];
    sha256_hex(&evidence->sha256, cited);
    sha256_hex(found, read);
    snprintf(what, sizeof(what), "SHA-256 of the record is %s, the entry cites %s", read, cited);
    broken(verification, entry, evidence, what);
}

/* The headers of the record, as they were taken over (ingest/normalize.c). */
static bool
lies_where_cited(struct arena *arena, const struct evidence *evidence, const struct record *record)
{
    struct sv file = record_header(record, HEADER_FILE);
    int64_t line = 0;
    if (sv_empty(evidence->file))
        return true;
    if (!sv_to_int64(record_header(record, HEADER_LINE), &line) || line < 0)
        line = 0;
    file = utf8_cut(utf8_repair(arena, utf8_cut(sv_trim(file), FIELD_BYTES_MAX)), FIELD_BYTES_MAX);
    return sv_eq(file, evidence->file) && line == evidence->line;
}

/* What was read, against what the entry cites and against its own proof. */
static void
verify_found(struct verification *verification, struct arena *arena, const struct entry *entry,
             const struct evidence *evidence, const struct raw_record *raw)
{
    if (!lies_where_cited(arena, evidence, &raw->record))
        broken(verification, entry, evidence, "its headers name another file or line");
    if (!sv_eq(raw->topic, evidence->topic) || raw->incarnation != evidence->incarnation ||
        raw->record.partition != evidence->partition)
        broken(verification, entry, evidence, "its stream has another topic or partition");
    if (memcmp(&raw->value_sha256, &evidence->sha256, sizeof(raw->value_sha256)) != 0)
        differs(verification, entry, evidence, &raw->value_sha256);
    if (!raw->value_matches)
        broken(verification, entry, evidence,
               "the value of the kept record does not have the SHA-256 it was kept with");
    if (!raw->root_matches)
        broken(verification, entry, evidence,
               raw->kept ? "the Merkle path of the kept record does not lead to its root"
                         : "the Merkle root of its segment does not match the stored bytes");
}

static int
verify_record(struct verification *verification, const struct entry *entry,
              const struct evidence *evidence, struct err *err)
{
    struct arena arena;
    struct raw_record raw;
    bool known;
    if (casebook_event_known(verification->store, evidence->at, &known, err) != 0)
        return -1;
    if (!known)
        broken(verification, entry, evidence, "the event it cites is gone");
    arena_init(&arena, 0);
    int status = store_read_record(verification->store, &arena, evidence->at.stream_id,
                                   evidence->at.offset, &raw, err);
    verification->records++;
    if (status != 0 && err->code == ERR_BROKEN_EVIDENCE) {
        broken(verification, entry, evidence, err->message);
        status = 0;
    } else if (status == 0 && raw.found) {
        verify_found(verification, &arena, entry, evidence, &raw);
    } else if (status == 0) {
        broken(verification, entry, evidence,
               raw.retired ? "retention removed the raw record, and it was not kept"
                           : "the raw record is not stored");
    }
    arena_release(&arena);
    return status;
}

static void
verify_digest(struct verification *verification, const struct stored_incident *stored)
{
    struct strbuf text;
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    strbuf_init(&text, 0);
    casebook_canonical_incident(stored->scope, &stored->incident, &text);
    sha256_of(text.ptr, text.len, &digest);
    sha256_hex(&digest, hex);
    strbuf_release(&text);
    if (sv_eq(stored->digest_hex, sv_from(hex)))
        return;
    broken(verification, NULL, NULL, "its rows were changed since they were derived");
}

struct cited {
    const struct entry *entry;
    const struct evidence *evidence;
};

static int
by_coordinates(const void *left, const void *right)
{
    const struct cited *a = left, *b = right;
    const struct coordinates *x = &a->evidence->at, *y = &b->evidence->at;
    if (x->stream_id != y->stream_id)
        return x->stream_id < y->stream_id ? -1 : 1;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    if (x->index != y->index)
        return x->index < y->index ? -1 : 1;
    return a->entry < b->entry ? -1 : a->entry > b->entry;
}

/* In the order in which records lie in segments, so that each segment is unpacked once. */
static int
verify_evidence(struct verification *verification, const struct incident *incident,
                struct arena *arena, struct err *err)
{
    size_t count = 0, most = 0;
    for (size_t i = 0; i < incident->entry_count; i++)
        most += incident->entries[i].evidence_count;
    struct cited *cited = ARENA_ARRAY(arena, struct cited, most + 1);
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        verification->entries++;
        if (entry->evidence_count == 0 && incident_note(incident, entry) == NULL)
            broken(verification, entry, NULL, "it cites no record");
        for (size_t j = 0; j < entry->evidence_count; j++)
            cited[count++] = (struct cited){entry, &entry->evidence[j]};
    }
    qsort(cited, count, sizeof(*cited), by_coordinates);
    for (size_t i = 0; i < count; i++)
        if (verify_record(verification, cited[i].entry, cited[i].evidence, err) != 0)
            return -1;
    return 0;
}

static const struct entry *
entry_of(const struct incident *incident, const struct decided *decided)
{
    if (decided->decision.verb != DECISION_NOTE || decided->row_count == 0)
        return NULL;
    for (size_t i = 0; i < incident->entry_count; i++)
        if (sv_eq(incident->entries[i].entry_id, decided->rows[0].entry_id))
            return &incident->entries[i];
    return NULL;
}

/* Each is what a person said: the row of review.decision has the same bytes, and that digest. */
static int
verify_decisions(struct verification *verification, const struct stored_incident *stored,
                 struct arena *arena, struct err *err)
{
    for (size_t i = 0; i < stored->incident.decision_count; i++) {
        const struct decided *decided = &stored->incident.decisions[i];
        const struct entry *entry = entry_of(&stored->incident, decided);
        struct stored_decision found;
        int status = casebook_decision(verification->store, arena, stored->scope,
                                       decided->decision.id, &found, err);
        if (status != 0 && err->code != ERR_NOT_FOUND)
            return -1;
        if (status != 0)
            broken(verification, entry, NULL, "a decision that it rests on is gone");
        else if (!sv_eq(found.decision.digest, decided->decision.digest))
            broken(verification, entry, NULL, "a decision that it rests on says something else");
    }
    return 0;
}

static int
verify_incident(struct verification *verification, const struct stored_incident *stored,
                struct arena *arena, struct err *err)
{
    verification->incident_key = stored->incident.incident_key;
    if (verify_evidence(verification, &stored->incident, arena, err) != 0 ||
        verify_decisions(verification, stored, arena, err) != 0)
        return -1;
    verify_digest(verification, stored);
    return 0;
}

int
verification_named(struct verification *verification, const char *name, struct err *err)
{
    struct arena arena;
    struct stored_incident stored;
    arena_init(&arena, 0);
    int status = casebook_incident(verification->store, &arena, name, &stored, err);
    if (status == 0)
        status = verify_incident(verification, &stored, &arena, err);
    arena_release(&arena);
    return status;
}

int
verification_all(struct verification *verification, struct err *err)
{
    struct arena arena;
    struct stored_incident *heads;
    struct progress progress;
    size_t count;
    arena_init(&arena, 0);
    int status = casebook_incidents(verification->store, &arena, true, &heads, &count, err);
    progress_begin(&progress, "verify", status == 0 ? (int64_t)count : 0);
    for (size_t i = 0; i < count && status == 0; i++) {
        progress_count(&progress, (int64_t)i, "incidents");
        struct arena scratch;
        struct stored_incident stored;
        arena_init(&scratch, 0);
        status = casebook_whole(verification->store, &scratch, &heads[i], &stored, err);
        if (status == 0)
            status = verify_incident(verification, &stored, &scratch, err);
        arena_release(&scratch);
    }
    progress_end(&progress);
    arena_release(&arena);
    return status;
}
