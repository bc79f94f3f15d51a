/*
 * Files that people add to the formats: see hindcast/format_files.h; table.c puts them to use.
 */
#include "hindcast/format_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text/utf8.h"
#include "hindcast/schemas.h"

void
format_files_init(struct format_files *files)
{
    *files = (struct format_files){.list = NULL};
    arena_init(&files->arena, 0);
}

void
format_files_release(struct format_files *files)
{
    free(files->list);
    arena_release(&files->arena);
    files->list = NULL;
    files->count = files->size = 0;
}

enum format_file_kind
format_file_kind(const char *name)
{
    struct sv text = sv_from(name);
    if (text.len == 0 || name[0] == '.' || !utf8_storable(text) || strpbrk(name, "/\n\r") != NULL)
        return FORMAT_FILE_NONE;
    if (sv_ends(text, SV(".map")) && text.len > 4)
        return FORMAT_FILE_MAP;
    if (sv_ends(text, SV(".lines")) && text.len > 6)
        return FORMAT_FILE_LINES;
    return schema_named(name) ? FORMAT_FILE_SCHEMA : FORMAT_FILE_NONE;
}

int
format_files_add(struct format_files *files, const char *name, const char *path, struct sv text,
                 struct err *err)
{
    enum format_file_kind kind = format_file_kind(name);
    size_t at = files->count;
    if (kind == FORMAT_FILE_NONE)
        return err_set(err, ERR_CONFIG, "'%s' names neither a map nor lines nor a schema", name);
    while (at > 0 && strcmp(files->list[at - 1].name, name) > 0)
        at--;
    if (at > 0 && strcmp(files->list[at - 1].name, name) == 0)
        return err_set(err, ERR_CONFIG, "there are two files %s", name);
    files->list = memory_grow(files->list, &files->size, files->count + 1, sizeof(*files->list));
    memmove(&files->list[at + 1], &files->list[at], (files->count - at) * sizeof(*files->list));
    char *bytes = arena_alloc(&files->arena, text.len + 1);
    memcpy(bytes, text.ptr == NULL ? "" : text.ptr, text.len);
    bytes[text.len] = '\0';
    files->list[at] = (struct format_file){.kind = kind,
                                           .name = arena_strdup(&files->arena, sv_from(name)),
                                           .path = arena_strdup(&files->arena, sv_from(path)),
                                           .text = sv_of(bytes, text.len)};
    files->count++;
    return 0;
}

/* ---- folders ---- */

static int
read_bytes(const char *path, size_t most, struct strbuf *text, struct err *err)
{
    char chunk[65536];
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return err_set_errno(err, ERR_CONFIG, errno, "cannot read %s", path);
    while (text->len <= most) {
        size_t got = fread(chunk, 1, sizeof(chunk), file);
        if (got == 0)
            break;
        strbuf_add(text, chunk, got);
    }
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed)
        return err_set(err, ERR_IO, "%s cannot be read", path);
    return text->len <= most ? 0
                             : err_set(err, ERR_CONFIG, "%s is larger than %zu MiB", path,
                                       most / ((size_t)1024 * 1024));
}

static int
read_one(struct format_files *files, const char *path, size_t most, struct err *err)
{
    struct strbuf text;
    const char *slash = strrchr(path, '/');
    strbuf_init(&text, 0);
    int status = read_bytes(path, most, &text, err);
    if (status == 0)
        status = format_files_add(files, slash == NULL ? path : slash + 1, path, strbuf_view(&text),
                                  err);
    strbuf_release(&text);
    return status;
}

int
format_files_read_one(struct format_files *files, const char *path, struct err *err)
{
    return read_one(files, path, FORMAT_FILE_BYTES_MAX, err);
}

static int
read_within(struct format_files *files, const char *folder, const char *name, size_t most,
            struct err *err)
{
    char *path = memory_format("%s/%s", folder, name);
    int status = read_one(files, path, most, err);
    free(path);
    return status;
}

/* What a folder gives: of which kind, how large a file may be, how many. */
struct folder {
    const char *path, *what;
    bool schemas;
    size_t bytes_max, count_max;
};

static int
read_entries(struct format_files *files, const struct folder *folder, DIR *open, struct err *err)
{
    size_t count = 0;
    int status = 0;
    for (const struct dirent *entry; status == 0 && (entry = readdir(open)) != NULL;) {
        enum format_file_kind kind = format_file_kind(entry->d_name);
        if (kind == FORMAT_FILE_NONE || folder->schemas != (kind == FORMAT_FILE_SCHEMA))
            continue;
        if (count++ == folder->count_max)
            status = err_set(err, ERR_CONFIG, "%s has more than %zu %s", folder->path,
                             folder->count_max, folder->what);
        else
            status = read_within(files, folder->path, entry->d_name, folder->bytes_max, err);
    }
    return status;
}

static int
read_folder(struct format_files *files, const struct folder *folder, struct err *err)
{
    if (folder->path[0] == '\0')
        return 0;
    DIR *open = opendir(folder->path);
    if (open == NULL)
        return err_set_errno(err, ERR_CONFIG, errno, "cannot read the folder of %s %s",
                             folder->what, folder->path);
    int status = read_entries(files, folder, open, err);
    closedir(open);
    return status;
}

int
format_files_read(struct format_files *files, const char *maps, const char *schemas,
                  struct err *err)
{
    const struct folder folders[] = {
        {maps, "maps", false, FORMAT_FILE_BYTES_MAX, FORMAT_FILES_MAX},
        {schemas, "schemas", true, SCHEMA_FILE_BYTES_MAX, SCHEMAS_MAX},
    };
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        if (read_folder(files, &folders[i], err) != 0)
            return -1;
    return 0;
}

/* ---- what they are in common with ---- */

void
format_files_digest(const struct format_files *files, struct sha256 *ret_digest)
{
    struct strbuf heads;
    struct sha256 one;
    char hex[SHA256_HEX + 1];
    strbuf_init(&heads, 0);
    for (size_t i = 0; i < files->count; i++) {
        sha256_of(files->list[i].text.ptr, files->list[i].text.len, &one);
        sha256_hex(&one, hex);
        strbuf_addf(&heads, "%s %s\n", hex, files->list[i].name);
    }
    sha256_of(heads.ptr == NULL ? "" : heads.ptr, heads.len, ret_digest);
    strbuf_release(&heads);
}
