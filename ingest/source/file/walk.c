/*
 * The list of input files: walks what the user named, sorted, so that the order of records does not
 * depend on the file system. Main thread.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/source/file/rotated.h"
#include "ingest/source/file/slack.h"

#include "base/memory.h"

#define SKIPPED (-2) /* the rest of a folder */

struct walk {
    struct file_set *set;
    const struct file_sink *sink;
    const char *root; /* real path: links must not lead out of it */
};

static char *
joined(const char *folder, const char *name)
{
    return memory_format("%s/%s", folder, name);
}

static int64_t
mtime_of(const struct stat *status)
{
    return time_of_units_or_none((int64_t)status->st_mtim.tv_sec, NS_PER_S,
                                 (int64_t)status->st_mtim.tv_nsec);
}

static int
add_file(struct file_set *set, const char *path, const char *name, const struct stat *status,
         const struct file_users *users, struct err *err)
{
    if (set->count >= FILE_SET_MAX)
        return err_set(err, ERR_LIMIT, "more than %d files", FILE_SET_MAX);
    set->files = memory_grow(set->files, &set->size, set->count + 1, sizeof(*set->files));
    struct input_file *file = &set->files[set->count++];
    *file = (struct input_file){.path = memory_copy(path),
                                .name = memory_copy(name),
                                .size = -1,
                                .mtime_ns = TIME_NONE,
                                .users = users,
                                .zones = set->zones,
                                .dates = set->dates};
    if (status != NULL && S_ISREG(status->st_mode)) {
        file->size = (int64_t)status->st_size;
        file->mtime_ns = mtime_of(status);
        set->total_bytes += file->size;
    }
    return 0;
}

static bool
is_file(const char *folder, const char *name)
{
    char *path = joined(folder, name);
    struct stat status;
    bool found = stat(path, &status) == 0 && S_ISREG(status.st_mode);
    free(path);
    return found;
}

static int
read_whole(const char *path, struct strbuf *text)
{
    FILE *in = fopen(path, "rbe");
    if (in == NULL)
        return -1;
    char chunk[65536];
    for (size_t got; (got = fread(chunk, 1, sizeof(chunk), in)) > 0 && !text->overflow;)
        strbuf_add(text, chunk, got);
    int number = errno;
    bool failed = ferror(in) != 0;
    fclose(in);
    errno = number;
    return failed ? -1 : 0;
}

/* One file of an export's directory. Returns why it cannot be read, else NULL. */
static const char *
read_directory_file(struct file_users *users, const char *folder, const char *name)
{
    struct strbuf text;
    const char *reason = NULL;
    char *path = joined(folder, name);
    strbuf_init(&text, SLACK_FILE_BYTES_MAX);
    if (read_whole(path, &text) != 0)
        reason = "its users.json cannot be read, so its messages are not";
    else if (text.overflow)
        reason = "its users.json is larger than 64 MiB, so its messages are not read";
    else if (!file_users_read(users, name, strbuf_view(&text)))
        reason = "its users.json is damaged, so its messages are not read";
    strbuf_release(&text);
    free(path);
    /* Without channels.json and its like, folders have names; people have none without theirs. */
    return slack_people_file(name) ? reason : NULL;
}

/*
 * A Slack export is a folder that tells of people and of channels; what it tells counts for all
 * below. *ret_users stays NULL where it is none. Returns why people have no names, else NULL.
 */
static const char *
open_export(struct file_set *set, const char *folder, const struct file_users *around,
            const struct file_users **ret_users)
{
    static const char *const names[] = {"users.json",  "org_users.json", "channels.json",
                                        "groups.json", "dms.json",       "mpims.json"};
    bool people = false, rooms = false;
    const char *reason = NULL;
    for (size_t i = 0; i < 6; i++) {
        bool there = is_file(folder, names[i]);
        people = people || (there && slack_people_file(names[i]));
        rooms = rooms || (there && slack_rooms_file(names[i]));
    }
    if (!people || !rooms)
        return NULL;
    struct file_users *users = file_users_new(around);
    for (size_t i = 0; i < 6 && reason == NULL; i++)
        if (is_file(folder, names[i]))
            reason = read_directory_file(users, folder, names[i]);
    if (reason != NULL) {
        file_users_free(users);
        return reason;
    }
    file_users_end(users);
    set->exports = memory_resize(set->exports, set->export_count + 1, sizeof(*set->exports));
    set->exports[set->export_count++] = users;
    *ret_users = users;
    return NULL;
}

static bool
leads_out(const struct walk *walk, const char *path)
{
    char *real = realpath(path, NULL);
    size_t len = strlen(walk->root);
    bool out = real == NULL || strncmp(real, walk->root, len) != 0 ||
               (real[len] != '/' && walk->root[len - 1] != '/');
    free(real);
    return out;
}

static int walk_folder(const struct walk *walk, const char *path, const char *name,
                       const struct file_users *users, int depth, struct err *err);

