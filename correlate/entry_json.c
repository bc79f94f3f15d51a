/*
 * Lists of a timeline entry as JSON: see entry_json.h. Pure functions.
 */
#include "hindcast/entry_json.h"

void
entry_json_milestones(struct strbuf *out, const struct entry *entry)
{
    json_put_name(out, "milestones");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < entry->milestone_count; i++) {
        json_put_comma(out);
        json_put_string(out, sv_from(milestone_word(entry->milestones[i])));
    }
    strbuf_add_char(out, ']');
}

void
entry_json_reasons(struct strbuf *out, const struct entry *entry)
{
    json_put_name(out, "reasons");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < entry->reason_count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '[');
        json_put_string(out, entry->reasons[i].name);
        strbuf_addf(out, ",%d]", (int)entry->reasons[i].hundredths);
    }
    strbuf_add_char(out, ']');
}

void
entry_json_evidence(struct strbuf *out, const struct entry *entry, bool with_stream)
{
    json_put_name(out, "evidence");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < entry->evidence_count; i++) {
        const struct evidence *evidence = &entry->evidence[i];
        char hex[SHA256_HEX + 1];
        sha256_hex(&evidence->sha256, hex);
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put_int(out, "incarnation", evidence->incarnation);
        json_put_int(out, "index", evidence->at.index);
        json_put_int(out, "offset", evidence->at.offset);
        json_put_int(out, "partition", evidence->partition);
        json_put(out, "sha256", sv_from(hex));
        if (with_stream)
            json_put_int(out, "stream", evidence->at.stream_id);
        json_put(out, "topic", evidence->topic);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}
