/*
 * The list of formats: see formats_list.h.
 */
#include "app/formats_list.h"

#include "base/text/json_writer.h"
#include "hindcast/decoder.h"
#include "report/render/style.h"

void
formats_list_text(struct strbuf *out)
{
    strbuf_addf(out, "%s%-18s %-13s %3s  %-36s %s%s\n", render_style_on(STYLE_HEAD), "FORMAT",
                "IDENTITY", "BID", "KINDS", "WHAT", render_style_off(STYLE_HEAD));
    for (size_t i = 0; i < decoder_count(); i++) {
        const struct decoder_info *info = decoder_info_at(i);
        strbuf_addf(out, "%-18s %-13s %3d  %-36s %s\n", info->name, info->identity, info->highest,
                    info->kinds, info->title);
    }
}

/* null where a decoder has none. */
static struct sv
text_of(const char *text)
{
    return text == NULL ? SV_NONE : sv_from(text);
}

void
formats_list_json(struct strbuf *out)
{
    for (size_t i = 0; i < decoder_count(); i++) {
        const struct decoder_info *info = decoder_info_at(i);
        strbuf_add_char(out, '{');
        json_put(out, "format", sv_from(info->name));
        json_put(out, "identity", text_of(info->identity));
        json_put_int(out, "highest_bid", info->highest);
        json_put(out, "kinds", text_of(info->kinds));
        json_put(out, "title", text_of(info->title));
        json_put(out, "signs", text_of(info->signs));
        json_put(out, "header", text_of(info->header));
        json_put(out, "first", text_of(info->first));
        json_put(out, "reference", text_of(info->reference));
        strbuf_add_text(out, "}\n");
    }
}
