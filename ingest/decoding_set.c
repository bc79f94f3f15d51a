/*
 * Decoding options as one text: see decoding_set.h. Any thread that owns what it hands over.
 */
#include "ingest/decoding_set.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text/base64.h"
#include "base/text/utf8.h"
#include "hindcast/decoder.h"
#include "hindcast/decoding.h"
#include "hindcast/version.h"

#define HEAD "hindcast decoding 3\n"
#define FILE_HEAD "file "
#define PROGRAM "program = "
#define NAMED_MAX 3 /* options, where two sets differ in more */

/* ---- the program ---- */

/* "A.B.C HEX". */
struct program {
    int64_t version[3];
    struct sv digest;
};

static bool
read_program(struct sv line, struct program *ret_program)
{
    struct sv rest, part;
    struct program program = {.digest = SV_NONE};
    if (!sv_starts(line, SV(PROGRAM)))
        return false;
    rest = sv_slice(line, sizeof(PROGRAM) - 1, line.len);
    for (int i = 0; i < 3; i++)
        if (!sv_split(&rest, i < 2 ? '.' : ' ', &part) || part.len == 0 || part.len > 9 ||
            !sv_to_int64(part, &program.version[i]) || program.version[i] < 0)
            return false;
    program.digest = rest;
    *ret_program = program;
    return !sv_empty(rest);
}

/* The second line of a set, without the first; absent: the text is not one of these. */
static struct sv
program_of(struct sv content)
{
    struct sv rest = content, line = SV_NONE;
    if (!sv_starts(content, SV(HEAD)))
        return SV_NONE;
    (void)sv_split(&rest, '\n', &line);
    return sv_split(&rest, '\n', &line) ? line : SV_NONE;
}

void
decoding_set_program(char ret_line[DECODING_PROGRAM_TEXT])
{
    char hex[SHA256_HEX + 1];
    struct sha256 digest;
    decoders_program(&digest);
    sha256_hex(&digest, hex);
    snprintf(ret_line, DECODING_PROGRAM_TEXT, PROGRAM "%s %s", HINDCAST_VERSION, hex);
}

enum program_order
decoding_set_order(struct sv content)
{
    char line[DECODING_PROGRAM_TEXT];
    struct program own = {.digest = SV_NONE}, theirs;
    decoding_set_program(line);
    bool known = read_program(sv_from(line), &own);
    assert(known);
    if (!known || !read_program(program_of(content), &theirs))
        return PROGRAM_UNKNOWN;
    for (int i = 0; i < 3; i++)
        if (own.version[i] != theirs.version[i])
            return own.version[i] < theirs.version[i] ? PROGRAM_NEWER : PROGRAM_OLDER;
    return sv_eq(own.digest, theirs.digest) ? PROGRAM_SAME : PROGRAM_OTHER;
}

struct sv
decoding_set_version(struct sv content)
{
    struct sv line = program_of(content), version = SV_NONE;
    if (!sv_starts(line, SV(PROGRAM)))
        return SV("?");
    line = sv_slice(line, sizeof(PROGRAM) - 1, line.len);
    return sv_split(&line, ' ', &version) ? version : SV("?");
}

/* ---- as a text ---- */

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
decoding_set_write(const struct own_decoding *own, struct strbuf *out, struct err *err)
{
    char line[DECODING_PROGRAM_TEXT];
    size_t from = out->len;
    decoding_set_program(line);
    strbuf_addf(out, HEAD "%s\n", line);
    if (add_options(own->config, out, err) != 0)
        return -1;
    for (size_t i = 0; i < own->files.count; i++)
        add_file(&own->files.list[i], out);
    if (out->len - from <= DECODING_BYTES_MAX)
        return 0;
    return err_set(err, ERR_LIMIT,
                   "the decoding options have %zu MiB with maps, lines and schemas; %zu MiB are "
                   "the most",
                   (out->len - from) >> 20, DECODING_BYTES_MAX >> 20);
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

int
own_decoding_text(const struct config *config, struct strbuf *out, char ret_hex[SHA256_HEX + 1],
                  struct err *err)
{
    struct own_decoding own;
    struct sha256 digest;
    size_t from = out->len;
    if (own_decoding_read(config, &own, err) != 0)
        return -1;
    int status = decoding_set_write(&own, out, err);
    own_decoding_release(&own);
    if (status != 0)
        return -1;
    sha256_of(out->ptr + from, out->len - from, &digest);
    sha256_hex(&digest, ret_hex);
    return 0;
}

/* ---- read back ---- */

static int
not_known(const char *line, struct err *err)
{
    return err_set(err, ERR_CONFIG, "'%.200s' cannot be read", line);
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
    if (text.ptr == NULL)
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
decoding_set_parse(struct sv content, struct config **ret_config, struct format_files *files,
                   struct err *err)
{
    struct arena arena;
    struct program program;
    if (!read_program(program_of(content), &program))
        return not_known("the head", err);
    struct config *config = config_new();
    arena_init(&arena, 0);
    int status = read_lines(config, files, &arena, content, err);
    arena_release(&arena);
    if (status != 0) {
        config_free(config);
        return -1;
    }
    *ret_config = config;
    return 0;
}

/* ---- which differ ---- */

/* The options or the files of a set. */
static struct sv
part_of(struct sv content, bool of_files)
{
    size_t program = program_of(content).len;
    size_t options = program == 0 ? 0 : sizeof(HEAD) + program;
    struct sv behind = sv_slice(content, options, content.len);
    size_t files = sv_starts(behind, SV(FILE_HEAD)) ? 0 : sv_find(behind, SV("\n" FILE_HEAD));
    files = files == SIZE_MAX ? behind.len : files == 0 ? 0 : files + 1;
    return of_files ? sv_slice(behind, files, behind.len) : sv_slice(behind, 0, files);
}

/* Whether a line is this one, or begins so. */
static bool
has_line(struct sv text, struct sv wanted, bool begins)
{
    struct sv line;
    while (sv_split(&text, '\n', &line))
        if (begins ? sv_starts(line, wanted) : sv_eq(line, wanted))
            return true;
    return false;
}

/* Names of options in `text` that `other` sets otherwise, or, `missing`, does not set at all. */
static void
add_names(struct sv text, struct sv other, bool missing, struct strbuf *out, size_t *count)
{
    struct sv line;
    while (sv_split(&text, '\n', &line)) {
        size_t equals = sv_find(line, SV(" = "));
        if (equals == SIZE_MAX || has_line(other, line, false) ||
            (missing && has_line(other, sv_slice(line, 0, equals + 3), true)))
            continue;
        if (++*count > NAMED_MAX)
            continue;
        strbuf_add_text(out, *count == 1 ? "the options " : ", ");
        strbuf_add_sv(out, sv_slice(line, 0, equals));
    }
}

void
decoding_set_differences(struct sv own, struct sv applied, struct strbuf *out)
{
    struct sv mine = part_of(own, false), theirs = part_of(applied, false);
    size_t count = 0;
    add_names(mine, theirs, false, out, &count);
    add_names(theirs, mine, true, out, &count);
    if (count > NAMED_MAX)
        strbuf_addf(out, " and %zu more", count - NAMED_MAX);
    if (!sv_eq(part_of(own, true), part_of(applied, true)))
        strbuf_addf(out, "%smaps, lines or schemas", out->len == 0 ? "" : "; ");
}
