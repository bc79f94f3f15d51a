/*
 * Files that commands write: see outfile.h.
 */
#include "app/outfile.h"
#include "base/memory.h"
#include "base/text/visible.h"
#include "store/failpoint.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PARTS_MAX 100

/*
 * A file that is being written. open_outfile() -> OPEN; write_part() -> WRITTEN, synced and closed,
 * still beside what it replaces; put_in_place() -> gone, the new file is there. A failure in any
 * state: discard(), gone, the old file is there.
 */
struct outfile {
    int fd;       /* -1: closed */
    char *target; /* what is to be replaced, links followed */
    char *part;   /* beside it, until it is whole; NULL: the target is not a regular file */
};

static void
release(struct outfile *file)
{
    free(file->target);
    free(file->part);
    *file = (struct outfile){.fd = -1};
}

static void
discard(struct outfile *file)
{
    if (file->fd >= 0)
        close(file->fd);
    if (file->part != NULL)
        unlink(file->part);
    release(file);
}

/* The folder of a path with its slash, "" for the working folder. */
static struct sv
folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return sv_of(path, slash == NULL ? 0 : (size_t)(slash + 1 - path));
}

/* A hidden name, free in the folder of the target: a long name with more to it may not fit. */
static int
open_part(struct outfile *file)
{
    struct sv folder = folder_of(file->target);
    for (int n = 0; n < PARTS_MAX; n++) {
        file->part =
            memory_format(SV_FMT ".hindcast-%ld-%d.part", SV_ARG(folder), (long)getpid(), n);
        int fd = open(file->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0)
            return fd;
        int number = errno;
        free(file->part);
        file->part = NULL;
        errno = number;
        if (number != EEXIST)
            return -1;
    }
    return -1;
}

/* The new file is to be read and written by whom the old one was. */
static void
take_owner(int fd, const struct stat *old)
{
    if (fchown(fd, old->st_uid, old->st_gid) == 0 || fchown(fd, (uid_t)-1, old->st_gid) == 0)
        (void)fchmod(fd, old->st_mode & 0777);
    else
        (void)fchmod(fd, old->st_mode & 0700);
}

static int
open_target(struct outfile *file, const char *path)
{
    struct stat old, link;
    bool exists = stat(path, &old) == 0;
    if (exists && !S_ISREG(old.st_mode)) {
        file->target = memory_copy(path);
        return open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    }
    bool is_link = lstat(path, &link) == 0 && S_ISLNK(link.st_mode);
    file->target = is_link ? realpath(path, NULL) : memory_copy(path);
    /* Renaming needs the folder only; who made the file read-only meant the file. */
    if (file->target == NULL || (exists && eaccess(file->target, W_OK) != 0))
        return -1;
    int fd = open_part(file);
    if (fd >= 0 && exists)
        take_owner(fd, &old);
    return fd;
}

static int
open_outfile(struct outfile *file, const char *path, struct err *err)
{
    *file = (struct outfile){.fd = -1};
    file->fd = open_target(file, path);
    if (file->fd >= 0)
        return 0;
    err_set_errno(err, ERR_IO, errno, "cannot write %s", path);
    release(file);
    return err_hint(err, "a file is written beside the old one first: the folder must be writable "
                         "as well");
}

/* Pipes and some file systems know no sync; everything else must have it on disk. */
static bool
synced(int fd)
{
    return fsync(fd) == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP;
}

static int
fail(struct outfile *file, int number, struct err *err)
{
    assert(file->target != NULL); /* OPEN or WRITTEN */
    err_set_errno(err, ERR_IO, number, "cannot write %s", file->target);
    discard(file);
    return -1;
}

static int
write_all(int fd, struct sv bytes)
{
    while (bytes.len > 0) {
        ssize_t written = write(fd, bytes.ptr, bytes.len);
        if (written == 0)
            errno = ENOSPC;
        if (written == 0 || (written < 0 && errno != EINTR))
            return -1;
        if (written > 0)
            bytes = sv_slice(bytes, (size_t)written, bytes.len);
    }
    return 0;
}

static int
sync_folder(const char *path)
{
    struct sv folder = folder_of(path);
    char *name = folder.len == 0 ? memory_copy(".") : memory_format(SV_FMT, SV_ARG(folder));
    int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(name);
    if (fd < 0)
        return errno == EACCES ? 0 : -1; /* one may write to a folder that one may not read */
    bool good = synced(fd);
    int number = errno;
    close(fd);
    errno = number;
    return good ? 0 : -1;
}

static int
put_in_place(struct outfile *file, struct err *err)
{
    assert(file->fd < 0 && file->target != NULL); /* WRITTEN */
    if (file->part != NULL) {
        if (rename(file->part, file->target) != 0)
            return fail(file, errno, err);
        free(file->part);
        file->part = NULL;
        if (sync_folder(file->target) != 0)
            return fail(file, errno, err);
    }
    release(file);
    return 0;
}

/* Everything but the rename. */
static int
write_part(struct outfile *file, const char *path, struct sv bytes, struct err *err)
{
    if (open_outfile(file, path, err) != 0)
        return -1;
    if (write_all(file->fd, bytes) != 0 || !synced(file->fd))
        return fail(file, errno, err);
    int fd = file->fd;
    file->fd = -1;
    return close(fd) == 0 || errno == EINTR ? 0 : fail(file, errno, err);
}

