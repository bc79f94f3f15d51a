/*
 * The formats that are read, from the registry of decoders: for people and for programs. Any
 * thread; touches no server.
 */
#ifndef APP_FORMATS_LIST_H
#define APP_FORMATS_LIST_H

#include "base/strbuf.h"

/* A table, its head in the style of heads. */
void formats_list_text(struct strbuf *out);
/* One JSON object a line. */
void formats_list_json(struct strbuf *out);

#endif
