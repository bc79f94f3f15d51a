/*
 * The files that people add to the formats that are built in: maps (NAME.map, docs/maps.md),
 * formats of lines (NAME.lines, the same page) and schemas (17.avsc, 18.desc: hindcast/schemas.h),
 * as names and bytes. What is done with them does not depend on where they came from: a folder, or
 * the set that is applied in the database.
 *
 * Files are read and put to use on one thread, while no other one decodes.
 */
#ifndef HINDCAST_FORMAT_FILES_H
#define HINDCAST_FORMAT_FILES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/sha256.h"
#include "base/strbuf.h"

#define FORMAT_FILES_MAX 1000 /* maps and formats of lines */
#define FORMAT_FILE_BYTES_MAX ((size_t)1024 * 1024)

enum format_file_kind { FORMAT_FILE_NONE, FORMAT_FILE_MAP, FORMAT_FILE_LINES, FORMAT_FILE_SCHEMA };

struct format_file {
    enum format_file_kind kind;
    const char *name; /* without folders */
    const char *path; /* as problems name it */
    struct sv text;
};

struct format_files {
    struct arena arena;       /* of all that is in the list */
    struct format_file *list; /* by name, each once */
    size_t count, size;
};

void format_files_init(struct format_files *files);
void format_files_release(struct format_files *files);
/* FORMAT_FILE_NONE: a file that nobody reads here. */
enum format_file_kind format_file_kind(const char *name);
/* Copies everything. CONFIG where there is one of that name, or the name is of no kind. */
int format_files_add(struct format_files *files, const char *name, const char *path, struct sv text,
                     struct err *err) MUST_CHECK;
/*
 * Adds what the folders ingest.maps and ingest.schemas hold; "": none. CONFIG, IO, LIMIT where a
 * folder or a file cannot be read.
 */
int format_files_read(struct format_files *files, const char *maps, const char *schemas,
                      struct err *err) MUST_CHECK;
/* Adds one file, of any kind that is small enough for a map. */
int format_files_read_one(struct format_files *files, const char *path, struct err *err) MUST_CHECK;
/* SHA-256 over names and bytes: the same files, the same digest, wherever they lie. */
void format_files_digest(const struct format_files *files, struct sha256 *ret_digest);

/*
 * Reads them, instead of those that were in use before: from now on decoders are those of the
 * program and of these files. Where they have errors it fails (CONFIG), none of them is used, and
 * *problems has a line for each, `FILE:LINE: text`. The bytes are copied.
 */
int
formats_use(const struct format_files *files, struct strbuf *problems, struct err *err) MUST_CHECK;
/* The digest of those that are in use; any thread, while no other calls formats_use(). */
void formats_used(struct sha256 *ret_digest);

#endif
