/*
 * Redacting a document: from a document and the incident it is about to copies that may leave. It
 * is done once, before any writer (report/render, report/page, report/chart), so that no form of
 * the document has anything that another has not.
 *
 * All texts of records are redacted: those of the document's spans, and each text of entries,
 * nodes and the incident, which pages, charts and timelines show. Our own words, times, numbers,
 * digests and coordinates stay. Pseudonyms are numbered in the order in which the timeline of the
 * incident names them first, so that all documents about one incident agree. Pure; same document
 * and policy, same bytes.
 */
#ifndef REPORT_REDACT_DOCUMENT_H
#define REPORT_REDACT_DOCUMENT_H

#include "hindcast/document.h"
#include "hindcast/loaded_file.h"
#include "report/redact/text.h"

struct redacted {
    struct document document; /* about `stored` below */
    struct stored_incident stored;
    struct redaction *redaction; /* what was found; its policy must live as long */
};

/* INTERNAL: the detectors are wrong. redacted_release() gives it back. */
int redact_document(const struct document *document, const struct stored_incident *stored,
                    const struct loaded_file *files, size_t file_count,
                    const struct redact_policy *policy, struct redacted *ret_redacted,
                    struct err *err) MUST_CHECK;
void redacted_release(struct redacted *redacted);

/* Bytes of a record as an excerpt, in the arena; false: the policy shows none, or it is no text. */
bool redact_record(struct redacted *redacted, struct arena *arena, struct sv value,
                   struct sv *ret_excerpt);
#define REDACT_RECORD_BYTES_MAX ((size_t)16 * 1024) /* of a record; the rest is not shown */

/* "3 people, 2 hosts, 1 secret": how many different ones; "nothing". Adds to `out`. */
void redacted_summary(const struct redacted *redacted, struct strbuf *out);

#endif
