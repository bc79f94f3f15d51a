/*
 * The base of a draft: see document_base.h.
 */
#include "app/document_base.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/infile.h"
#include "app/outfile.h"
#include "base/text/json_writer.h"
#include "base/text/visible.h"
#include "hindcast/version.h"

/* The folder's file, and what the document is called in it. */
static int
base_path(const char *path, char ret_path[PATH_MAX], const char **ret_name, struct err *err)
{
    const char *slash = strrchr(path, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - path);
    *ret_name = path + folder;
    return snprintf(ret_path, PATH_MAX, "%.*s" DOCUMENT_BASE_FILE, folder, path) < PATH_MAX
               ? 0
               : err_set(err, ERR_IO, "the name is too long: %s", path);
}

/* *ret_root: NULL where there is none or it is damaged, which is told. */
static int
read_root(const char *base, json_t **ret_root, struct err *err)
{
    struct strbuf text;
    bool there = false;
    strbuf_init(&text, DOCUMENT_BASE_BYTES_MAX);
    int status = infile_read(base, &text, &there, err);
    *ret_root = NULL;
    if (status == 0 && there) {
        *ret_root = json_loadb(text.ptr, text.len, 0, NULL);
        if (!json_is_object(json_object_get(*ret_root, "documents"))) {
            visible_line(stderr, "hindcast: %s is damaged and not used", base);
            json_decref(*ret_root);
            *ret_root = NULL;
        }
    }
    strbuf_release(&text);
    return status;
}

/* ------------------------------------------------------------------- reading */

static struct sv
text_of(const json_t *object, const char *name, struct arena *arena)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value)
               ? arena_copy(arena, sv_of(json_string_value(value), json_string_length(value)))
               : SV_NONE;
}

static bool
has_digest(const json_t *document, const char *name, struct sv text)
{
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    const char *kept = json_string_value(json_object_get(document, name));
    sha256_of(text.ptr, text.len, &digest);
    sha256_hex(&digest, hex);
    return kept != NULL && strcmp(kept, hex) == 0;
}

/* The base of a text: the one that was to come, where the text it came with is there. */
static const json_t *
base_beside(const json_t *document, struct sv text)
{
    const json_t *next = json_object_get(document, "next");
    return next != NULL && text.ptr != NULL && has_digest(next, "result", text) ? next : document;
}

static bool
read_document(const json_t *document, struct arena *arena, struct document_base *ret_base)
{
    const json_t *blocks = json_object_get(document, "blocks");
    const json_t *notes = json_object_get(document, "notes");
    struct strbuf text;
    strbuf_init(&text, DOCUMENT_BASE_BYTES_MAX);
    for (size_t i = 0; i < json_array_size(blocks); i++)
        strbuf_add_sv(&text, text_of(json_array_get(blocks, i), "text", arena));
    bool whole = has_digest(document, "digest", strbuf_view(&text));
    struct merge_note *list = ARENA_ARRAY(arena, struct merge_note, json_array_size(notes) + 1);
    for (size_t i = 0; i < json_array_size(notes); i++)
        list[i] = (struct merge_note){text_of(json_array_get(notes, i), "about", arena),
                                      text_of(json_array_get(notes, i), "text", arena)};
    *ret_base = (struct document_base){
        .merge = {arena_copy(arena, strbuf_view(&text)), list, json_array_size(notes)},
        .members = incident_file_uids(document, "members", arena),
        .attached = incident_file_uids(document, "attached", arena),
        .document = text_of(document, "document", arena),
        .public = json_is_true(json_object_get(document, "public")),
        .zone = text_of(document, "zone", arena),
        .timeline = text_of(document, "timeline", arena),
    };
    strbuf_release(&text);
    return whole;
}

int
document_base_read(const char *path, struct sv text, struct arena *arena,
                   struct document_base *ret_base, bool *ret_there, struct err *err)
{
    char base[PATH_MAX];
    const char *name;
    json_t *root;
    *ret_there = false;
    if (base_path(path, base, &name, err) != 0 || read_root(base, &root, err) != 0)
        return -1;
    const json_t *document = json_object_get(json_object_get(root, "documents"), name);
    if (document != NULL) {
        *ret_there = read_document(base_beside(document, text), arena, ret_base);
        if (!*ret_there)
            visible_line(stderr, "hindcast: what %s keeps of %s is damaged and not used", base,
                         name);
    }
    json_decref(root);
    return 0;
}

