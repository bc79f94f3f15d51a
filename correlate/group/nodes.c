/*
 * Nodes and their keys: names and order. Pure. Called by the steps of grouping.
 */
#include "correlate/group/nodes.h"

static const struct {
    const char *word;
    bool own;
} key_table[KEY_KINDS] = {
#define KEY(name, word, own) {word, own},
    GROUPING_KEYS(KEY)
#undef KEY
};

const char *
key_kind_word(enum key_kind kind)
{
    return key_table[kind].word;
}

bool
key_is_own(enum key_kind kind)
{
    return key_table[kind].own;
}

int
node_key_cmp(const struct node_key *a, const struct node_key *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return sv_cmp(a->value, b->value);
}

/* The first key whose kind is not less. */
static size_t
kind_at(const struct work_node *node, int kind)
{
    size_t low = 0, high = node->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((int)node->keys[middle].kind < kind)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct node_key *
node_keys_of(const struct work_node *node, enum key_kind kind, size_t *ret_count)
{
    size_t from = kind_at(node, (int)kind);
    *ret_count = kind_at(node, (int)kind + 1) - from;
    return node->keys + from;
}

bool
node_has_key(const struct work_node *node, const struct node_key *key)
{
    size_t low = 0, high = node->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = node_key_cmp(&node->keys[middle], key);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

struct sv
node_key_text(struct arena *arena, const struct work_node *node)
{
    return arena_printf(arena, "%lld/" SV_FMT "/" SV_FMT, (long long)node->first_ms,
                        SV_ARG(node->source), SV_ARG(node->uid));
}

int
node_id_cmp(const struct work_node *a, const struct work_node *b)
{
    if (a->first_ms != b->first_ms)
        return a->first_ms < b->first_ms ? -1 : 1;
    int order = sv_cmp(a->source, b->source);
    return order != 0 ? order : sv_cmp(a->uid, b->uid);
}

static bool
has_value(const struct work_node *node, enum key_kind kind, struct sv value, bool *ret_any)
{
    size_t count;
    const struct node_key *keys = node_keys_of(node, kind, &count);
    *ret_any = count > 0;
    for (size_t k = 0; k < count; k++)
        if (sv_eq_nocase(keys[k].value, value))
            return true;
    return false;
}

bool
declaration_accepts(const struct declaration *declaration, const struct work_node *node)
{
    if (node->role == NODE_CHAT && node->records[0]->observation != NULL &&
        node->records[0]->observation->event.kind == EVENT_CHAT) {
        struct sv channel = node->records[0]->observation->event.channel;
        return declaration->channel.len == 0 || sv_eq_nocase(channel, declaration->channel);
    }
    bool any = false;
    return declaration->service.len == 0 ||
           has_value(node, KEY_SERVICE, declaration->service, &any) || !any;
}
