/*
 * Reading a file whole: see infile.h.
 */
#include "app/infile.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static int
add_all(FILE *file, const char *path, struct strbuf *out, struct err *err)
{
    char block[16384];
    for (size_t got; (got = fread(block, 1, sizeof(block), file)) > 0 && !out->overflow;)
        strbuf_add(out, block, got);
    if (out->overflow)
        return err_set(err, ERR_LIMIT, "%s is larger than %zu bytes", path, out->max);
    return ferror(file) == 0 ? 0 : err_set_errno(err, ERR_IO, errno, "cannot read %s", path);
}

int
infile_read(const char *path, struct strbuf *out, bool *ret_there, struct err *err)
{
    struct stat status;
    bool known = stat(path, &status) == 0;
    if (!known && (errno == ENOENT || errno == ENOTDIR)) {
        *ret_there = false;
        return 0;
    }
    if (known && !S_ISREG(status.st_mode)) /* opening a pipe waits for whoever writes into it */
        return err_set(err, ERR_IO, "%s is not a regular file", path);
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return err_set_errno(err, ERR_IO, errno, "cannot read %s", path);
    int failed = fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode)
                     ? err_set(err, ERR_IO, "%s is not a regular file", path)
                     : add_all(file, path, out, err);
    fclose(file);
    if (failed == 0)
        *ret_there = true;
    return failed;
}
