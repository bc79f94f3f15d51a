/*
 * Files as the loader reads them: see filetake.h.
 */
#include "tests/lib/filetake.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char *
copy_of(struct sv text)
{
    char *copy = malloc(text.len + 1);
    assert(copy != NULL);
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return copy;
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct taken *taken = opaque;
    struct sv source = SV_NONE;
    (void)err;
    assert(taken->count < TAKEN_MAX);
    for (size_t i = 0; i < record->header_count; i++)
        if (sv_eq(record->headers[i].name, SV(HEADER_SOURCE)))
            source = record->headers[i].value;
    taken->values[taken->count] = copy_of(record->value);
    taken->sources[taken->count++] = copy_of(source);
    return 0;
}

static void
tell(struct taken *taken, const char *mark, const char *name, const char *reason)
{
    size_t used = strlen(taken->told);
    snprintf(taken->told + used, sizeof(taken->told) - used, "%s%s:%s\n", mark, name, reason);
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    (void)line;
    tell(opaque, "", name, reason);
}

static void
on_problem(void *opaque, const char *name, const char *reason)
{
    tell(opaque, "!", name, reason);
}

struct taken *
take_list(const char *folder, const char *const *names, size_t count)
{
    struct taken *taken = calloc(1, sizeof(*taken));
    struct file_sink sink = {
        .opaque = taken, .record = on_record, .skip = on_skip, .problem = on_problem};
    struct file_set set;
    struct err err = {0};
    int status = 0;
    file_set_init(&set);
    for (size_t i = 0; i < count && status == 0; i++) {
        char path[400];
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        status = file_set_add(&set, path, &sink, &err);
    }
    for (size_t i = 0; i < set.count && status == 0; i++)
        status = file_read(&set.files[i], 0, &sink, &err);
    assert(status == 0);
    file_set_release(&set);
    return taken;
}

struct taken *
take_files(const char *folder, const char *name)
{
    return take_list(folder, &name, 1);
}

void
taken_free(struct taken *taken)
{
    for (size_t i = 0; i < taken->count; i++) {
        free(taken->values[i]);
        free(taken->sources[i]);
    }
    free(taken);
}

void
taken_make_folder(char *path, size_t size)
{
    snprintf(path, size, "/tmp/hindcast-take.XXXXXX");
    char *made = mkdtemp(path);
    assert(made != NULL);
    (void)made;
}

int
taken_drop_folder(const char *path)
{
    char command[200];
    snprintf(command, sizeof(command), "rm -rf '%s'", path);
    return system(command);
}

void
taken_put(const char *folder, const char *name, struct sv bytes)
{
    char path[400];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
    FILE *file = fopen(path, "wb");
    assert(file != NULL);
    size_t wrote = fwrite(bytes.ptr, 1, bytes.len, file);
    assert(wrote == bytes.len);
    (void)wrote;
    int closed = fclose(file);
    assert(closed == 0);
    (void)closed;
}
