/*
 * Folders of drafts: see draft_folders.h. Called by draft_result.c.
 */
#include "app/draft_folders.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/folder_match.h"
#include "app/folder_name.h"
#include "app/infile.h"
#include "base/memory.h"
#include "base/text/visible.h"

/* ------------------------------------------------------------- what is there */

static int
compare_folders(const void *a, const void *b)
{
    const struct draft_folder *x = a, *y = b;
    return sv_cmp(x->name, y->name);
}

/* One that cannot be read is named and left alone: nothing says what it is of. */
static bool
read_folder(struct draft_folders *folders, const char *name, struct incident_file *ret_file)
{
    char path[PATH_MAX];
    struct strbuf text;
    struct err err = {0};
    bool there = false, ours = false;
    if (snprintf(path, sizeof(path), "%s/%s/" INCIDENT_FILE, folders->out, name) >=
        (int)sizeof(path))
        return false;
    strbuf_init(&text, INCIDENT_FILE_BYTES_MAX);
    if (infile_read(path, &text, &there, &err) != 0)
        visible_line(stderr, "hindcast draft: %s; the folder is left alone", err.message);
    else if (there && !incident_file_read(strbuf_view(&text), &folders->arena, ret_file))
        visible_line(stderr, "hindcast draft: %s is damaged; the folder is left alone", path);
    else
        ours = there;
    strbuf_release(&text);
    return ours;
}

static int
list_folders(struct draft_folders *folders, struct err *err)
{
    size_t room = 0;
    DIR *dir = opendir(folders->out);
    if (dir == NULL)
        return errno == ENOENT
                   ? 0
                   : err_set_errno(err, ERR_IO, errno, "cannot read the folder %s", folders->out);
    for (const struct dirent *item; (item = readdir(dir)) != NULL;) {
        struct incident_file file;
        if (item->d_name[0] == '.' || !read_folder(folders, item->d_name, &file))
            continue;
        folders->folders =
            memory_grow(folders->folders, &room, folders->count + 1, sizeof(*folders->folders));
        folders->folders[folders->count++] = (struct draft_folder){
            .name = arena_copy(&folders->arena, sv_from(item->d_name)), .file = file};
        if (folders->count > DRAFT_FOLDERS_MAX)
            break;
    }
    closedir(dir);
    if (folders->count > DRAFT_FOLDERS_MAX)
        return err_set(err, ERR_LIMIT, "more than %d drafts lie below %s", DRAFT_FOLDERS_MAX,
                       folders->out);
    if (folders->count > 1)
        qsort(folders->folders, folders->count, sizeof(*folders->folders), compare_folders);
    return 0;
}

/* ------------------------------------------------------------------ matching */

/* Twice the place of the folder, and one for what is attached. */
static struct asked_uid *
uids_asked(struct draft_folders *folders, size_t *ret_count)
{
    size_t total = 0, count = 0;
    for (size_t i = 0; i < folders->count; i++)
        total += folders->folders[i].file.members.count + folders->folders[i].file.attached.count;
    struct asked_uid *asked = ARENA_ARRAY(&folders->arena, struct asked_uid, total + 1);
    for (size_t i = 0; i < folders->count; i++) {
        const struct incident_file *file = &folders->folders[i].file;
        for (size_t k = 0; k < file->members.count; k++)
            asked[count++] = (struct asked_uid){(int64_t)(2 * i), file->members.uids[k]};
        for (size_t k = 0; k < file->attached.count; k++)
            asked[count++] = (struct asked_uid){(int64_t)(2 * i + 1), file->attached.uids[k]};
    }
    *ret_count = count;
    return asked;
}

static size_t
place_of(const struct stored_incident *heads, size_t count, int64_t incident_no)
{
    for (size_t i = 0; i < count; i++)
        if (heads[i].incident_no == incident_no)
            return i;
    return FOLDER_NONE;
}

/* Holders come by folder, members before what is attached; incidents that are not shown go. */
static struct folder_overlap *
overlaps_of(struct draft_folders *folders, const struct stored_incident *heads,
            const struct uid_holder *holders, size_t holder_count, size_t *ret_count)
{
    size_t count = 0;
    struct folder_overlap *overlaps =
        ARENA_ARRAY(&folders->arena, struct folder_overlap, holder_count + 1);
    for (size_t i = 0; i < holder_count; i++) {
        size_t folder = (size_t)(holders[i].place / 2), at = count;
        size_t incident = place_of(heads, folders->incidents, holders[i].incident_no);
        if (incident == FOLDER_NONE)
            continue;
        while (at > 0 && overlaps[at - 1].folder == folder && overlaps[at - 1].incident != incident)
            at--;
        if (at == 0 || overlaps[at - 1].folder != folder) {
            at = ++count;
            overlaps[at - 1] = (struct folder_overlap){.folder = folder, .incident = incident};
        }
        if (holders[i].place % 2 == 0)
            overlaps[at - 1].members += holders[i].shared;
        else
            overlaps[at - 1].attached += holders[i].shared;
    }
    *ret_count = count;
    return overlaps;
}

