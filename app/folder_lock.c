/*
 * Locks of folders: see folder_lock.h.
 */
#include "app/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/text/visible.h"

int
folder_lock(const char *folder)
{
    int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0)
        return -1;
    if (flock(lock, LOCK_EX | LOCK_NB) == 0)
        return lock;
    if (errno == EWOULDBLOCK) {
        visible_line(stderr, "hindcast: another run writes into %s; waiting for it", folder);
        if (flock(lock, LOCK_EX) == 0)
            return lock;
    }
    close(lock);
    return -1;
}

int
folder_lock_of(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return folder_lock(".");
    snprintf(folder, sizeof(folder), "%.*s", (int)(slash + 1 - path), path);
    return folder_lock(folder);
}

void
folder_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}
