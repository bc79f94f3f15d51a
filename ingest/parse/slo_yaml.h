/*
 * Definitions of service level objectives in YAML, and whose they are: OpenSLO
 * (https://github.com/OpenSLO/OpenSLO), Pyrra (https://github.com/pyrra-dev/pyrra), Sloth
 * (https://sloth.dev/specs/default/). Pure.
 */
#ifndef INGEST_PARSE_SLO_YAML_H
#define INGEST_PARSE_SLO_YAML_H

#include "base/sv.h"

enum slo_tool {
    SLO_NONE,
    SLO_OPENSLO,
    SLO_PYRRA,
    SLO_SLOTH,
};

/* Whose document it is, by the version that it tells at its first level. */
enum slo_tool slo_yaml_tool(struct sv document);
/* True if one of the documents of the text is anybody's. */
bool slo_yaml_told(struct sv text);

#endif
