/*
 * Decisions in the folder of a draft: see decide_folder.h.
 */
#include "app/decide_folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/decide.h"
#include "app/draft_files.h"
#include "app/folder_lock.h"
#include "app/infile.h"
#include "app/outfile.h"

bool
decide_is_folder(const char *name)
{
    char path[PATH_MAX];
    struct stat status;
    return snprintf(path, sizeof(path), "%s/" INCIDENT_FILE, name) < (int)sizeof(path) &&
           stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static int
read_file(const char *folder, struct strbuf *text, char ret_path[PATH_MAX], struct err *err)
{
    bool there;
    strbuf_init(text, DECISIONS_FILE_BYTES_MAX);
    return draft_files_path(folder, DECISIONS_FILE, ret_path, err) == 0
               ? infile_read(ret_path, text, &there, err)
               : -1;
}

static int
take_lines(struct arena *arena, const char *path, struct sv text, struct decision_list *list,
           struct err *err)
{
    size_t number = 0;
    text = decide_text(text);
    for (struct sv line; sv_split(&text, '\n', &line);) {
        struct decision decision;
        struct err wrong;
        number++;
        if (sv_empty(sv_trim(line)))
            continue;
        if (decision_read(arena, sv_trim(line), &decision, &wrong) != 0)
            return err_set(err, ERR_USAGE, "%s: line %zu: %s", path, number, wrong.message);
        if (decision.id.ptr == NULL)
            return err_set(err, ERR_USAGE, "%s: line %zu: it has no time or no author", path,
                           number);
        decision_list_add(arena, list, &decision);
    }
    return 0;
}

int
decide_folder_decisions(const char *folder, struct arena *arena, struct decision_list *list,
                        struct err *err)
{
    char path[PATH_MAX];
    struct strbuf text;
    int status = read_file(folder, &text, path, err);
    if (status == 0)
        status = take_lines(arena, path, arena_copy(arena, strbuf_view(&text)), list, err);
    strbuf_release(&text);
    return status;
}

static int
by_name(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

/* In order of names: what is said of a broken line does not depend on the file system. */
static int
list_names(const char *out, struct arena *arena, struct sv **ret_names, size_t *ret_count,
           struct err *err)
{
    size_t count = 0, room = 64;
    struct sv *names = ARENA_ARRAY(arena, struct sv, room);
    DIR *dir = opendir(out);
    if (dir == NULL && errno != ENOENT && errno != ENOTDIR)
        return err_set_errno(err, ERR_IO, errno, "cannot read the folder %s", out);
    for (const struct dirent *item; dir != NULL && (item = readdir(dir)) != NULL;) {
        if (item->d_name[0] == '.')
            continue;
        if (count == room) {
            struct sv *grown = ARENA_ARRAY(arena, struct sv, 2 * room);
            for (size_t i = 0; i < count; i++)
                grown[i] = names[i];
            names = grown;
            room *= 2;
        }
        names[count++] = arena_copy(arena, sv_from(item->d_name));
    }
    if (dir != NULL)
        closedir(dir);
    if (count > 1)
        qsort(names, count, sizeof(*names), by_name);
    *ret_names = names;
    *ret_count = count;
    return 0;
}

int
decide_folders_decisions(const char *out, struct arena *arena, struct decision_list *list,
                         struct err *err)
{
    struct sv *names = NULL;
    size_t count = 0;
    if (list_names(out, arena, &names, &count, err) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        const char *folder =
            arena_strdup(arena, arena_printf(arena, "%s/" SV_FMT, out, SV_ARG(names[i])));
        if (decide_is_folder(folder) && decide_folder_decisions(folder, arena, list, err) != 0)
            return -1;
    }
    return 0;
}

static bool
is_known(const struct decision_list *known, struct sv id)
{
    for (size_t i = 0; i < known->count; i++)
        if (sv_eq(known->all[i].id, id))
            return true;
    return false;
}

static int
add_new(const char *path, struct strbuf *text, const struct decision_list *known,
        const struct decision *decisions, size_t count, size_t *ret_new, struct err *err)
{
    size_t added = 0;
    if (text->len > 0 && text->ptr[text->len - 1] != '\n')
        strbuf_add_char(text, '\n');
    for (size_t i = 0; i < count; i++) {
        if (is_known(known, decisions[i].id))
            continue;
        decide_put_line(text, &decisions[i]);
        added++;
    }
    if (added > 0 && outfile_write(path, text, err) != 0)
        return -1;
    *ret_new = added;
    return 0;
}

int
decide_folder_add(const char *folder, const struct decision *decisions, size_t count,
                  size_t *ret_new, struct err *err)
{
    char path[PATH_MAX];
    struct decision_list known = {0};
    struct strbuf text;
    struct arena arena;
    int lock = folder_lock(folder); /* two who decide wait for each other */
    arena_init(&arena, 0);
    int status = read_file(folder, &text, path, err);
    if (status == 0)
        status = take_lines(&arena, path, strbuf_view(&text), &known, err);
    if (status == 0)
        status = add_new(path, &text, &known, decisions, count, ret_new, err);
    strbuf_release(&text);
    arena_release(&arena);
    folder_unlock(lock);
    return status;
}
