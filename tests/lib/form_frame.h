/*
 * What is left of a draft's form without its texts: the marks and tags that have a meaning there,
 * in their order. It must be the same whatever records say. Written apart from the program's
 * escaping, by the documented grammar of each form.
 */
#ifndef TESTS_LIB_FORM_FRAME_H
#define TESTS_LIB_FORM_FRAME_H

#include "base/strbuf.h"

/* `form`: a name of report/render/writers.def. Adds to `ret_frame`; false: there is no such form.
 */
bool form_frame(const char *form, struct sv shown, struct strbuf *ret_frame);

/* The text that a form shows, read back as the form would; for "confluence", "jira", "slack". */
void form_read(const char *form, struct sv shown, struct strbuf *ret_text);

#endif
