/*
 * The head of a page: see parts.h.
 */
#include "report/page/parts.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/embedded.h"
#include "base/sha256.h"
#include "base/text/escape.h"

static void
add_base64(struct strbuf *out, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        uint32_t three = (uint32_t)bytes[i] << 16;
        three |= i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0;
        three |= i + 2 < len ? bytes[i + 2] : 0;
        for (size_t k = 0; k < 4; k++)
            strbuf_add_char(out, i + k > len ? '=' : digits[three >> (18 - 6 * k) & 63]);
    }
}

static void
add_styles(struct strbuf *styles)
{
    static const char *const names[] = {"chart.css", "page.css"};
    for (size_t i = 0; i < 2; i++) {
        const struct embedded_file *file = embedded_find(embedded_pages, names[i]);
        if (file != NULL)
            strbuf_add(styles, file->text, file->size);
    }
}

void
page_head(struct strbuf *out, struct sv title)
{
    struct strbuf styles;
    struct sha256 digest;
    strbuf_init(&styles, 0);
    add_styles(&styles);
    sha256_of(styles.ptr, styles.len, &digest);
    strbuf_add_text(out,
                    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "style-src 'sha256-");
    add_base64(out, digest.bytes, sizeof(digest.bytes));
    strbuf_add_text(out, "'; base-uri 'none'; form-action 'none'\">\n"
                         "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    escape_html(out, title);
    strbuf_add_text(out, "</title>\n<style>");
    strbuf_add_sv(out, strbuf_view(&styles));
    strbuf_add_text(out, "</style>\n</head>\n");
    strbuf_release(&styles);
}

void
page_time(struct strbuf *out, int64_t ns, size_t from, size_t to)
{
    char text[TIME_TEXT], shown[TIME_TEXT];
    time_format(ns, text);
    snprintf(shown, sizeof(shown), "%s", text);
    shown[10] = ' ';
    strbuf_addf(out, "<time datetime=\"%s\">%.*s</time>", text, (int)(to - from), shown + from);
}
