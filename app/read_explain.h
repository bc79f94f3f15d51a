/*
 * Why a record is read as what it is: who bid what for it. Text for people; one thread.
 */
#ifndef APP_READ_EXPLAIN_H
#define APP_READ_EXPLAIN_H

#include "base/strbuf.h"
#include "ingest/source/file/file.h"

#define EXPLAINED_KINDS_MAX 16
#define EXPLAINED_PARTS_MAX 4 /* parts of one record that are detected by themselves */

/* The kinds of records that were explained in the file that is being read. */
struct read_explain {
    char file[256];
    char kinds[EXPLAINED_KINDS_MAX][48];
    size_t count;
};

/*
 * Lines about the record where it is the first of its kind (the format it is read as) in its file;
 * nothing else. Decodes it once more. False: nothing was added.
 */
bool read_explain(struct read_explain *explain, const struct file_record *record,
                  const struct decode_options *options, struct strbuf *out);

#endif
