/*
 * All maps of the process: see maps.h.
 */
#include "ingest/decode/maps/maps.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/memory.h"
#include "ingest/decode/maps/read_event.h"

#define COMMON "common.map"

/* A text, and the file that it became. */
struct source {
    const char *base; /* without folders */
    struct sv text;
    struct map_file *file;
    bool ours;
};

static struct {
    struct arena arena;
    struct source *sources;
    size_t count, size;
    bool read; /* ours are there */
} maps;

struct arena *
maps_arena(void)
{
    if (maps.arena.block_bytes == 0)
        arena_init(&maps.arena, 0);
    return &maps.arena;
}

static void
add_source(const char *base, const char *name, struct sv text, bool ours,
           const struct map_file *common, struct map_problems *problems)
{
    struct map_file *file = ARENA_NEW(maps_arena(), struct map_file);
    map_file_read(maps_arena(), name, text, ours, common, problems, file);
    maps.sources = memory_grow(maps.sources, &maps.size, maps.count + 1, sizeof(*maps.sources));
    maps.sources[maps.count++] = (struct source){base, text, file, ours};
}

/* ---- ours ---- */

static const struct map_file *
common_of(bool ours)
{
    const struct map_file *common = NULL;
    for (size_t i = 0; i < maps.count; i++)
        if (strcmp(maps.sources[i].base, COMMON) == 0 && maps.sources[i].ours >= ours)
            common = maps.sources[i].file;
    return common;
}

static void
add_ours(const struct embedded_file *one, struct map_problems *problems)
{
    add_source(one->name, one->name, sv_of(one->text, one->size), true, common_of(true), problems);
}

static void
read_ours(void)
{
    struct strbuf text;
    strbuf_init(&text, 0);
    struct map_problems problems = {.text = &text};
    const struct embedded_file *common = embedded_find(embedded_maps, COMMON);
    assert(common != NULL);
    add_ours(common, &problems);
    for (const struct embedded_file *one = embedded_maps; one->name != NULL; one++)
        if (one != common)
            add_ours(one, &problems);
    const struct map_tables tables = {.own = maps.sources[0].file->tables,
                                      .own_count = maps.sources[0].file->table_count};
    map_severity_words(map_tables_find(&tables, SV("severity")));
    if (problems.errors > 0)
        fputs(text.ptr, stderr); /* a build that its own test would have refused */
    assert(problems.errors == 0);
    strbuf_release(&text);
    maps.read = true;
}

void
maps_ready(void)
{
    if (!maps.read)
        read_ours();
}

/* ---- one of the same name replaces ours ---- */

static struct map_shape *
shape_of_ours(struct sv name)
{
    for (size_t i = 0; i < maps.count; i++)
        for (size_t k = 0; maps.sources[i].ours && k < maps.sources[i].file->shape_count; k++)
            if (sv_eq(maps.sources[i].file->shapes[k].name, name))
                return &maps.sources[i].file->shapes[k];
    return NULL;
}

/* Names of two files of the folder must differ, else nobody could tell which counts. */
static void
find_doubles(size_t from, struct map_problems *problems)
{
    for (size_t i = from; i < maps.count; i++)
        for (size_t k = 0; k < maps.sources[i].file->shape_count; k++)
            for (size_t n = from; n < i; n++)
                for (size_t m = 0; m < maps.sources[n].file->shape_count; m++) {
                    const struct map_shape *a = &maps.sources[n].file->shapes[m];
                    const struct map_shape *b = &maps.sources[i].file->shapes[k];
                    if (sv_eq(a->name, b->name))
                        map_error(problems, b->file->name, b->line,
                                  "[" SV_FMT "] is there twice, first in %s:%d", SV_ARG(b->name),
                                  a->file->name, a->line);
                }
}

static void
replace_ours(size_t from)
{
    for (size_t i = from; i < maps.count; i++)
        for (size_t k = 0; k < maps.sources[i].file->shape_count; k++) {
            struct map_shape *own = &maps.sources[i].file->shapes[k];
            struct map_shape *ours = shape_of_ours(own->name);
            if (ours == NULL)
                continue;
            ours->replaced_by = own;
            own->name_space = ours->name_space; /* names of stored events contain it */
        }
}

/* ---- those of people ---- */

static void
add_theirs(const struct format_file *one, struct map_problems *problems)
{
    const char *base = arena_strdup(maps_arena(), sv_from(one->name));
    add_source(base, arena_strdup(maps_arena(), sv_from(one->path)),
               sv_of(arena_strdup(maps_arena(), one->text), one->text.len), false, common_of(false),
               problems);
}

