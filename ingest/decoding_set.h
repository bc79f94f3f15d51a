/*
 * A set of decoding options as a text (hindcast/decoding.h): a head; the program and the digest of
 * its own decoders; the options of topic_options.def as they are for all topics, then what single
 * topics have instead, one a line; then the maps, formats of lines and schemas of people
 * (hindcast/format_files.h) by name, with their bytes. In one order, so that what means the same is
 * the same text.
 *
 * The program stands in it because two programs may read one record differently, options and files
 * being the same: only that program decodes by the set. Of two, the one with the later version is
 * the newer; of the same version and other decoders neither is.
 */
#ifndef INGEST_DECODING_SET_H
#define INGEST_DECODING_SET_H

#include "base/config/config.h"
#include "base/sha256.h"
#include "base/strbuf.h"
#include "hindcast/format_files.h"

#define DECODING_PROGRAM_TEXT (64 + SHA256_HEX) /* room for its line */

/* What the files of this process say. */
struct own_decoding {
    const struct config *config;
    struct format_files files;
};

/* The program that a set is of, as this one sees it. */
enum program_order {
    PROGRAM_SAME,
    PROGRAM_OLDER,
    PROGRAM_NEWER,
    PROGRAM_OTHER,   /* of this version, with other decoders */
    PROGRAM_UNKNOWN, /* the text does not begin as those of this program do */
};

/* Reads the folders that the configuration names. */
int own_decoding_read(const struct config *config, struct own_decoding *ret_own,
                      struct err *err) MUST_CHECK;
void own_decoding_release(struct own_decoding *own);
/* Both at once, for who only wants the text, which is added to *out, and its digest. */
int own_decoding_text(const struct config *config, struct strbuf *out, char ret_hex[SHA256_HEX + 1],
                      struct err *err) MUST_CHECK;

/* CONFIG on a value that has no line of its own, LIMIT beyond DECODING_BYTES_MAX. */
int
decoding_set_write(const struct own_decoding *own, struct strbuf *out, struct err *err) MUST_CHECK;
/*
 * A configuration with the options of such a text, all others as they are by default; its files are
 * added to *files. CONFIG on anything else, whoever wrote it.
 */
int decoding_set_parse(struct sv content, struct config **ret_config, struct format_files *files,
                       struct err *err) MUST_CHECK;

/* The line of this program. */
void decoding_set_program(char ret_line[DECODING_PROGRAM_TEXT]);
enum program_order decoding_set_order(struct sv content);
/* "0.1.0", "?" where it has none; points into the content. */
struct sv decoding_set_version(struct sv content);
/* Where the sets of one program differ, for people: "the options scope, shop.format". */
void decoding_set_differences(struct sv own, struct sv applied, struct strbuf *out);

#endif
