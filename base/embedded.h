/*
 * Files compiled into the program: SQL, data tables, scripts. scripts/embed writes the arrays; each
 * ends with a row whose name is NULL. `name` is the file's base name.
 */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *name;
    const char *text; /* terminated; may hold any UTF-8 */
    size_t size;      /* without the terminator */
};

/* One symbol for each folder that is embedded (see EMBED in the Makefile). */
extern const struct embedded_file embedded_migrations[]; /* sql/migrations, in order of name */
extern const struct embedded_file embedded_queries[];    /* sql/queries */
extern const struct embedded_file embedded_rules[];      /* correlate/rules */
extern const struct embedded_file embedded_templates[];  /* report/templates */
extern const struct embedded_file embedded_pages[];      /* report/page: styles */
extern const struct embedded_file embedded_lint[];       /* report/lint: rules */
extern const struct embedded_file embedded_reasons[];    /* report/why: reasons.tsv */
extern const struct embedded_file
    embedded_redaction[]; /* report/redact: default.ini, detectors.tsv */
extern const struct embedded_file embedded_scripts[];    /* scripts/postgres */
extern const struct embedded_file embedded_help[];       /* cmd/help: what --help and man say */
extern const struct embedded_file embedded_completion[]; /* cmd/manual/complete.bash */
extern const struct embedded_file embedded_demo[];       /* app/demo: the bundled incident */
extern const struct embedded_file embedded_foreign[];    /* app/foreign.tsv: format, record */
extern const struct embedded_file embedded_maps[];       /* ingest/decode/maps: *.map */
extern const struct embedded_file embedded_lines[];      /* ingest/decode/lines: *.lines */

/* The file of this name, or NULL. */
const struct embedded_file *embedded_find(const struct embedded_file *files, const char *name);

#endif
