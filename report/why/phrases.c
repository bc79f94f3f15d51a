/*
 * Phrases that `hindcast why` is made of: see phrases.h.
 */
#include "report/why/phrases.h"

#include <string.h>

#include "base/clock.h"

#define TITLE_SHOWN 60 /* bytes of what an episode is called */

/* What an episode is called: its title, else what its first row says. */
struct sv
why_node_title(const struct incident *incident, const struct node *node)
{
    if (!sv_empty(node->title))
        return node->title;
    for (size_t i = 0; i < incident->entry_count; i++)
        if (sv_eq(incident->entries[i].node_key, node->node_key))
            return incident->entries[i].text;
    return node->source;
}

void
why_put_title(struct strbuf *out, struct sv title)
{
    size_t end = TITLE_SHOWN;
    while (end < title.len && end > 0 && ((unsigned char)title.ptr[end] & 0xC0) == 0x80)
        end--;
    strbuf_addf(out, "\"" SV_FMT "%s\"", SV_ARG(sv_slice(title, 0, end)),
                title.len > end ? "..." : "");
}

static void
add_other(struct strbuf *out, const struct incident *incident, const struct why_membership *why)
{
    char time[TIME_TEXT], gap[DURATION_TEXT];
    if (why->gap_ms >= 0) {
        duration_format(why->gap_ms * NS_PER_MS, gap);
        strbuf_addf(out, ", %s from", gap);
    }
    time_format_zone(why->other->first_ns, time);
    strbuf_addf(out, " the episode of %s, ", time);
    why_put_title(out, why_node_title(incident, why->other));
}

void
why_put_membership(struct strbuf *out, const struct incident *incident,
                   const struct why_nodes *nodes, struct sv stored)
{
    struct why_membership why = why_membership(nodes, stored);
    if (why.other != NULL && why.gap_ms >= 0) {
        strbuf_addf(out, "shares " SV_FMT, SV_ARG(why.shares));
        add_other(out, incident, &why);
    } else if (why.other != NULL) {
        strbuf_add_text(out, "lies within the declared bounds of");
        add_other(out, incident, &why);
    } else if (sv_starts(stored, SV("explicit "))) {
        strbuf_addf(out, "names its incident itself: " SV_FMT,
                    SV_ARG(sv_slice(stored, strlen("explicit "), stored.len)));
    } else {
        strbuf_addf(out, SV_FMT "%s", SV_ARG(stored),
                    sv_eq(stored, SV("opens")) ? " the incident" : "");
    }
}

void
why_heading(struct line_writer *lines, const char *heading)
{
    strbuf_add_char(lines->out, '\n');
    strbuf_add_text(&lines->line, heading);
    line_writer_end(lines, STYLE_HEAD);
}
