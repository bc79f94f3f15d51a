/*
 * The decoding options that are in force: those applied in the database (hindcast/decoding.h),
 * whatever the files of this process say. They hold the text of maps, formats of lines and schemas,
 * so that a process without those files, or with others, decodes alike. Where none were applied yet
 * the own ones are, in one transaction: of two who come at once the second one finds those of the
 * first.
 *
 *      what counts is of      at the start              later
 *      nobody                 own ones are applied      the same
 *      this program           taken up                  taken up
 *      an older program       taken up, then applied    DB_SCHEMA
 *                             again as this program's
 *      a newer one, another   DB_SCHEMA                 DB_SCHEMA
 *
 * So a newer program carries options and files on, decodes them with its own decoders and stops the
 * older ones; and an older program counts again only where a person has it apply its own.
 */
#ifndef INGEST_APPLIED_H
#define INGEST_APPLIED_H

#include "hindcast/ingest.h"
#include "hindcast/store.h"
#include "ingest/decoding_set.h"
#include "ingest/topics.h"

struct applied_decoding {
    int64_t number;       /* of the row that counts; 0 only with `others` */
    enum applied_how how; /* it came to count */
    char digest[SHA256_HEX + 1], own_digest[SHA256_HEX + 1];
    bool differs;                         /* from what the files of this process say */
    char differs_in[DECODING_DIFFERENCE]; /* where, for people */
    bool others; /* `files` are not those in use, see applied_files_use(): no topics yet */
    struct format_files files; /* that count */
    struct topics topics;      /* valid until applied_decoding_release() */
    struct config *config;     /* what the topics point into; NULL with `others`, perhaps */
};

/*
 * Reads what counts, and writes what is missing as above. DB_SCHEMA where another program's count;
 * CONFIG where this program has no such format or zone: then it must not decode. `own` must outlive
 * the result. Also who decodes may ask, on any thread: nothing is put to use.
 */
int applied_decoding_read(struct store *store, const struct own_decoding *own, bool starting,
                          struct applied_decoding *ret_decoding, struct err *err) MUST_CHECK;
/* Puts the files to use. Nobody decodes. CONFIG where this program cannot read them. */
int applied_files_use(const struct format_files *files, struct err *err) MUST_CHECK;
/* Reads what counts and puts its files to use, until it is both. Nobody else decodes. */
int applied_decoding_use(struct store *store, const struct own_decoding *own, bool starting,
                         struct applied_decoding *ret_decoding, struct err *err) MUST_CHECK;
void applied_decoding_release(struct applied_decoding *decoding);

#endif
