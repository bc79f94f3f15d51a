/*
 * Words of Markdown: see inline.h.
 */
#include "report/render/inline.h"

#include <ctype.h>
#include <string.h>

#include "base/text/escape.h"

struct words {
    const struct markup *markup;
    struct footnotes *footnotes;
    struct strbuf *out;
    struct strbuf plain; /* text that was not written yet */
};

static void
flush(struct words *words)
{
    if (words->plain.len > 0)
        words->markup->text(words->out, strbuf_view(&words->plain));
    strbuf_clear(&words->plain);
}

/* Where `mark` stands in the text from `at` on; SIZE_MAX: nowhere. */
static size_t
find_mark(struct sv text, size_t at, const char *mark)
{
    size_t found = sv_find(sv_slice(text, at, text.len), sv_from(mark));
    return found == SIZE_MAX ? SIZE_MAX : at + found;
}

/* Each of these returns how many bytes it took, 0: there is no such thing here. */

static size_t
take_escape(struct words *words, struct sv text)
{
    static const struct {
        const char *written, *meant;
    } entities[] = {{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", "\""}};
    if (text.ptr[0] == '\\' && text.len > 1 && ispunct((unsigned char)text.ptr[1])) {
        strbuf_add_char(&words->plain, text.ptr[1]);
        return 2;
    }
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
        if (sv_starts(text, sv_from(entities[i].written))) {
            strbuf_add_text(&words->plain, entities[i].meant);
            return strlen(entities[i].written);
        }
    return 0;
}

static size_t
take_code(struct words *words, struct sv text)
{
    size_t end = text.ptr[0] == '`' ? find_mark(text, 1, "`") : SIZE_MAX;
    if (end == SIZE_MAX || end == 1)
        return 0;
    flush(words);
    strbuf_add_text(words->out, words->markup->code.open);
    words->markup->text(words->out, sv_slice(text, 1, end));
    strbuf_add_text(words->out, words->markup->code.close);
    return end + 1;
}

static size_t
take_strong(struct words *words, struct sv text)
{
    size_t end = sv_starts(text, SV("**")) ? find_mark(text, 2, "**") : SIZE_MAX;
    if (end == SIZE_MAX || end == 2)
        return 0;
    flush(words);
    strbuf_add_text(words->out, words->markup->strong.open);
    inline_put(words->markup, words->footnotes, sv_slice(text, 2, end), words->out);
    strbuf_add_text(words->out, words->markup->strong.close);
    return end + 2;
}

static size_t
take_cite(struct words *words, struct sv text)
{
    struct footnotes *footnotes = words->footnotes;
    size_t end = sv_starts(text, SV("[^")) ? find_mark(text, 2, "]") : SIZE_MAX;
    if (end == SIZE_MAX)
        return 0;
    for (size_t i = 0; i < footnotes->count; i++) {
        struct footnote *footnote = &footnotes->at[i];
        if (!sv_eq(footnote->label, sv_slice(text, 2, end)))
            continue;
        if (footnote->number == 0)
            footnote->number = ++footnotes->cited;
        flush(words);
        words->markup->cite(words->out, footnote->number);
        return end + 1;
    }
    return 0;
}

/* "<https://...>", and "[words](https://...)" as words and, in brackets, the address. */
static size_t
take_link(struct words *words, struct sv text)
{
    bool bare = text.ptr[0] == '<';
    size_t middle = text.ptr[0] == '[' ? find_mark(text, 1, "](") : SIZE_MAX;
    size_t from = bare ? 1 : middle == SIZE_MAX ? SIZE_MAX : middle + 2;
    size_t end = from == SIZE_MAX ? SIZE_MAX : find_mark(text, from, bare ? ">" : ")");
    if (end == SIZE_MAX || !escape_is_link(sv_slice(text, from, end)))
        return 0;
    if (!bare) {
        flush(words);
        inline_put(words->markup, words->footnotes, sv_slice(text, 1, middle), words->out);
        strbuf_add_text(&words->plain, " (");
    }
    flush(words);
    words->markup->link(words->out, sv_slice(text, from, end));
    strbuf_add_text(&words->plain, bare ? "" : ")");
    return end + 1;
}

void
inline_put(const struct markup *markup, struct footnotes *footnotes, struct sv text,
           struct strbuf *out)
{
    static size_t (*const takes[])(struct words *, struct sv) = {take_escape, take_code,
                                                                 take_strong, take_cite, take_link};
    struct words words = {.markup = markup, .footnotes = footnotes, .out = out};
    strbuf_init(&words.plain, 0);
    while (text.len > 0) {
        size_t taken = 0;
        for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]) && taken == 0; i++)
            taken = takes[i](&words, text);
        if (taken == 0)
            strbuf_add_char(&words.plain, text.ptr[taken++]);
        text = sv_slice(text, taken, text.len);
    }
    flush(&words);
    strbuf_release(&words.plain);
}
