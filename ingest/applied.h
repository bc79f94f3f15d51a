/*
 * The decoding options that are in force: those applied in the database (hindcast/decoding.h),
 * whatever the files of this process say; where none were applied, its own. And the set as a text:
 * a head, the digest of decoders and maps, the options of topic_options.def as they are for all
 * topics, then what single topics have instead, one a line and in one order, so that what means the
 * same is the same text.
 */
#ifndef INGEST_APPLIED_H
#define INGEST_APPLIED_H

#include "base/config/config.h"
#include "base/sha256.h"
#include "base/strbuf.h"
#include "hindcast/store.h"
#include "ingest/topics.h"

struct applied_decoding {
    int64_t number; /* of the row that counts; 0: none was applied */
    char digest[SHA256_HEX + 1], own_digest[SHA256_HEX + 1];
    bool differs;          /* from what the files of this process say */
    struct topics topics;  /* valid until applied_decoding_release() */
    struct config *config; /* what the topics point into; NULL: the own one */
};

/* Fails (CONFIG) on a value that has no line of its own. */
int
applied_decoding_write(const struct config *config, struct strbuf *out, struct err *err) MUST_CHECK;
/* A configuration with the options of such a text, all others as they are by default. */
int
applied_decoding_parse(struct sv content, struct config **ret_config, struct err *err) MUST_CHECK;
/*
 * Reads what counts. CONFIG where this program has no such format or zone: then it must not decode.
 * `own` must outlive the result.
 */
int applied_decoding_read(struct store *store, const struct config *own,
                          struct applied_decoding *ret_decoding, struct err *err) MUST_CHECK;
void applied_decoding_release(struct applied_decoding *decoding);

#endif
