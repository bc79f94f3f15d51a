/*
 * Decoding options as one text, and those that count: see applied.h. Whoever owns the connection.
 */
#include "ingest/applied.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text/base64.h"
#include "base/text/utf8.h"
#include "hindcast/decoding.h"

#define HEAD "hindcast decoding 2\n"
#define HEAD_1 "hindcast decoding 1\n" /* without files: each process had its own */
#define FILE_HEAD "file "
#define DECODERS "decoders = "

static const enum option topic_options[] = {
#define TOPIC_OPTION(key) OPT_ingest_##key,
#include "base/config/topic_options.def"
#undef TOPIC_OPTION
};
#define TOPIC_OPTIONS (sizeof(topic_options) / sizeof(topic_options[0]))

/* However a yes is written, it is one. */
static const char *
value_of(const struct config *config, const char *topic, enum option option)
{
    if (config_option_type(option) != OPTION_BOOL)
        return config_topic_text(config, topic, option);
    return config_topic_bool(config, topic, option) ? "true" : "false";
}

static int
add_value(const char *topic, enum option option, const char *value, struct strbuf *out,
          struct err *err)
{
    const char *key = config_option_key(option);
    if (strchr(value, '\n') != NULL || !utf8_storable(sv_from(value)))
        return err_set(err, ERR_CONFIG, "%s%s%s: the value is not one line of UTF-8",
                       topic[0] == '\0' ? "ingest." : "topic.", topic[0] == '\0' ? key : topic,
                       topic[0] == '\0' ? "" : " (a decoding option)");
    strbuf_addf(out, "%s%s%s = %s\n", topic, topic[0] == '\0' ? "" : ".", key, value);
    return 0;
}

static int
add_topic(const struct config *config, const char *topic, struct strbuf *out, struct err *err)
{
    for (size_t i = 0; i < TOPIC_OPTIONS; i++) {
        const char *value = value_of(config, topic, topic_options[i]);
        if (strcmp(value, value_of(config, "", topic_options[i])) != 0 &&
            add_value(topic, topic_options[i], value, out, err) != 0)
            return -1;
    }
    return 0;
}

/*
 * "file NAME BYTES text" and the bytes as they are, or "file NAME BYTES base64" and as much of it.
 * A text of PostgreSQL holds UTF-8 alone.
 */
static void
add_file(const struct format_file *file, struct strbuf *out)
{
    struct strbuf encoded;
    bool plain = utf8_storable(file->text);
    strbuf_init(&encoded, 0);
    if (!plain)
        base64_encode(&encoded, file->text);
    struct sv text = plain ? file->text : strbuf_view(&encoded);
    strbuf_addf(out, FILE_HEAD "%s %zu %s\n", file->name, text.len, plain ? "text" : "base64");
    strbuf_add_sv(out, text);
    strbuf_add_char(out, '\n');
    strbuf_release(&encoded);
}

static int
add_options(const struct config *config, struct strbuf *out, struct err *err)
{
    for (size_t i = 0; i < TOPIC_OPTIONS; i++)
        if (add_value("", topic_options[i], value_of(config, "", topic_options[i]), out, err) != 0)
            return -1;
    const char *before = "";
    for (size_t i = 0; i < config_topic_count(config); i++) {
        const char *topic = config_topic_name(config, i);
        if (strcmp(topic, before) != 0 && add_topic(config, topic, out, err) != 0)
            return -1;
        before = topic;
    }
    return 0;
}

int
applied_decoding_write(const struct own_decoding *own, struct strbuf *out, struct err *err)
{
    char hex[SHA256_HEX + 1];
    struct sha256 digest;
    decoders_program(&digest);
    sha256_hex(&digest, hex);
    strbuf_addf(out, HEAD DECODERS "%s\n", hex);
    if (add_options(own->config, out, err) != 0)
        return -1;
    for (size_t i = 0; i < own->files.count; i++)
        add_file(&own->files.list[i], out);
    return 0;
}

int
own_decoding_read(const struct config *config, struct own_decoding *ret_own, struct err *err)
{
    ret_own->config = config;
    format_files_init(&ret_own->files);
    if (format_files_read(&ret_own->files, config_text(config, OPT_ingest_maps),
                          config_text(config, OPT_ingest_schemas), err) == 0)
        return 0;
    format_files_release(&ret_own->files);
    return -1;
}

void
own_decoding_release(struct own_decoding *own)
{
    format_files_release(&own->files);
}

/* ---- read back ---- */

static int
not_known(const char *line, struct err *err)
{
    err_set(err, ERR_CONFIG, "the applied decoding options cannot be read at '%.200s'", line);
    return err_hint(err, "use the program that applied them, or a newer one");
}

