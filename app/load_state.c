/*
 * The state file of load: see load_state.h. Main thread.
 */
#include "app/load_state.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/outfile.h"
#include "base/memory.h"
#include "base/sha256.h"

#define FIRST_LINE "hindcast load 2\n"

static void
make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700); /* what cannot be made shows when the file is written */
        *slash = '/';
    }
}

static char *
default_path(const char *brokers, const char *topic, char **inputs, int input_count)
{
    const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if ((base == NULL || base[0] != '/') && (home == NULL || home[0] != '/'))
        return NULL;
    struct sha256 all;
    char hex[SHA256_HEX + 1];
    struct sha256_part parts[] = {{brokers, strlen(brokers) + 1}, {topic, strlen(topic) + 1}};
    sha256_of_parts(parts, 2, &all);
    for (int i = 0; i < input_count; i++) {
        char real[PATH_MAX];
        const char *name = realpath(inputs[i], real) != NULL ? real : inputs[i];
        struct sha256_part next[] = {{all.bytes, sizeof(all.bytes)}, {name, strlen(name)}};
        sha256_of_parts(next, 2, &all);
    }
    sha256_hex(&all, hex);
    char *path = base != NULL && base[0] == '/'
                     ? memory_format("%s/hindcast/load-%.16s.state", base, hex)
                     : memory_format("%s/.local/state/hindcast/load-%.16s.state", home, hex);
    make_folders(path);
    return path;
}

/* Names for people may be the same in two folders; the real path is not. */
static char *
key_of(const struct input_file *file)
{
    char *real = realpath(file->path, NULL);
    return real != NULL ? real : memory_copy(file->path);
}

static struct load_row *
find_row(const struct load_state *state, const char *name)
{
    for (size_t i = 0; i < state->count; i++)
        if (strcmp(state->rows[i].name, name) == 0)
            return &state->rows[i];
    return NULL;
}

static struct load_row *
add_row(struct load_state *state, const char *name)
{
    state->rows = memory_resize(state->rows, state->count + 1, sizeof(*state->rows));
    struct load_row *row = &state->rows[state->count++];
    *row = (struct load_row){.name = memory_copy(name)};
    return row;
}

/* A path may hold any byte but NUL: what would break a line is written as \xHH. */
static void
add_escaped(struct strbuf *out, const char *name)
{
    for (const unsigned char *c = (const unsigned char *)name; *c != '\0'; c++)
        if (*c < 0x20 || *c == 0x7f || *c == '\\')
            strbuf_addf(out, "\\x%02x", (unsigned)*c);
        else
            strbuf_add_char(out, (char)*c);
}

static int
hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

/* In place. False: not what add_escaped() writes. */
static bool
unescape(char *name)
{
    char *to = name;
    for (const char *from = name; *from != '\0'; from++) {
        if (*from != '\\') {
            *to++ = *from;
            continue;
        }
        int high = from[1] == 'x' ? hex_digit(from[2]) : -1;
        int low = high < 0 ? -1 : hex_digit(from[3]);
        if (low < 0 || high * 16 + low == 0)
            return false;
        *to++ = (char)(high * 16 + low);
        from += 3;
    }
    *to = '\0';
    return to > name;
}

static bool
read_row(struct load_state *state, char *line)
{
    int64_t bytes, mtime_ns, records;
    int complete, at = 0;
    size_t length = strlen(line);
    if (length == 0 || line[length - 1] != '\n')
        return false; /* cut */
    line[length - 1] = '\0';
    if (sscanf(line, "%" SCNd64 " %" SCNd64 " %" SCNd64 " %d%n", &bytes, &mtime_ns, &records,
               &complete, &at) != 4 ||
        line[at] != ' ' || records < 0 || !unescape(line + at + 1))
        return false;
    struct load_row *row = add_row(state, line + at + 1);
    row->size = bytes;
    row->mtime_ns = mtime_ns;
    row->records = records;
    row->complete = complete != 0;
    return true;
}

static int
read_rows(struct load_state *state, FILE *in, struct err *err)
{
    char *line = NULL;
    size_t size = 0;
    bool good = getline(&line, &size, in) > 0 && strcmp(line, FIRST_LINE) == 0;
    while (good && getline(&line, &size, in) > 0)
        good = read_row(state, line);
    free(line);
    if (ferror(in) != 0)
        return err_set_errno(err, ERR_IO, errno, "cannot read %s", state->path);
    if (good)
        return 0;
    err_set(err, ERR_IO, "%s is not a state file of load", state->path);
    return err_hint(err, "remove it, or give another with --state");
}

int
load_state_open(struct load_state *state, const char *path, const char *brokers, const char *topic,
                char **inputs, int input_count, struct err *err)
{
    *state = (struct load_state){0};
    state->path =
        path != NULL ? memory_copy(path) : default_path(brokers, topic, inputs, input_count);
    if (state->path == NULL)
        return 0;
    FILE *in = fopen(state->path, "rbe");
    if (in == NULL)
        return errno == ENOENT ? 0
                               : err_set_errno(err, ERR_IO, errno, "cannot read %s", state->path);
    int status = read_rows(state, in, err);
    fclose(in);
    return status;
}

void
load_state_forget(struct load_state *state)
{
    for (size_t i = 0; i < state->count; i++)
        free(state->rows[i].name);
    state->count = 0;
}

void
load_state_release(struct load_state *state)
{
    load_state_forget(state);
    free(state->rows);
    free(state->path);
    *state = (struct load_state){0};
}

int64_t
load_state_done(const struct load_state *state, const struct input_file *file, bool *ret_complete)
{
    char *key = key_of(file);
    const struct load_row *row = find_row(state, key);
    free(key);
    bool same = row != NULL && file->size >= 0 && row->size == file->size &&
                row->mtime_ns == file->mtime_ns;
    *ret_complete = same && row->complete;
    return same ? row->records : 0;
}

void
load_state_set(struct load_state *state, const struct input_file *file, int64_t records,
               bool complete)
{
    assert(records >= 0);
    if (file->size < 0)
        return; /* standard input cannot be read again */
    char *key = key_of(file);
    struct load_row *row = find_row(state, key);
    if (row == NULL)
        row = add_row(state, key);
    free(key);
    row->size = file->size;
    row->mtime_ns = file->mtime_ns;
    row->records = records;
    row->complete = complete;
}

int
load_state_save(const struct load_state *state, struct err *err)
{
    struct strbuf text;
    if (state->path == NULL)
        return 0;
    strbuf_init(&text, 0);
    strbuf_add_text(&text, FIRST_LINE);
    for (size_t i = 0; i < state->count; i++) {
        const struct load_row *row = &state->rows[i];
        strbuf_addf(&text, "%" PRId64 " %" PRId64 " %" PRId64 " %d ", row->size, row->mtime_ns,
                    row->records, row->complete);
        add_escaped(&text, row->name);
        strbuf_add_char(&text, '\n');
    }
    int status = outfile_write(state->path, &text, err);
    strbuf_release(&text);
    return status;
}
