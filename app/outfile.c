/*
 * Files that commands write: see outfile.h. Main thread.
 */
#include "app/outfile.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int
outfile_write(const char *path, const struct strbuf *text, struct err *err)
{
    if (text->overflow)
        return err_set(err, ERR_LIMIT, "%s is larger than %zu MiB", path, text->max >> 20);
    FILE *file = fopen(path, "wbe");
    if (file == NULL)
        return err_set_errno(err, ERR_IO, errno, "cannot write %s", path);
    struct sv view = strbuf_view(text);
    bool written = fwrite(view.ptr, 1, view.len, file) == view.len;
    int number = errno;
    if (fclose(file) != 0 && written) {
        number = errno;
        written = false;
    }
    return written ? 0 : err_set_errno(err, ERR_IO, number, "cannot write %s", path);
}

/* Does the file hold these bytes and nothing else? */
static bool
same_bytes(const char *path, struct sv text)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return false;
    char block[8192];
    size_t at = 0, got;
    bool same = true;
    while (same && (got = fread(block, 1, sizeof(block), file)) > 0) {
        same = got <= text.len - at && memcmp(block, text.ptr + at, got) == 0;
        at += got;
    }
    same = same && at == text.len && ferror(file) == 0;
    fclose(file);
    return same;
}

static int
set_aside(const char *path, struct err *err)
{
    char kept[PATH_MAX];
    for (int n = 1; n <= OUTFILE_KEPT_MAX; n++) {
        if (snprintf(kept, sizeof(kept), "%s.kept-%d", path, n) >= (int)sizeof(kept))
            return err_set(err, ERR_IO, "the name is too long: %s", path);
        if (access(kept, F_OK) == 0)
            continue;
        if (rename(path, kept) != 0)
            return err_set_errno(err, ERR_IO, errno, "cannot move %s out of the way", path);
        fprintf(stderr, "hindcast: %s held another text; it is kept as %s\n", path, kept);
        return 0;
    }
    return err_set(err, ERR_LIMIT, "there are %d kept copies of %s already", OUTFILE_KEPT_MAX,
                   path);
}

int
outfile_write_draft(const char *path, const struct strbuf *text, struct err *err)
{
    struct stat status;
    if (!text->overflow && stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        if (same_bytes(path, strbuf_view(text)))
            return 0;
        if (status.st_size > 0 && set_aside(path, err) != 0)
            return -1;
    }
    return outfile_write(path, text, err);
}
