/*
 * Names of the fields of flow logs (VPC and transit gateway of AWS, versions 2 to 10): a file
 * begins with a line that names those its lines have, in any order. Used by the loader, which
 * carries that line with every other, and by the decoder. Pure.
 */
#ifndef INGEST_PARSE_FLOW_FIELDS_H
#define INGEST_PARSE_FLOW_FIELDS_H

#include "base/sv.h"

#define FLOW_FIELDS_MAX 96
/* Those that are written where nobody chose. */
#define FLOW_FIELDS_DEFAULT                                                                        \
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "      \
    "start end action log-status"

/*
 * True if the line names fields: words of a-z, digits and '-', with one blank between, most of them
 * known, an address or an interface among them.
 */
bool flow_fields_named(struct sv line);

#endif