static int
walk_entry(const struct walk *walk, const char *path, const char *name,
           const struct file_users *users, int depth, struct err *err)
{
    struct stat link, status;
    if (file_stopped(walk->sink))
        return FILE_STOPPED;
    if (lstat(path, &link) != 0) {
        file_tell_problem(walk->sink, name, strerror(errno));
        return 0;
    }
    if (stat(path, &status) != 0) {
        if (errno == ENOENT && S_ISLNK(link.st_mode))
            walk->sink->skip(walk->sink->opaque, name, 0, "a link that leads nowhere");
        else
            file_tell_problem(walk->sink, name, strerror(errno));
        return 0;
    }
    if (S_ISLNK(link.st_mode) && (S_ISDIR(status.st_mode) || leads_out(walk, path))) {
        walk->sink->skip(walk->sink->opaque, name, 0, "a link to a folder or out of the folder");
        return 0;
    }
    if (S_ISDIR(status.st_mode))
        return walk_folder(walk, path, name, users, depth + 1, err);
    if (S_ISREG(status.st_mode))
        return add_file(walk->set, path, name, &status, users, err);
    walk->sink->skip(walk->sink->opaque, name, 0, "not a regular file");
    return 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return rotated_compare((*a)->d_name, (*b)->d_name);
}

/* Hidden entries (.git, .DS_Store) are nobody's evidence. */
static int
visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int
walk_folder(const struct walk *walk, const char *path, const char *name,
            const struct file_users *users, int depth, struct err *err)
{
    if (depth > FILE_DEPTH_MAX) {
        file_tell_problem(walk->sink, name, "folders are nested too deep");
        return 0;
    }
    if (depth > 0 && is_file(path, FILE_DRAFTS_MARK)) {
        walk->sink->skip(walk->sink->opaque, name, 0, "drafts that hindcast wrote");
        return 0;
    }
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, visible, by_name);
    if (count < 0) {
        file_tell_problem(walk->sink, name, strerror(errno));
        return 0;
    }
    const struct file_users *own = NULL;
    int status = 0;
    const char *reason = open_export(walk->set, path, users, &own);
    if (reason != NULL) {
        /* Messages without their names would be taken for delivered. */
        file_tell_problem(walk->sink, name, reason);
        status = SKIPPED;
    }
    for (int i = 0; i < count; i++) {
        const char *base = entries[i]->d_name;
        if (status == 0 && !(own != NULL && slack_directory_file(base))) {
            char *below = joined(path, base), *shown = joined(name, base);
            status = walk_entry(walk, below, shown, own != NULL ? own : users, depth, err);
            free(below);
            free(shown);
        }
        free(entries[i]);
    }
    free(entries);
    return status == SKIPPED ? 0 : status;
}

/* The last part of the real path: "." and "a/.." have a name too. */
static const char *
last_part(const char *real)
{
    const char *slash = strrchr(real, '/');
    return slash == NULL || slash[1] == '\0' ? "root" : slash + 1;
}

static size_t
folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash + 1 - path);
}

/* A shell hands out app.log before app.log.1: the one that was added last goes to its place. */
static void
place_last(struct file_set *set)
{
    for (size_t i = set->count - 1; i > 0; i--) {
        struct input_file *one = &set->files[i - 1], *last = &set->files[i], swap = *one;
        size_t folder = folder_length(one->path);
        const char *a = one->path + folder, *b = last->path + folder;
        if (folder != folder_length(last->path) || strncmp(one->path, last->path, folder) != 0 ||
            !rotated_same_log(a, b) || rotated_compare(a, b) <= 0)
            return;
        *one = *last;
        *last = swap;
    }
}

int
file_set_add(struct file_set *set, const char *path, const struct file_sink *sink, struct err *err)
{
    if (strcmp(path, "-") == 0)
        return add_file(set, "-", "stdin", NULL, NULL, err);
    struct stat status;
    if (stat(path, &status) != 0) {
        err_set_errno(err, ERR_IO, errno, "cannot read %s", path);
        return err_hint(err, "give files, directories, zips, or '-' for standard input");
    }
    if (access(path, R_OK) != 0)
        return err_set_errno(err, ERR_IO, errno, "cannot read %s", path);
    char *real = realpath(path, NULL);
    if (real == NULL)
        return err_set_errno(err, ERR_IO, errno, "cannot read %s", path);
    struct walk walk = {.set = set, .sink = sink, .root = real};
    int result = S_ISDIR(status.st_mode) ? walk_folder(&walk, path, last_part(real), NULL, 0, err)
                                         : add_file(set, path, last_part(real), &status, NULL, err);
    if (result == 0 && !S_ISDIR(status.st_mode))
        place_last(set);
    free(real);
    return result;
}

void
file_set_init(struct file_set *set)
{
    *set = (struct file_set){0};
}

void
file_set_release(struct file_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        free(set->files[i].path);
        free(set->files[i].name);
    }
    for (size_t i = 0; i < set->export_count; i++)
        file_users_free(set->exports[i]);
    free(set->files);
    free(set->exports);
    file_set_init(set);
}