static int
match(struct draft_folders *folders, struct store *store, const struct stored_incident *heads,
      struct err *err)
{
    struct arena *arena = &folders->arena;
    struct uid_holder *holders = NULL;
    size_t asked_count, holder_count = 0, overlap_count;
    const struct asked_uid *asked = uids_asked(folders, &asked_count);
    if (asked_count > 0 &&
        casebook_holders(store, arena, asked, asked_count, &holders, &holder_count, err) != 0)
        return -1;
    struct folder_overlap *overlaps =
        overlaps_of(folders, heads, holders, holder_count, &overlap_count);
    struct folder_counts *counts = ARENA_ARRAY(arena, struct folder_counts, folders->count + 1);
    size_t *folder_of = ARENA_ARRAY(arena, size_t, folders->incidents + 1);
    for (size_t i = 0; i < folders->count; i++)
        counts[i].attached = (int64_t)folders->folders[i].file.attached.count;
    folders->goes_on = ARENA_ARRAY(arena, size_t, folders->count + 1);
    folder_match(overlaps, overlap_count, counts, folders->count, folders->incidents, folder_of,
                 folders->goes_on);
    for (size_t i = 0; i < folders->incidents; i++)
        if (folder_of[i] != FOLDER_NONE)
            folders->names[i] = folders->folders[folder_of[i]].name;
    return 0;
}

int
draft_folders_find(const char *out, struct store *store, const struct stored_incident *heads,
                   size_t count, struct draft_folders *ret_folders, struct err *err)
{
    struct draft_folders folders = {.out = out, .incidents = count};
    arena_init(&folders.arena, 0);
    folders.names = ARENA_ARRAY(&folders.arena, struct sv, count + 1);
    if (list_folders(&folders, err) != 0 || match(&folders, store, heads, err) != 0) {
        draft_folders_release(&folders);
        return -1;
    }
    *ret_folders = folders;
    return 0;
}

void
draft_folders_release(struct draft_folders *folders)
{
    free(folders->folders);
    arena_release(&folders->arena);
    *folders = (struct draft_folders){0};
}

const struct draft_folder *
draft_folders_merged(const struct draft_folders *folders, size_t *at, size_t *ret_incident)
{
    for (; *at < folders->count; (*at)++) {
        const struct draft_folder *folder = &folders->folders[*at];
        size_t incident = folders->goes_on[*at];
        if (incident == FOLDER_NONE || sv_eq(folders->names[incident], folder->name))
            continue;
        (*at)++;
        *ret_incident = incident;
        return folder;
    }
    return NULL;
}

/* ------------------------------------------------------------------- numbers */

/* "INC-2026-" and the number behind it; 0: it has another form. */
static int64_t
split_number(struct sv text, struct sv *ret_year)
{
    size_t at = text.len;
    int64_t number;
    while (at > 0 && text.ptr[at - 1] >= '0' && text.ptr[at - 1] <= '9')
        at--;
    *ret_year = sv_slice(text, 0, at);
    return sv_to_int64(sv_slice(text, at, text.len), &number) ? number : 0;
}

static struct sv
number_in(const struct draft_folders *folders, struct sv name)
{
    for (size_t i = 0; i < folders->count && !sv_empty(name); i++)
        if (sv_eq(folders->folders[i].name, name))
            return folders->folders[i].file.number;
    return SV_NONE;
}

/* Above all numbers of that year which folders or incidents have. */
static struct sv
next_number(struct draft_folders *folders, const struct stored_incident *heads, struct sv like)
{
    struct sv year, other;
    int64_t greatest = 0;
    (void)split_number(like, &year);
    for (size_t i = 0; i < folders->count + folders->incidents; i++) {
        int64_t number = split_number(i < folders->count ? folders->folders[i].file.number
                                                         : heads[i - folders->count].number,
                                      &other);
        if (sv_eq(year, other) && number > greatest && number < INT32_MAX)
            greatest = number;
    }
    return arena_printf(&folders->arena, SV_FMT "%04lld", SV_ARG(year), (long long)greatest + 1);
}

static bool
is_taken(const struct draft_folders *folders, struct sv number)
{
    bool taken = false;
    for (size_t i = 0; i < folders->count && !taken; i++)
        taken = sv_eq(folders->folders[i].file.number, number);
    return taken;
}

void
draft_folders_number(struct draft_folders *folders, struct stored_incident *heads)
{
    for (size_t i = 0; i < folders->incidents; i++) {
        struct sv kept = number_in(folders, folders->names[i]);
        if (!sv_empty(kept))
            heads[i].number = kept;
        else if (!sv_empty(heads[i].number) && is_taken(folders, heads[i].number))
            heads[i].number = next_number(folders, heads, heads[i].number);
    }
}

/* --------------------------------------------------------------- new folders */

/* Nothing in it but parts of files that a killed run left: nobody's yet. */
static bool
is_free(const char *path)
{
    bool free_of_files = true;
    DIR *dir = opendir(path);
    if (dir == NULL)
        return false;
    for (const struct dirent *item; (item = readdir(dir)) != NULL && free_of_files;)
        free_of_files = strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0 ||
                        sv_starts(sv_from(item->d_name), SV(".hindcast-"));
    closedir(dir);
    return free_of_files;
}

int
draft_folders_make(struct draft_folders *folders, size_t incident,
                   const struct stored_incident *stored, struct err *err)
{
    char first[FOLDER_NAME_MAX], name[FOLDER_NAME_MAX], path[PATH_MAX];
    folder_name(&stored->incident, first);
    for (int n = 1; n <= DRAFT_FOLDER_TRIES; n++) {
        folder_name_numbered(first, n, name);
        if (snprintf(path, sizeof(path), "%s/%s", folders->out, name) >= (int)sizeof(path))
            return err_set(err, ERR_IO, "the name of the folder is too long: %s", folders->out);
        bool made = mkdir(path, 0777) == 0;
        if (!made && errno != EEXIST)
            return err_set_errno(err, ERR_IO, errno, "cannot make the folder %s", path);
        if (made || is_free(path)) {
            folders->names[incident] = arena_copy(&folders->arena, sv_from(name));
            return 0;
        }
    }
    return err_set(err, ERR_LIMIT, "there are %d folders named %s-... already", DRAFT_FOLDER_TRIES,
                   first);
}
