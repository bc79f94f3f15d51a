/*
 * docs/formats.md from the registry of decoders: see formats_page.h.
 */
#include "app/formats_page.h"

#include <stdio.h>

#include "base/strbuf.h"
#include "base/text/visible.h"
#include "hindcast/decoder.h"

/* A '|' would end the cell, in code too. */
static void
add_signs(struct strbuf *out, const struct decoder_info *info)
{
    if (info->signs != NULL) {
        strbuf_add_char(out, '`');
        for (const char *at = info->signs; *at != '\0'; at++)
            if (*at == ';')
                strbuf_add_text(out, "`; `");
            else if (*at == '|')
                strbuf_add_text(out, "\\|");
            else if (*at != ' ' || at[-1] != ';')
                strbuf_add_char(out, *at);
        strbuf_add_char(out, '`');
    }
    if (info->header != NULL)
        strbuf_addf(out, "%sheader `%s`", info->signs != NULL ? "; " : "", info->header);
    if (info->first != NULL)
        strbuf_addf(out, "text that begins with one of `%s`", info->first);
    else if (out->len == 0)
        strbuf_add_text(out, "all of its form");
}

static void
print_claims(void)
{
    fputs(
        "\n## Who is asked\n\n"
        "A decoder bids on what has one of its signs, with `;` between them: fields that must all\n"
        "be there (`\\|` between those of which one will do, `=` before what one must say), a\n"
        "header, or the first byte of a text. *Identity* is the namespace of the names that a\n"
        "decoder gives to events; it stays when a format gets another name.\n\n"
        "| Name | Identity | Highest bid | Asked about |\n"
        "|---|---|---|---|\n",
        stdout);
    for (size_t i = 0; i < decoder_count(); i++) {
        const struct decoder_info *info = decoder_info_at(i);
        struct strbuf signs;
        strbuf_init(&signs, 0);
        add_signs(&signs, info);
        visible_line(stdout, "| `%s` | `%s` | %d | " SV_FMT " |", info->name, info->identity,
                     info->highest, SV_ARG(strbuf_view(&signs)));
        strbuf_release(&signs);
    }
}

void
formats_print_page(void)
{
    fputs(
        "# Formats\n\n"
        "<!-- Written by `make docs` from the entries of the decoders; do not edit. -->\n\n"
        "A record's format is found from its bytes and headers: the decoders that find a sign in\n"
        "it bid, the highest bid decodes, and equal bids go to the earlier row. The configuration\n"
        "of a topic or the record header `hindcast-format` can fix the format by its name.\n\n"
        "| Name | What | Kinds of events | What identifies one | Described in |\n"
        "|---|---|---|---|---|\n",
        stdout);
    for (size_t i = 0; i < decoder_count(); i++) {
        const struct decoder_info *info = decoder_info_at(i);
        visible_line(stdout, "| `%s` | %s | %s | %s | %s |", info->name, info->title, info->kinds,
                     info->identified_by, info->reference);
    }
    fputs("\nWhat identifies decides which deliveries are one event, see "
          "[delivery.md](delivery.md).\n"
          "*Native* identities of log lines count only where the topic says `dedup = native`.\n",
          stdout);
    print_claims();
    fputs(
        "\nBefore the bids, frames are opened: gzip and zlib (up to the limits of\n"
        "[operations.md](operations.md)), base64 of JSON or gzip, a byte order mark, the frame of\n"
        "a schema registry (a zero, an id of four bytes, or of eight): what follows is JSON, or\n"
        "Avro or Protocol Buffers whose schema is in the folder `ingest.schemas` as `ID.avsc` or\n"
        "`ID.desc` (a descriptor set with its imports; anything may stand between, as in\n"
        "`17-orders-value.avsc`). It is read as the JSON that it stands for. Without its schema a\n"
        "value goes to quarantine under `schema_registry`, and `hindcast ingest --redecode` reads\n"
        "it once the file is there. Opened is also what wraps log lines by the million: a JSON\n"
        "object kept as text in `message` by an HTTP source or a log shipper, Docker's json-file,\n"
        "the `name | ` of compose. Envelopes that are in the table hand what they hold to\n"
        "detection again, also where the format of a topic is fixed: the format is that of what\n"
        "is inside, and the envelope's name stands for what only a general reader could read.\n"
        "What the inner record lacks comes from the envelope. An object that says nothing itself\n"
        "and holds a list of records, or one in a member that is named for it (`payload`, `body`,\n"
        "`_source`), is opened when somebody bids on what it holds (`json_wrapper`).\n"
        "A record may hold a JSON array, one JSON object per line, or several one after the "
        "other:\n"
        "each element is decoded by itself, and one that cannot be read, in such a list or among\n"
        "the alerts of a webhook, is kept as a log event with its text and the reason "
        "(`not_read`,\n"
        "`why`).\n\n"
        "JSON that no decoder knows is read by the words of its keys, in any spelling and at any\n"
        "depth (`lastReceived`, `AlarmState`, `service.name`): a time, a severity where it is a\n"
        "word, title, message, service, host, actor and address, and whether it is an alert, a\n"
        "change, a message of a chat or a log line, with what happened to it where a state says\n"
        "so. Objects that ride along (`user`, `repository`) are not taken for what happened. What\n"
        "has neither a time nor words is a log event whose body is the JSON.\n\n"
        "What no decoder knows but people can read becomes a `text` log line; bytes that are not\n"
        "text go to quarantine with a reason.\n"
        "\n## Headers\n\n"
        "Producers may say in `hindcast-format`, `hindcast-service`, `hindcast-host`,\n"
        "`hindcast-source` and `hindcast-time` what a record does not; CloudEvents has a mode of\n"
        "headers, and `X-GitHub-Delivery` names a delivery. Where a topic's producers send no\n"
        "headers, `headers = no` saves asking for them ([performance.md](performance.md)):\n"
        "whatever stands in headers then says nothing about a record. Evidence keeps them all\n"
        "the same.\n",
        stdout);
}
