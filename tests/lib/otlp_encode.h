/*
 * OpenTelemetry's JSON as Protocol Buffers: the other encoding of the same export, for tests that
 * compare what both decode to. Written after the published numbers of fields, apart from the
 * reader.
 */
#ifndef TESTS_OTLP_ENCODE_H
#define TESTS_OTLP_ENCODE_H

#include <jansson.h>

#include "base/strbuf.h"

/* `export` has keys in lowerCamelCase; what is not known to the encoder is left out. */
void otlp_encode(const json_t *export, struct strbuf *out);

#endif