/* ------------------------------------------------------------------- writing */

struct kept_base {
    const struct document_base *base, *next; /* next: NULL where none is to come */
    struct sv result;                        /* the text that `next` goes with */
};

static void
put_block(void *opaque, struct sv id, struct sv text)
{
    struct strbuf *out = opaque;
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put(out, "id", id);
    json_put(out, "text", text);
    strbuf_add_char(out, '}');
}

static void
put_digest(struct strbuf *out, const char *name, struct sv text)
{
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    sha256_of(text.ptr, text.len, &digest);
    sha256_hex(&digest, hex);
    json_put(out, name, sv_from(hex));
}

static void
put_members(const struct document_base *base, struct strbuf *out)
{
    put_digest(out, "digest", base->merge.text);
    json_put(out, "document", base->document);
    json_put_bool(out, "public", base->public);
    json_put(out, "zone", base->zone);
    json_put(out, "timeline", base->timeline);
    json_put_list(out, "members", base->members.uids, base->members.count);
    json_put_list(out, "attached", base->attached.uids, base->attached.count);
    json_put_name(out, "blocks");
    strbuf_add_char(out, '[');
    merge_blocks(base->merge.text, put_block, out);
    strbuf_add_char(out, ']');
    json_put_name(out, "notes");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < base->merge.note_count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put(out, "about", base->merge.notes[i].about);
        json_put(out, "text", base->merge.notes[i].text);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}

static void
put_document(const struct kept_base *kept, struct strbuf *out)
{
    strbuf_add_char(out, '{');
    put_members(kept->base, out);
    if (kept->next != NULL) {
        json_put_name(out, "next");
        strbuf_add_char(out, '{');
        put_digest(out, "result", kept->result);
        put_members(kept->next, out);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, '}');
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Those of the file but for the one called `name`, and that one: by name. */
static void
put_documents(const json_t *others, const char *name, const struct kept_base *kept,
              struct arena *arena, struct strbuf *out)
{
    const char *key, **names = ARENA_ARRAY(arena, const char *, json_object_size(others) + 1);
    json_t *value;
    size_t count = 0;
    names[count++] = name;
    json_object_foreach((json_t *)others, key, value)
    {
        if (strcmp(key, name) != 0)
            names[count++] = key;
    }
    qsort(names, count, sizeof(*names), compare_names);
    for (size_t i = 0; i < count; i++) {
        char *text = NULL;
        json_put_name(out, names[i]);
        if (strcmp(names[i], name) == 0)
            put_document(kept, out);
        else
            text = json_dumps(json_object_get(others, names[i]), JSON_COMPACT);
        if (text != NULL)
            strbuf_add_text(out, text);
        free(text);
    }
}

static int
write_kept(const char *path, const struct kept_base *kept, struct err *err)
{
    char file[PATH_MAX];
    const char *name;
    json_t *root;
    struct strbuf out;
    struct arena arena;
    if (base_path(path, file, &name, err) != 0 || read_root(file, &root, err) != 0)
        return -1;
    arena_init(&arena, 0);
    strbuf_init(&out, DOCUMENT_BASE_BYTES_MAX);
    strbuf_add_char(&out, '{');
    json_put(&out, "hindcast", SV(HINDCAST_VERSION));
    json_put_name(&out, "documents");
    strbuf_add_char(&out, '{');
    put_documents(json_object_get(root, "documents"), name, kept, &arena, &out);
    strbuf_add_text(&out, "}}\n");
    int status = outfile_write(file, &out, err);
    strbuf_release(&out);
    arena_release(&arena);
    json_decref(root);
    return status;
}

int
document_base_write(const char *path, const struct document_base *base, struct err *err)
{
    const struct kept_base kept = {.base = base};
    return write_kept(path, &kept, err);
}

int
document_base_announce(const char *path, const struct document_base *last,
                       const struct document_base *next, struct sv text, struct err *err)
{
    const struct kept_base kept = {last, next, text};
    return write_kept(path, &kept, err);
}
