/*
 * Compiling the sections of a file: see shape.h. Settings are in settings.c, pairs that a shape
 * takes over from another one (`like`) are put before its own here.
 */
#include "ingest/decode/maps/shape.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/decode/maps/settings.h"

/* ---- the pairs of a shape ---- */

/* True if there are several lines of it. */
static bool
may_repeat(enum map_setting setting)
{
    return setting == MAP_SET_WHEN || setting == MAP_SET_ID;
}

static bool
inherited(enum map_setting setting)
{
    return setting != MAP_SET_BID && setting != MAP_SET_WHEN && setting != MAP_SET_FORMAT &&
           setting != MAP_SET_ALSO && setting != MAP_SET_LIKE;
}

static bool
has_pair(const struct map_section *section, struct sv key)
{
    for (size_t i = 0; i < section->count; i++)
        if (sv_eq(section->pairs[i].key, key))
            return true;
    return false;
}

static const struct map_section *
section_before(const struct map_text *text, const struct map_section *section, struct sv name)
{
    for (const struct map_section *one = text->sections; one < section; one++)
        if (sv_eq(one->name, name) && !sv_starts(name, SV("words ")))
            return one;
    return NULL;
}

static void
add_pairs(struct map_section *to, const struct map_section *from, const struct map_section *own)
{
    for (size_t i = 0; i < from->count; i++)
        if (from == own ||
            (inherited(map_setting_find(from->pairs[i].key)) && !has_pair(own, from->pairs[i].key)))
            to->pairs[to->count++] = from->pairs[i];
}

/* The section with what `like` takes over. `all`: the sections before it, done so already. */
static void
take_over(struct arena *arena, const struct map_text *text, const struct map_section *section,
          const struct map_section *all, const char *file, struct map_problems *problems,
          struct map_section *ret_section)
{
    const struct map_section *other = NULL;
    *ret_section = *section;
    for (size_t i = 0; i < section->count; i++) {
        const struct map_pair *pair = &section->pairs[i];
        if (!sv_eq(pair->key, SV("like")))
            continue;
        other = section_before(text, section, pair->value);
        if (other == NULL)
            map_error(problems, file, pair->line, "like = " SV_FMT ": no such shape above",
                      SV_ARG(pair->value));
    }
    if (other == NULL)
        return;
    other = &all[other - text->sections];
    ret_section->pairs = ARENA_ARRAY(arena, struct map_pair, other->count + section->count + 1);
    ret_section->count = 0;
    add_pairs(ret_section, other, section);
    add_pairs(ret_section, section, section);
}

static void
find_doubles(const struct map_section *section, const char *file, struct map_problems *problems)
{
    for (size_t i = 0; i < section->count; i++)
        for (size_t k = 0; k < i; k++) {
            const struct map_pair *pair = &section->pairs[i];
            if (!sv_eq(pair->key, section->pairs[k].key) || may_repeat(map_setting_find(pair->key)))
                continue;
            map_error(problems, file, pair->line, SV_FMT " is there twice, first in line %d",
                      SV_ARG(pair->key), section->pairs[k].line);
            break;
        }
}

/* ---- a file ---- */

static bool
is_table(const struct map_section *section)
{
    return sv_starts(section->name, SV("words "));
}

static void
read_tables(struct arena *arena, const struct map_text *text, struct map_problems *problems,
            struct map_file *file)
{
    file->tables = ARENA_ARRAY(arena, struct map_table, text->count + 1);
    for (size_t i = 0; i < text->count; i++)
        if (is_table(&text->sections[i]))
            map_table_read(arena, &text->sections[i], file->name, problems,
                           &file->tables[file->table_count++]);
}

static void
read_shapes(const struct map_compiling *in, const struct map_text *text)
{
    struct map_section *all = ARENA_ARRAY(in->arena, struct map_section, text->count + 1);
    in->file->shapes = ARENA_ARRAY(in->arena, struct map_shape, text->count + 1);
    for (size_t i = 0; i < text->count; i++) {
        const struct map_section *section = &text->sections[i];
        if (is_table(section))
            continue;
        find_doubles(section, in->file->name, in->problems);
        take_over(in->arena, text, section, all, in->file->name, in->problems, &all[i]);
        map_shape_read(in, &all[i], &in->file->shapes[in->file->shape_count++]);
    }
    for (size_t i = 0, shape = 0; i < text->count; i++)
        if (!is_table(&text->sections[i]))
            map_shape_link(in, &all[i], &in->file->shapes[shape++]);
    for (size_t i = 0; i < in->file->shape_count; i++)
        map_shape_check_reached(in, &in->file->shapes[i]);
    if (in->file->shape_count > MAP_SHAPES_MAX)
        map_error(in->problems, in->file->name, 1, "%zu shapes, %d are the most",
                  in->file->shape_count, MAP_SHAPES_MAX);
}

static const char *
base_name(struct arena *arena, const char *name)
{
    const char *slash = strrchr(name, '/');
    struct sv base = sv_from(slash == NULL ? name : slash + 1);
    return arena_strdup(arena, sv_ends(base, SV(".map")) ? sv_slice(base, 0, base.len - 4) : base);
}

void
map_file_read(struct arena *arena, const char *name, struct sv text, bool ours,
              const struct map_file *common, struct map_problems *problems,
              struct map_file *ret_file)
{
    struct map_text sections;
    *ret_file = (struct map_file){.name = name, .base = base_name(arena, name), .ours = ours};
    map_lines_read(arena, name, text, problems, &sections);
    read_tables(arena, &sections, problems, ret_file);
    const struct map_tables tables = {ret_file->tables, common == NULL ? NULL : common->tables,
                                      ret_file->table_count,
                                      common == NULL ? 0 : common->table_count};
    const struct map_compiling in = {arena, ret_file, &tables, problems};
    read_shapes(&in, &sections);
    if (sections.count == 0 && problems->errors == 0)
        map_error(problems, name, 1, "neither a shape nor a table of words");
    for (size_t i = 0; i < sections.count; i++)
        free(sections.sections[i].pairs);
    free(sections.sections);
}

static void
release_shape(struct map_shape *shape)
{
    for (size_t i = 0; i < MAP_KEYS; i++)
        map_expr_release(&shape->keys[i]);
    for (size_t i = 0; i < shape->phased_count; i++)
        map_expr_release(&shape->phased[i].expr);
    for (size_t i = 0; i < shape->id_count; i++)
        for (size_t k = 0; k < shape->ids[i].count; k++)
            map_expr_release(&shape->ids[i].parts[k]);
}

void
map_file_release(struct map_file *file)
{
    for (size_t i = 0; i < file->shape_count; i++)
        release_shape(&file->shapes[i]);
}