int
outfile_write_bytes(const char *path, struct sv bytes, struct err *err)
{
    struct outfile file;
    return write_part(&file, path, bytes, err) != 0 ? -1 : put_in_place(&file, err);
}

static int
too_large(const char *path, const struct strbuf *text, struct err *err)
{
    return err_set(err, ERR_LIMIT, "%s is larger than %zu MiB", path, text->max >> 20);
}

int
outfile_write(const char *path, const struct strbuf *text, struct err *err)
{
    return text->overflow ? too_large(path, text, err)
                          : outfile_write_bytes(path, strbuf_view(text), err);
}

/* True if the file holds these bytes and nothing else. */
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

/* A second name where the file system has them: then the first is never missing. */
static int
keep_as(const char *path, const char *kept)
{
    if (link(path, kept) == 0)
        return 0;
    if (errno == EEXIST)
        return -1;
    return renameat2(AT_FDCWD, path, AT_FDCWD, kept, RENAME_NOREPLACE);
}

static int
set_aside(const char *path, struct err *err)
{
    char kept[PATH_MAX];
    for (int n = 1; n <= OUTFILE_KEPT_MAX; n++) {
        if (snprintf(kept, sizeof(kept), "%s.kept-%d", path, n) >= (int)sizeof(kept))
            return err_set(err, ERR_IO, "the name is too long: %s", path);
        if (keep_as(path, kept) != 0) {
            if (errno == EEXIST)
                continue;
            return err_set_errno(err, ERR_IO, errno, "cannot keep the old text of %s", path);
        }
        visible_line(stderr, "hindcast: %s held another text; it is kept as %s", path, kept);
        return 0;
    }
    return err_set(err, ERR_LIMIT, "there are %d kept copies of %s already", OUTFILE_KEPT_MAX,
                   path);
}

int
outfile_write_draft(const char *path, const struct strbuf *text, struct err *err)
{
    struct outfile file;
    struct stat status;
    if (text->overflow)
        return too_large(path, text, err);
    bool regular = stat(path, &status) == 0 && S_ISREG(status.st_mode);
    if (regular && same_bytes(path, strbuf_view(text)))
        return 0;
    if (write_part(&file, path, strbuf_view(text), err) != 0)
        return -1;
    if (regular && status.st_size > 0 && set_aside(file.target, err) != 0) {
        discard(&file);
        return -1;
    }
    return put_in_place(&file, err);
}

static int
changed_meanwhile(struct outfile *file, const char *path, struct err *err)
{
    discard(file);
    err_set(err, ERR_FAILED, "%s was changed while it was merged; it is as it was", path);
    return err_hint(err, "run the command again");
}

/* The old text, as it was at this moment, has the name of the part now. */
static int
exchange(struct outfile *file, const char *path, struct sv expected, struct err *err)
{
    if (renameat2(AT_FDCWD, file->part, AT_FDCWD, file->target, RENAME_EXCHANGE) != 0)
        return fail(file, errno, err);
    if (same_bytes(file->part, expected))
        return 0;
    if (renameat2(AT_FDCWD, file->part, AT_FDCWD, file->target, RENAME_EXCHANGE) != 0)
        return fail(file, errno, err);
    return changed_meanwhile(file, path, err);
}

/* Where the file system cannot exchange two names: the old text keeps its second name. */
static int
link_and_rename(struct outfile *file, const char *path, const char *kept, struct sv expected,
                struct err *err)
{
    unlink(kept);
    if (link(file->target, kept) != 0 && errno != EPERM && errno != EOPNOTSUPP)
        return fail(file, errno, err);
    if (!same_bytes(file->target, expected))
        return changed_meanwhile(file, path, err);
    return put_in_place(file, err);
}

/* A name exchanged with itself: nothing happens where that can be done. */
static bool
can_exchange(const struct outfile *file)
{
    return renameat2(AT_FDCWD, file->part, AT_FDCWD, file->part, RENAME_EXCHANGE) == 0;
}

int
outfile_replace(const char *path, struct sv expected, struct sv bytes, bool keep, struct err *err)
{
    struct outfile file;
    char kept[PATH_MAX];
    if (write_part(&file, path, bytes, err) != 0)
        return -1;
    if (file.part == NULL ||
        snprintf(kept, sizeof(kept), "%s" OUTFILE_BEFORE, file.target) >= (int)sizeof(kept)) {
        discard(&file);
        return err_set(err, ERR_IO, "%s cannot be replaced: its name is too long, or it is no file",
                       path);
    }
    FAILPOINT_HERE(draft_before_document);
    if (!can_exchange(&file))
        return link_and_rename(&file, path, kept, expected, err);
    if (exchange(&file, path, expected, err) != 0)
        return -1;
    FAILPOINT_HERE(draft_after_document);
    int status = 0; /* what fails from here on leaves the old text where it is */
    if (keep ? rename(file.part, kept) != 0 : unlink(file.part) != 0)
        status = err_set_errno(err, ERR_IO, errno, "cannot keep the old text of %s", path);
    else if (sync_folder(file.target) != 0)
        status = err_set_errno(err, ERR_IO, errno, "cannot write %s", path);
    release(&file);
    return status;
}