/* "KEY = VALUE" of all topics, "TOPIC.KEY = VALUE" of one: keys have no dot, topics may. */
static int
read_line(struct config *config, struct arena *arena, struct sv line, struct err *err)
{
    struct sv name, value;
    const char *text = arena_strdup(arena, line);
    const char *equals = strstr(text, " = ");
    if (equals == NULL)
        return not_known(text, err);
    name = sv_of(text, (size_t)(equals - text));
    value = sv_from(equals + 3);
    if (memchr(name.ptr, '.', name.len) != NULL) {
        struct sv setting = arena_printf(arena, SV_FMT "=" SV_FMT, SV_ARG(name), SV_ARG(value));
        return config_set_topic(config, arena_strdup(arena, setting), err);
    }
    for (size_t i = 0; i < TOPIC_OPTIONS; i++)
        if (sv_eq(name, sv_from(config_option_key(topic_options[i]))))
            return config_set(config, topic_options[i], value.ptr, ORIGIN_COMMAND, err);
    return not_known(text, err);
}

static size_t
last_blank(struct sv text)
{
    size_t at = text.len;
    while (at > 0 && text.ptr[at - 1] != ' ')
        at--;
    return at == 0 ? SIZE_MAX : at - 1;
}

/* "NAME BYTES text" of a file's head, behind which its bytes are; *rest goes on behind those. */
static int
read_file(struct format_files *files, struct arena *arena, struct sv head, struct sv *rest,
          struct err *err)
{
    size_t kind = last_blank(head);
    size_t number = kind == SIZE_MAX ? kind : last_blank(sv_slice(head, 0, kind));
    int64_t bytes = -1;
    if (number == SIZE_MAX || !sv_to_int64(sv_slice(head, number + 1, kind), &bytes) || bytes < 0 ||
        (size_t)bytes >= rest->len || rest->ptr[bytes] != '\n')
        return not_known(arena_strdup(arena, head), err);
    const char *name = arena_strdup(arena, sv_slice(head, 0, number));
    struct sv text = sv_slice(*rest, 0, (size_t)bytes),
              encoding = sv_slice(head, kind + 1, head.len);
    if (sv_eq(encoding, SV("base64")))
        text = base64_decode(arena, text);
    else if (!sv_eq(encoding, SV("text")))
        return not_known(arena_strdup(arena, head), err);
    *rest = sv_slice(*rest, (size_t)bytes + 1, rest->len);
    const char *path = arena_printf(arena, "(applied) %s", name).ptr;
    return format_files_add(files, name, path, text, err);
}

static int
read_lines(struct config *config, struct format_files *files, struct arena *arena, struct sv rest,
           struct err *err)
{
    struct sv line;
    int status = 0;
    for (size_t at = 0; status == 0 && sv_split(&rest, '\n', &line); at++) {
        if (at >= 2 && sv_starts(line, SV(FILE_HEAD)))
            status = read_file(files, arena, sv_slice(line, sizeof(FILE_HEAD) - 1, line.len), &rest,
                               err);
        else if (at >= 2 && line.len > 0)
            status = read_line(config, arena, line, err);
    }
    return status;
}

int
applied_decoding_parse(struct sv content, struct config **ret_config, struct format_files *files,
                       bool *ret_told, struct err *err)
{
    struct arena arena;
    bool first = sv_starts(content, SV(HEAD_1 DECODERS));
    if (!first && !sv_starts(content, SV(HEAD DECODERS)))
        return not_known("the head", err);
    struct config *config = config_new();
    arena_init(&arena, 0);
    int status = read_lines(config, files, &arena, content, err);
    arena_release(&arena);
    if (status != 0) {
        config_free(config);
        return -1;
    }
    *ret_told = !first;
    *ret_config = config;
    return 0;
}

/* ---- which differ ---- */

static void
hex_of(struct sv content, char ret_hex[SHA256_HEX + 1])
{
    struct sha256 digest;
    sha256_of(content.ptr, content.len, &digest);
    sha256_hex(&digest, ret_hex);
}

/* The line of the program, the options, the files: what `at` follows is cut off. */
static struct sv
part_of(struct sv content, int part)
{
    size_t head = sv_find(content, SV("\n" DECODERS)), files = sv_find(content, SV("\n" FILE_HEAD));
    struct sv behind = head == SIZE_MAX ? SV("") : sv_slice(content, head + 1, content.len);
    size_t end = sv_find_char(behind, '\n');
    struct sv program = sv_slice(behind, 0, end == SIZE_MAX ? behind.len : end);
    size_t options = head == SIZE_MAX ? 0 : head + 1 + program.len;
    files = files == SIZE_MAX ? content.len : files + 1;
    if (part == 0)
        return program;
    return part == 1 ? sv_slice(content, options, files) : sv_slice(content, files, content.len);
}

