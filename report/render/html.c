/*
 * Documents as a page: see writer.h; the page itself is report/page/.
 */
#include "report/page/page.h"
#include "report/render/writer.h"

void
write_html(const struct writing *writing, struct strbuf *out)
{
    const struct page_options options = {.stored = writing->stored,
                                         .rest_name = writing->rest_name,
                                         .record = writing->record,
                                         .opaque = writing->opaque,
                                         .activity = writing->activity};
    page_html(writing->document, &options, out);
}
