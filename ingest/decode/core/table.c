/*
 * The decoders of the program: see table.h. cloudevents stands among them and opens envelopes, so
 * detection reaches itself through this table.
 */
#include "ingest/decode/core/table.h"

#include <assert.h>
#include <pthread.h>

#include "base/strbuf.h"
#include "hindcast/maps.h"
#include "hindcast/schemas.h"
#include "ingest/decode/lines/decoder.h"
#include "ingest/decode/maps/decoders.h"

#define DECODER(name) extern const struct decoder decoder_##name;
#include "hindcast/decoders.def"
#undef DECODER

static const struct decoder *const decoders[] = {
#define DECODER(name) &decoder_##name,
#include "hindcast/decoders.def"
#undef DECODER
};

static void
add_all(void)
{
    for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++) {
        bool added = registry_add(decoders[i]);
        assert(added);
        (void)added;
    }
    line_decoders_add();
    map_decoders_add();
}

void
decoders_known(void)
{
    static pthread_once_t known = PTHREAD_ONCE_INIT;
    pthread_once(&known, add_all);
}

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

/* The code of a decoder has its version in evidence.batch beside it. */
void
decoders_digest(struct sha256 *ret_digest)
{
    struct strbuf text;
    struct sha256 maps, schemas;
    char hex[SHA256_HEX + 1];
    strbuf_init(&text, 0);
    maps_digest(&maps);
    sha256_hex(&maps, hex);
    strbuf_addf(&text, "%s\n", hex);
    schemas_digest(&schemas);
    sha256_hex(&schemas, hex);
    strbuf_addf(&text, "%s\n", hex);
    for (size_t i = 0; i < decoder_count(); i++) {
        const struct decoder_info *info = decoder_info_at(i);
        const char *const parts[] = {info->name,  info->identity, info->kinds, info->identified_by,
                                     info->signs, info->header,   info->first};
        for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++)
            strbuf_addf(&text, "%s\n", parts[k] == NULL ? "" : parts[k]);
        strbuf_addf(&text, "%d\n", info->highest);
    }
    sha256_of(text.ptr, text.len, ret_digest);
    strbuf_release(&text);
}
