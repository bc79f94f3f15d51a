/*
 * Cursors out of files: see since_file.h. Main thread.
 */
#include "app/since_file.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "hindcast/changes.h"

/* The line of a cursor of the largest size, and what JSON adds to it. */
#define TAIL_BYTES (CHANGES_CURSOR_BYTES_MAX + 1024)

static int
cannot_read(const char *path, struct err *err)
{
    return err_set(err, ERR_IO, "cannot read '%s': %s", path, strerror(errno));
}

static int
read_tail(struct arena *arena, FILE *file, const char *path, struct sv *ret_tail, struct err *err)
{
    if (fseeko(file, 0, SEEK_END) != 0)
        return cannot_read(path, err);
    off_t size = ftello(file), from = size > (off_t)TAIL_BYTES ? size - (off_t)TAIL_BYTES : 0;
    if (size < 0 || fseeko(file, from, SEEK_SET) != 0)
        return cannot_read(path, err);
    char *bytes = arena_alloc(arena, TAIL_BYTES);
    size_t got = fread(bytes, 1, TAIL_BYTES, file);
    if (ferror(file))
        return cannot_read(path, err);
    *ret_tail = sv_of(bytes, got);
    return 0;
}

static struct sv
last_line(struct sv text)
{
    size_t from, to = text.len;
    while (to > 0 && sv_blank(text.ptr[to - 1]))
        to--;
    for (from = to; from > 0 && text.ptr[from - 1] != '\n';)
        from--;
    return sv_trim(sv_slice(text, from, to));
}

static int
no_cursor(const char *from, struct err *err)
{
    err_set(err, ERR_USAGE, "'%s' does not end with a cursor", from);
    return err_hint(err, "an export that was cut short has none: begin again where it began");
}

/* The line as it was printed, or what it names; `from` says where the line is from. */
static int
cursor_of_line(struct arena *arena, struct sv line, const char *from, struct sv *ret_text,
               struct err *err)
{
    if (!sv_starts(line, SV("{"))) {
        *ret_text = line;
        return 0;
    }
    json_t *object = json_loadb(line.ptr, line.len, 0, NULL);
    const char *cursor = json_string_value(json_object_get(object, "cursor"));
    if (cursor != NULL)
        *ret_text = arena_copy(arena, sv_from(cursor));
    json_decref(object);
    return cursor != NULL ? 0 : no_cursor(from, err);
}

int
since_text(struct arena *arena, const char *given, struct sv *ret_text, struct err *err)
{
    if (given[0] != '@')
        return cursor_of_line(arena, sv_from(given), given, ret_text, err);
    const char *path = given + 1;
    struct sv tail = SV_NONE;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return cannot_read(path, err);
    int status = read_tail(arena, file, path, &tail, err);
    fclose(file);
    if (status != 0)
        return -1;
    struct sv line = last_line(tail);
    return sv_empty(line) ? no_cursor(path, err) : cursor_of_line(arena, line, path, ret_text, err);
}
