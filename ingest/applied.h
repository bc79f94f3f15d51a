/*
 * The decoding options that are in force: those applied in the database (hindcast/decoding.h),
 * whatever the files of this process say; where none were applied, its own. They hold the text of
 * maps, formats of lines and schemas (hindcast/format_files.h), so that a process without those
 * files, or with others, decodes alike. And the set as a text: a head, the digest of the program's
 * own decoders, the options of topic_options.def as they are for all topics, then what single
 * topics have instead, one a line, then the files by name with their bytes; in one order, so that
 * what means the same is the same text.
 */
#ifndef INGEST_APPLIED_H
#define INGEST_APPLIED_H

#include "base/config/config.h"
#include "base/sha256.h"
#include "base/strbuf.h"
#include "hindcast/format_files.h"
#include "hindcast/store.h"
#include "ingest/topics.h"

/* What the files of this process say. */
struct own_decoding {
    const struct config *config;
    struct format_files files;
};

struct applied_decoding {
    int64_t number; /* of the row that counts; 0: none was applied */
    char digest[SHA256_HEX + 1], own_digest[SHA256_HEX + 1];
    bool differs;        /* from what the files of this process say: */
    char differs_in[64]; /* "options", "maps, lines or schemas", "the program", with " and " between
                          */
    bool others; /* `files` are not those in use, see applied_decoding_exchange(): no topics yet */
    struct format_files files; /* that count */
    struct topics topics;      /* valid until applied_decoding_release() */
    struct config *config;     /* what the topics point into; NULL: the own one */
};

/* Reads the folders that the configuration names. */
int own_decoding_read(const struct config *config, struct own_decoding *ret_own,
                      struct err *err) MUST_CHECK;
void own_decoding_release(struct own_decoding *own);

/* Fails (CONFIG) on a value that has no line of its own. */
int applied_decoding_write(const struct own_decoding *own, struct strbuf *out,
                           struct err *err) MUST_CHECK;
/*
 * A configuration with the options of such a text, all others as they are by default, and its
 * files, which are added to *files. A text of the first version has none: *ret_told is false.
 */
int applied_decoding_parse(struct sv content, struct config **ret_config,
                           struct format_files *files, bool *ret_told, struct err *err) MUST_CHECK;
/*
 * Reads what counts. CONFIG where this program has no such format or zone: then it must not decode.
 * `own` must outlive the result. Also who decodes may ask, on any thread: nothing is put to use.
 */
int applied_decoding_read(struct store *store, const struct own_decoding *own,
                          struct applied_decoding *ret_decoding, struct err *err) MUST_CHECK;
/* Puts the files to use. Nobody decodes. CONFIG where this program cannot read them. */
int applied_files_use(const struct format_files *files, struct err *err) MUST_CHECK;
/* Reads what counts and puts its files to use, until it is both. Nobody else decodes. */
int applied_decoding_use(struct store *store, const struct own_decoding *own,
                         struct applied_decoding *ret_decoding, struct err *err) MUST_CHECK;
void applied_decoding_release(struct applied_decoding *decoding);

#endif