static void
tell_differences(struct sv own, struct sv applied, char *ret_text, size_t size)
{
    static const char *const words[] = {"the program", "options", "maps, lines or schemas"};
    size_t used = 0;
    ret_text[0] = '\0';
    for (int part = 0; part < 3; part++)
        if (!sv_eq(sv_trim(part_of(own, part)), sv_trim(part_of(applied, part))))
            used += (size_t)snprintf(ret_text + used, size - used, "%s%s", used == 0 ? "" : " and ",
                                     words[part]);
}

/* ---- what counts ---- */

static int
copy_files(const struct format_files *from, struct format_files *files, struct err *err)
{
    for (size_t i = 0; i < from->count; i++)
        if (format_files_add(files, from->list[i].name, from->list[i].path, from->list[i].text,
                             err) != 0)
            return -1;
    return 0;
}

static bool
are_in_use(const struct format_files *files)
{
    struct sha256 wanted, used;
    format_files_digest(files, &wanted);
    formats_used(&used);
    return memcmp(wanted.bytes, used.bytes, sizeof(used.bytes)) == 0;
}

static int
use(const struct stored_decoding *stored, const struct own_decoding *own, struct sv own_text,
    struct applied_decoding *decoding, struct err *err)
{
    bool told = false;
    hex_of(own_text, decoding->own_digest);
    decoding->number = stored->number;
    memcpy(decoding->digest, decoding->own_digest, sizeof(decoding->digest));
    if (stored->number > 0) {
        snprintf(decoding->digest, sizeof(decoding->digest), SV_FMT, SV_ARG(stored->digest));
        decoding->differs = strcmp(decoding->digest, decoding->own_digest) != 0;
        if (applied_decoding_parse(stored->content, &decoding->config, &decoding->files, &told,
                                   err) != 0)
            return -1;
        tell_differences(own_text, stored->content, decoding->differs_in,
                         sizeof(decoding->differs_in));
    }
    if (!told && copy_files(&own->files, &decoding->files, err) != 0)
        return -1;
    decoding->others = !are_in_use(&decoding->files);
    if (decoding->others)
        return 0;
    const struct config *config = decoding->config == NULL ? own->config : decoding->config;
    if (topics_init(&decoding->topics, config, err) == 0)
        return 0;
    return decoding->config == NULL ? -1 : err_prefix(err, "the applied decoding options");
}

int
applied_decoding_read(struct store *store, const struct own_decoding *own,
                      struct applied_decoding *ret_decoding, struct err *err)
{
    struct applied_decoding decoding = {0};
    struct stored_decoding stored;
    struct strbuf content;
    struct arena arena;
    arena_init(&arena, 0);
    strbuf_init(&content, 0);
    format_files_init(&decoding.files);
    int status = applied_decoding_write(own, &content, err);
    if (status == 0)
        status = decoding_newest(store, &arena, &stored, err);
    if (status == 0)
        status = use(&stored, own, strbuf_view(&content), &decoding, err);
    if (status == 0)
        *ret_decoding = decoding;
    else
        applied_decoding_release(&decoding);
    strbuf_release(&content);
    arena_release(&arena);
    return status;
}

int
applied_files_use(const struct format_files *files, struct err *err)
{
    struct strbuf problems;
    strbuf_init(&problems, 0);
    int status = formats_use(files, &problems, err);
    if (status != 0) {
        struct sv rest = strbuf_view(&problems), first = SV("");
        (void)sv_split(&rest, '\n', &first);
        err_set(err, ERR_CONFIG,
                "this program cannot read the applied maps, lines and schemas: " SV_FMT,
                SV_ARG(first));
        err_hint(err, "use the program that applied them, or a newer one");
    }
    strbuf_release(&problems);
    return status;
}

int
applied_decoding_use(struct store *store, const struct own_decoding *own,
                     struct applied_decoding *ret_decoding, struct err *err)
{
    for (;;) {
        if (applied_decoding_read(store, own, ret_decoding, err) != 0)
            return -1;
        if (!ret_decoding->others)
            return 0;
        int status = applied_files_use(&ret_decoding->files, err);
        applied_decoding_release(ret_decoding);
        if (status != 0)
            return -1;
    }
}

void
applied_decoding_release(struct applied_decoding *decoding)
{
    topics_release(&decoding->topics);
    config_free(decoding->config);
    format_files_release(&decoding->files);
    *decoding = (struct applied_decoding){0};
}
