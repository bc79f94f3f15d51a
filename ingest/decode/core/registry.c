/*
 * The entries and their names: see registry.h. Filled on one thread, then read by every worker's.
 */
#include "ingest/decode/core/registry.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define ENTRIES_FIRST 64 /* a power of two */

static struct {
    const struct decoder **entries; /* in their order */
    size_t count, size;
    const struct decoder **names; /* a hash table, twice the size */
} registry;

static size_t
place_of(struct sv name)
{
    uint32_t hash = UINT32_C(2166136261);
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (uint8_t)name.ptr[i]) * UINT32_C(16777619);
    return hash & (2 * registry.size - 1);
}

/* Where the name is, or belongs. */
static const struct decoder **
slot_of(struct sv name)
{
    size_t at = place_of(name);
    while (registry.names[at] != NULL && !sv_eq(sv_from(registry.names[at]->info.name), name))
        at = (at + 1) & (2 * registry.size - 1);
    return &registry.names[at];
}

static void
grow(void)
{
    registry.size = registry.size == 0 ? ENTRIES_FIRST : 2 * registry.size;
    registry.entries = memory_resize(registry.entries, registry.size, sizeof(*registry.entries));
    free(registry.names);
    registry.names = memory_calloc(2 * registry.size, sizeof(*registry.names));
    for (size_t i = 0; i < registry.count; i++)
        *slot_of(sv_from(registry.entries[i]->info.name)) = registry.entries[i];
}

/* What would make an entry that is never asked, or asked about everything at great cost. */
static bool
complete(const struct decoder *decoder)
{
    const struct decoder_info *info = &decoder->info;
    bool told = info->name != NULL && info->identity != NULL && info->title != NULL &&
                info->kinds != NULL && info->identified_by != NULL && info->reference != NULL;
    bool bids = decoder->bid != NULL && decoder->decode != NULL && info->highest > 0 &&
                info->highest <= 100;
    bool found = decoder->reads != READS_TREE || info->signs != NULL || info->header != NULL;
    bool begins = decoder->reads == READS_TEXT || decoder->reads_bytes;
    bool fits = (decoder->reads != READS_TEXT || info->signs == NULL) &&
                (begins || info->first == NULL) && (!decoder->reads_bytes || info->first != NULL);
    return told && bids && found && fits;
}

bool
registry_add(const struct decoder *decoder)
{
    assert(decoder != NULL && complete(decoder));
    if (registry.count == registry.size)
        grow();
    const struct decoder **slot = slot_of(sv_from(decoder->info.name));
    if (*slot != NULL)
        return false;
    *slot = decoder;
    registry.entries[registry.count++] = decoder;
    return true;
}

void
registry_clear(void)
{
    registry.count = 0;
    if (registry.names != NULL)
        memset(registry.names, 0, 2 * registry.size * sizeof(*registry.names));
}

size_t
registry_count(void)
{
    return registry.count;
}

const struct decoder *
registry_at(size_t place)
{
    assert(place < registry.count);
    return registry.entries[place];
}

const struct decoder *
decoder_find(struct sv name)
{
    return registry.count == 0 ? NULL : *slot_of(name);
}
