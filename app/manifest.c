/*
 * Writing manifest records: see manifest.h. Called by load and by the feeder of draft.
 */
#include "app/manifest.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text/json_writer.h"

#define CONTENT_ID_HEX 32

static void
put_formats(struct strbuf *out, const struct file_tally *tally)
{
    json_put_name(out, "formats");
    strbuf_add_char(out, '{');
    for (size_t i = 0; i < tally->format_count; i++)
        json_put_int(out, tally->formats[i].name, tally->formats[i].events);
    strbuf_add_char(out, '}');
}

static void
put_times(struct strbuf *out, const struct file_tally *tally)
{
    json_put_name(out, "times");
    strbuf_add_char(out, '{');
    for (size_t i = 1; i < TIME_SOURCE_WORDS; i++)
        if (tally->times[i] > 0)
            json_put_int(out, time_source_word((enum time_source)i), tally->times[i]);
    strbuf_add_char(out, '}');
    if (tally->first_ns != TIME_NONE) {
        json_put_time(out, "first", tally->first_ns);
        json_put_time(out, "last", tally->last_ns);
    }
}

static void
put_numbers(struct strbuf *out, const struct file_tally *tally)
{
    json_put_int(out, "records", tally->records);
    json_put_int(out, "events", tally->events);
    json_put_int(out, "empty", tally->empty.count);
    json_put_int(out, "quarantined", tally->quarantined.count);
    json_put_int(out, "with_severity", tally->with_severity);
    put_formats(out, tally);
    put_times(out, tally);
}

static void
put_attributes(struct strbuf *out, const struct file_tally *tally, const struct file_ended *ended,
               const struct file_remark *remarks, size_t count)
{
    const char *unread = file_tally_unread(tally);
    char hex[SHA256_HEX + 1];
    json_put_name(out, "attributes");
    strbuf_add_char(out, '{');
    json_put(out, "file", sv_from(tally->name));
    json_put(out, "outcome", unread == NULL ? SV("read") : SV("not_read"));
    json_put_bool(out, "look", count > 0 && remarks[0].look);
    if (ended != NULL && ended->whole) {
        sha256_hex(&ended->digest, hex);
        json_put_int(out, "bytes", ended->bytes);
        json_put(out, "sha256", sv_from(hex));
    }
    if (unread == NULL)
        put_numbers(out, tally);
    strbuf_add_char(out, '}');
}

/* "api.log: read as text", and the remarks, each in a line. */
static void
put_words(struct strbuf *out, const struct file_tally *tally, const struct file_remark *remarks,
          size_t count)
{
    const char *unread = file_tally_unread(tally);
    struct strbuf text;
    strbuf_init(&text, 0);
    strbuf_addf(&text, "%s: ", tally->name);
    if (unread != NULL)
        strbuf_addf(&text, "not read: %s", unread);
    for (size_t i = 0; i < tally->format_count; i++)
        strbuf_addf(&text, "%s%s", i == 0 ? "read as " : ", ", tally->formats[i].name);
    if (unread == NULL && tally->format_count == 0)
        strbuf_add_text(&text, "read, without any event");
    json_put(out, "title", strbuf_view(&text));
    for (size_t i = 0; i < count; i++)
        strbuf_addf(&text, "\n%s", remarks[i].text);
    json_put(out, "text", strbuf_view(&text));
    strbuf_release(&text);
}

static void
put_value(struct manifest *manifest, const struct file_tally *tally,
          const struct assumed_zone *zone, const struct file_ended *ended)
{
    struct strbuf *out = &manifest->value;
    struct file_remark remarks[FILE_REMARKS_MAX];
    size_t count = file_tally_unread(tally) == NULL ? file_remarks(tally, zone, remarks) : 0;
    char hex[SHA256_HEX + 1] = "unread";
    if (ended != NULL && ended->whole)
        sha256_hex(&ended->digest, hex);
    strbuf_add_char(out, '{');
    json_put(out, "kind", SV("manifest"));
    json_put(out, "id", sv_from(hex));
    json_put(out, "source", strbuf_view(&manifest->source));
    put_words(out, tally, remarks, count);
    put_attributes(out, tally, ended, remarks, count);
    strbuf_add_char(out, '}');
}

static void
add_header(struct file_record *record, const char *name, struct sv value)
{
    record->headers[record->header_count++] = (struct header){sv_from(name), value};
}

void
manifest_init(struct manifest *manifest, const struct file_tally *tally,
              const struct assumed_zone *zone, const struct file_ended *ended)
{
    struct sha256 digest;
    *manifest = (struct manifest){.id = ""};
    strbuf_init(&manifest->value, 0);
    strbuf_init(&manifest->source, 0);
    strbuf_addf(&manifest->source, "file:%s", tally->name);
    put_value(manifest, tally, zone, ended);
    sha256_of(manifest->value.ptr, manifest->value.len, &digest);
    sha256_hex(&digest, manifest->id);
    struct sv source = strbuf_view(&manifest->source);
    struct file_record *record = &manifest->record;
    record->key = source;
    record->value = strbuf_view(&manifest->value);
    record->time_ns = TIME_NONE;
    record->name = manifest->source.ptr + strlen("file:");
    add_header(record, HEADER_SOURCE, source);
    add_header(record, HEADER_FILE, sv_from(record->name));
    add_header(record, HEADER_FORMAT, SV("hindcast"));
    add_header(record, HEADER_ID, sv_of(manifest->id, CONTENT_ID_HEX));
}

void
manifest_release(struct manifest *manifest)
{
    strbuf_release(&manifest->value);
    strbuf_release(&manifest->source);
}
