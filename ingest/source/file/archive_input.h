/*
 * An archive on disk as libarchive sees it: its bytes through callbacks that heed a stop, and the
 * count of what was taken out of it. Private to archive.c and archive_input.c; one thread.
 */
#ifndef INGEST_SOURCE_FILE_ARCHIVE_INPUT_H
#define INGEST_SOURCE_FILE_ARCHIVE_INPUT_H

#include <archive.h>

#include "ingest/source/file/reading.h"
#include "ingest/source/file/unpack.h"

#define ARCHIVE_TOO_MUCH "unpacks to more than the limits allow"

enum archive_kind {
    ARCHIVE_TAR, /* as it is or packed once */
    ARCHIVE_ZIP_WITH_DIRECTORY,
    ARCHIVE_ZIP_WITHOUT_DIRECTORY, /* cut, or never finished: entries one after the other */
};

struct archive_input {
    const struct input_file *file;
    const struct file_sink *sink;
    enum archive_kind kind;
    int fd;
    enum packing packing; /* of the tar */
    struct unpack *unpack;
    int64_t on_disk;  /* bytes read in this pass */
    int64_t packed;   /* bytes on disk */
    int64_t before;   /* taken out in former passes */
    int64_t taken;    /* in this pass, of entries */
    int64_t nested;   /* out of entries that are packed themselves, in all passes */
    const char *over; /* a limit was passed; nothing more is taken out */
    bool over_told;   /* with the entry in which it came to light */
    char *buffer;
};

/* `fd`: open for reading from its start, a regular file; stays the caller's. */
void archive_input_init(struct archive_input *input, const struct input_file *file, int fd,
                        enum archive_kind kind, enum packing packing, const struct file_sink *sink);
void archive_input_release(struct archive_input *input);

/* Begins a pass from the start. NULL with the reason. */
struct archive *archive_input_open(struct archive_input *input, const char **ret_reason);
/* Ends it; what it took out counts on. */
void archive_input_end(struct archive_input *input, struct archive *archive);

/* Why nothing more may be taken out: a stop, or more than the limits allow. NULL: go on. */
const char *archive_input_trouble(struct archive_input *input, struct archive *archive);
/* Bytes of the file that were taken so far. */
int64_t archive_input_progress(const struct archive_input *input, struct archive *archive);
/* What libarchive says; valid until it is asked again. */
const char *archive_reason(struct archive *archive);

#endif
