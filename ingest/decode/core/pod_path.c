/*
 * Paths of containers' logs: see pod_path.h. Pure functions, called by decoders.
 */
#include "ingest/decode/core/pod_path.h"

#include "base/text/json_pairs.h"

#define ID_DIGITS 64

struct pod {
    struct sv name_space, name, container;
};

/* The part before the last separator; `*text` becomes that part's rest. */
static struct sv
last_part(struct sv *text, char separator)
{
    size_t at = text->len;
    while (at > 0 && text->ptr[at - 1] != separator)
        at--;
    struct sv part = sv_slice(*text, at, text->len);
    *text = sv_slice(*text, 0, at == 0 ? 0 : at - 1);
    return part;
}

/* "shop_pay-6d5f_1a2b3c" before "pay/0.log" */
static bool
read_pods(struct sv folders, struct sv container, struct pod *pod)
{
    struct sv pod_folder = last_part(&folders, '/');
    if (!sv_eq(last_part(&folders, '/'), SV("pods")))
        return false;
    pod->container = container;
    return sv_split(&pod_folder, '_', &pod->name_space) && sv_split(&pod_folder, '_', &pod->name) &&
           !sv_empty(pod_folder) && !sv_empty(pod->name);
}

static bool
hexadecimal(struct sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr("0123456789abcdef", text.ptr[i]) == NULL)
            return false;
    return true;
}

/* "pay-6d5f_shop_pay-<64 digits>.log" */
static bool
read_containers(struct sv file, struct pod *pod)
{
    struct sv id = sv_of(file.ptr, file.len - 4);
    if (!sv_split(&id, '_', &pod->name) || !sv_split(&id, '_', &pod->name_space) ||
        id.len <= ID_DIGITS + 1 || !hexadecimal(sv_slice(id, id.len - ID_DIGITS, id.len)))
        return false;
    pod->container = sv_slice(id, 0, id.len - ID_DIGITS - 1);
    return true;
}

void
pod_path_fill(struct arena *arena, struct sv path, struct event *event)
{
    struct pod pod = {.name = SV_NONE};
    struct sv folders = path, file = last_part(&folders, '/');
    if (!sv_contains(file, SV(".log")) || sv_empty(folders))
        return;
    struct sv above = folders, container = last_part(&above, '/');
    bool found = read_pods(above, container, &pod) ||
                 (sv_ends(file, SV(".log")) && read_containers(file, &pod));
    if (!found)
        return;
    if (sv_empty(event->service))
        event->service = pod.container;
    if (!sv_empty(event->attributes) && sv_contains(event->attributes, SV("\"pod")))
        return;
    const struct json_pair pairs[] = {{SV("namespace"), pod.name_space}, {SV("pod"), pod.name}};
    struct sv said = json_pairs(arena, pairs, sizeof(pairs) / sizeof(pairs[0]));
    event->attributes =
        sv_empty(event->attributes) || sv_empty(said)
            ? said
            : arena_printf(arena, SV_FMT "," SV_FMT, SV_ARG(sv_slice(said, 0, said.len - 1)),
                           SV_ARG(sv_slice(event->attributes, 1, event->attributes.len)));
}
