/*
 * Found and similar incidents as JSON Lines, see search.h. Called by `hindcast search` and
 * `hindcast similar` on the main thread.
 */
#include "base/text/json_writer.h"
#include "report/render/search.h"

static void
put_list(struct strbuf *out, const char *name, const struct sv *texts, size_t count)
{
    json_put_name(out, name);
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_put_comma(out);
        json_put_string(out, texts[i]);
    }
    strbuf_add_char(out, ']');
}

static void
put_head(struct strbuf *out, const struct search_match *match, size_t place)
{
    json_put_int(out, "place", (int64_t)place);
    json_put(out, "incident", sv_empty(match->number) ? SV_NONE : match->number);
    json_put(out, "incident_key", match->incident_key);
    json_put(out, "scope", match->scope);
    json_put(out, "title", match->title);
    json_put_time(out, "first_time", match->first_ns);
    json_put_time(out, "last_time", match->last_ns);
    put_list(out, "services", match->services, match->service_count);
    json_put_int(out, "score", match->score);
}

static void
put_words(struct strbuf *out, const struct search_match *match)
{
    json_put_name(out, "words");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < match->word_count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put(out, "word", match->words[i].word);
        json_put_int(out, "points", match->words[i].points);
        json_put_int(out, "lines", match->words[i].lines);
        json_put_bool(out, "title", match->words[i].title);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
    put_list(out, "missing", match->missing, match->missing_count);
}

static void
put_evidence(struct strbuf *out, const struct evidence *evidence)
{
    strbuf_add_char(out, '{');
    json_put(out, "topic", evidence->topic);
    json_put_int(out, "incarnation", evidence->incarnation);
    json_put_int(out, "partition", evidence->partition);
    json_put_int(out, "offset", evidence->at.offset);
    json_put_int(out, "index", evidence->at.index);
    if (!sv_empty(evidence->file))
        json_put(out, "file", evidence->file);
    if (evidence->line > 0)
        json_put_int(out, "line", evidence->line);
    strbuf_add_char(out, '}');
}

static void
put_hit(struct strbuf *out, const struct search_hit *hit)
{
    strbuf_add_char(out, '{');
    json_put_int(out, "score", hit->score);
    json_put_time(out, "time", hit->time_ns);
    json_put(out, "kind", hit->kind);
    json_put(out, "actor", hit->actor);
    json_put(out, "service", hit->service);
    json_put(out, "text", hit->text);
    json_put_name(out, "words");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < hit->place_count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put(out, "word", hit->places[i].word);
        json_put(out, "where", hit->places[i].where);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
    json_put(out, "entry_id", hit->entry_id);
    json_put_name(out, "evidence");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < hit->evidence_count; i++) {
        json_put_comma(out);
        put_evidence(out, &hit->evidence[i]);
    }
    strbuf_add_text(out, "]}");
}

void
render_found_json(const struct search_result *result, struct strbuf *out)
{
    for (size_t i = 0; i < result->match_count; i++) {
        const struct search_match *match = &result->matches[i];
        strbuf_add_char(out, '{');
        put_head(out, match, i + 1);
        put_words(out, match);
        json_put_int(out, "best", match->best);
        json_put_int(out, "lines", match->lines);
        json_put_name(out, "hits");
        strbuf_add_char(out, '[');
        for (size_t j = 0; j < match->hit_count; j++) {
            json_put_comma(out);
            put_hit(out, &match->hits[j]);
        }
        strbuf_add_text(out, "]}\n");
    }
}

void
render_similar_json(const struct search_result *result, struct strbuf *out)
{
    for (size_t i = 0; i < result->match_count; i++) {
        const struct search_match *match = &result->matches[i];
        strbuf_add_char(out, '{');
        put_head(out, match, i + 1);
        json_put_name(out, "reasons");
        strbuf_add_char(out, '[');
        for (size_t j = 0; j < match->reason_count; j++) {
            const struct search_reason *reason = &match->reasons[j];
            json_put_comma(out);
            strbuf_add_char(out, '{');
            json_put(out, "kind", reason->kind);
            json_put(out, "key", reason->key);
            json_put(out, "name", reason->name);
            json_put_int(out, "incidents", reason->incidents);
            json_put_int(out, "points", reason->points);
            strbuf_add_char(out, '}');
        }
        strbuf_add_text(out, "]}\n");
    }
}
