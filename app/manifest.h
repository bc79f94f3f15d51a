/*
 * A manifest record: what became of one file or entry of an archive that was loaded, as a record of
 * our own event JSON (docs/event-json.md, kind `manifest`). It goes to the topic behind the file's
 * records, says as what they were read and what a person should look at, and is in no timeline. The
 * path and the digest of the bytes identify it, so that the same file loaded twice has one. It
 * holds nothing but what the file and the configuration say: the same file gives the same bytes.
 */
#ifndef APP_MANIFEST_H
#define APP_MANIFEST_H

#include "app/file_remarks.h"
#include "base/strbuf.h"

struct manifest {
    struct file_record record; /* its views point into the rest */
    struct strbuf value, source;
    char id[SHA256_HEX + 1];
};

/* `ended`: what is known of its bytes, NULL: nothing. */
void manifest_init(struct manifest *manifest, const struct file_tally *tally,
                   const struct assumed_zone *zone, const struct file_ended *ended);
void manifest_release(struct manifest *manifest);

#endif
