/*
 * The decoders of the program: see table.h. cloudevents stands among them and opens envelopes, so
 * detection reaches itself through this table.
 */
#include "ingest/decode/core/table.h"

#include <assert.h>
#include <pthread.h>

#include "base/embedded.h"
#include "base/strbuf.h"
#include "hindcast/format_files.h"
#include "ingest/decode/core/bidding.h"
#include "ingest/decode/lines/decoder.h"
#include "ingest/decode/maps/decoders.h"
#include "ingest/decode/maps/maps.h"
#include "ingest/decode/schema/schema.h"

#define DECODER(name) extern const struct decoder decoder_##name;
#include "hindcast/decoders.def"
#undef DECODER

static const struct decoder *const decoders[] = {
#define DECODER(name) &decoder_##name,
#include "hindcast/decoders.def"
#undef DECODER
};

static struct {
    pthread_mutex_t mutex;
    bool known;         /* all are in the registry */
    bool told;          /* `used` */
    struct sha256 used; /* files of people, their digest */
} in_use = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void
add_program(void)
{
    for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++) {
        bool added = registry_add(decoders[i]);
        assert(added);
        (void)added;
    }
}

void
decoders_known(void)
{
    pthread_mutex_lock(&in_use.mutex);
    if (!in_use.known) {
        if (registry_count() == 0)
            add_program();
        line_decoders_add();
        map_decoders_add();
        in_use.known = true;
    }
    pthread_mutex_unlock(&in_use.mutex);
}

/* ---- files of people ---- */

static void
forget(void)
{
    bidding_forget();
    registry_clear();
    in_use.known = false;
    maps_forget();
    lines_forget();
    schemas_forget();
}

static size_t
lines_in(const struct strbuf *text, size_t from)
{
    size_t count = 0;
    for (size_t i = from; i < text->len; i++)
        count += text->ptr[i] == '\n';
    return count;
}

static void
tell_used(const struct format_files *files)
{
    pthread_mutex_lock(&in_use.mutex);
    format_files_digest(files, &in_use.used);
    in_use.told = true;
    pthread_mutex_unlock(&in_use.mutex);
}

int
formats_use(const struct format_files *files, struct strbuf *problems, struct err *err)
{
    struct map_problems of_maps = {.text = problems};
    size_t from = problems->len;
    forget();
    add_program();
    maps_use(files, &of_maps);
    lines_use(files, problems);
    schemas_use(files, problems);
    size_t errors = lines_in(problems, from);
    const struct format_files none = {.count = 0};
    if (errors > 0)
        forget();
    tell_used(errors > 0 ? &none : files);
    return errors == 0
               ? 0
               : err_set(err, ERR_CONFIG, "maps, formats of lines and schemas have %zu error%s",
                         errors, errors == 1 ? "" : "s");
}

void
formats_used(struct sha256 *ret_digest)
{
    const struct format_files none = {.count = 0};
    pthread_mutex_lock(&in_use.mutex);
    if (!in_use.told)
        format_files_digest(&none, &in_use.used);
    in_use.told = true;
    *ret_digest = in_use.used;
    pthread_mutex_unlock(&in_use.mutex);
}

/* ---- the registry ---- */

bool
decoder_add(const struct decoder *decoder)
{
    decoders_known();
    return registry_add(decoder);
}

size_t
decoder_count(void)
{
    decoders_known();
    return registry_count();
}

const struct decoder_info *
decoder_info_at(size_t place)
{
    decoders_known();
    return &registry_at(place)->info;
}

/* ---- digests ---- */

static void
add_texts(const struct embedded_file *files, struct strbuf *out)
{
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    for (; files->name != NULL; files++) {
        sha256_of(files->text, files->size, &digest);
        sha256_hex(&digest, hex);
        strbuf_addf(out, "%s %s\n", hex, files->name);
    }
}

/* The code of a decoder has its version in evidence.batch beside it. */
void
decoders_program(struct sha256 *ret_digest)
{
    struct strbuf text;
    strbuf_init(&text, 0);
    add_texts(embedded_maps, &text);
    add_texts(embedded_lines, &text);
    for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++) {
        const struct decoder_info *info = &decoders[i]->info;
        const char *const parts[] = {info->name,  info->identity, info->kinds, info->identified_by,
                                     info->signs, info->header,   info->first};
        for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++)
            strbuf_addf(&text, "%s\n", parts[k] == NULL ? "" : parts[k]);
        strbuf_addf(&text, "%d\n", info->highest);
    }
    sha256_of(text.ptr, text.len, ret_digest);
    strbuf_release(&text);
}

void
decoders_digest(struct sha256 *ret_digest)
{
    struct sha256 program, files;
    decoders_program(&program);
    formats_used(&files);
    const struct sha256_part parts[] = {{program.bytes, sizeof(program.bytes)},
                                        {files.bytes, sizeof(files.bytes)}};
    sha256_of_parts(parts, 2, ret_digest);
}