void
maps_use(const struct format_files *files, struct map_problems *problems)
{
    maps_ready();
    size_t from = maps.count;
    assert(from == 0 || maps.sources[from - 1].ours);
    /* Their tables first: all maps of the folder may use them. */
    for (int others = 0; others <= 1; others++)
        for (size_t i = 0; i < files->count; i++)
            if (files->list[i].kind == FORMAT_FILE_MAP &&
                (strcmp(files->list[i].name, COMMON) != 0) == others)
                add_theirs(&files->list[i], problems);
    find_doubles(from, problems);
    if (problems->errors > 0)
        maps_forget();
    else
        replace_ours(from);
}

void
maps_forget(void)
{
    while (maps.count > 0 && !maps.sources[maps.count - 1].ours)
        map_file_release(maps.sources[--maps.count].file);
    for (size_t i = 0; i < maps.count; i++)
        for (size_t k = 0; k < maps.sources[i].file->shape_count; k++)
            maps.sources[i].file->shapes[k].replaced_by = NULL;
}

/* ---- one more ---- */

static int
read_file(const char *path, struct sv *ret_text, struct err *err)
{
    char *bytes = arena_alloc(maps_arena(), 1);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return err_set_errno(err, ERR_CONFIG, errno, "cannot read the map %s", path);
    struct strbuf text;
    char chunk[4096];
    strbuf_init(&text, FORMAT_FILE_BYTES_MAX);
    for (size_t n; (n = fread(chunk, 1, sizeof(chunk), file)) > 0 && !text.overflow;)
        strbuf_add(&text, chunk, n);
    bool failed = ferror(file) != 0, large = text.overflow;
    fclose(file);
    bytes[0] = '\0';
    *ret_text = text.len == 0 ? sv_of(bytes, 0) : arena_copy(maps_arena(), strbuf_view(&text));
    strbuf_release(&text);
    if (failed)
        return err_set(err, ERR_IO, "the map %s cannot be read", path);
    return large ? err_set(err, ERR_CONFIG, "the map %s is larger than 1 MiB", path) : 0;
}

static int
read_path(const char *path, const char *base, struct map_problems *problems, struct err *err)
{
    struct sv text;
    if (read_file(path, &text, err) < 0)
        return -1;
    add_source(arena_strdup(maps_arena(), sv_from(base)), path, text, false, common_of(false),
               problems);
    return 0;
}

static const char *
base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static int
read_beside(const char *path, struct map_problems *problems, struct err *err)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    struct sv common = arena_printf(maps_arena(), "%.*s" COMMON, (int)folder, path);
    if (strcmp(path + folder, COMMON) == 0 || access(common.ptr, F_OK) != 0)
        return 0;
    return read_path(common.ptr, COMMON, problems, err);
}

static void
replace_others(const struct map_file *file)
{
    for (size_t i = 0; i < maps.count; i++)
        for (size_t k = 0; k < maps.sources[i].file->shape_count; k++)
            for (size_t n = 0; n < file->shape_count; n++) {
                struct map_shape *other = &maps.sources[i].file->shapes[k];
                if (maps.sources[i].file == file || !sv_eq(other->name, file->shapes[n].name))
                    continue;
                other->replaced_by = &file->shapes[n];
                if (maps.sources[i].ours)
                    file->shapes[n].name_space = other->name_space;
            }
}

int
maps_add_file(const char *path, struct map_problems *problems, const struct map_file **ret_file,
              struct err *err)
{
    struct strbuf ignored;
    strbuf_init(&ignored, 0);
    struct map_problems beside = {.text = &ignored};
    maps_ready();
    int status = read_beside(path, &beside, err);
    if (status == 0)
        status = read_path(path, base_of(path), problems, err);
    strbuf_release(&ignored);
    if (status < 0)
        return -1;
    *ret_file = maps.sources[maps.count - 1].file;
    replace_others(*ret_file);
    return 0;
}

/* ---- for others ---- */

size_t
maps_file_count(void)
{
    return maps.count;
}

const struct map_file *
maps_file_at(size_t place)
{
    assert(place < maps.count);
    return maps.sources[place].file;
}

size_t
maps_shape_count(void)
{
    size_t count = 0;
    maps_ready();
    for (size_t i = 0; i < maps.count; i++)
        for (size_t k = 0; k < maps.sources[i].file->shape_count; k++)
            count += maps.sources[i].file->shapes[k].replaced_by == NULL;
    return count;
}

struct map_shape_info
maps_shape_at(size_t place)
{
    for (size_t i = 0; i < maps.count; i++)
        for (size_t k = 0; k < maps.sources[i].file->shape_count; k++) {
            const struct map_shape *shape = &maps.sources[i].file->shapes[k];
            if (shape->replaced_by != NULL || place-- > 0)
                continue;
            return (struct map_shape_info){arena_strdup(maps_arena(), shape->name),
                                           maps.sources[i].base,
                                           shape->line,
                                           shape->bid,
                                           shape->format,
                                           shape->name_space,
                                           shape->about,
                                           shape->see,
                                           maps.sources[i].ours};
        }
    assert(!"a shape of that place");
    return (struct map_shape_info){0};
}
