/*
 * A line that a container runtime wrote on a Kubernetes node: "TIME stream TAG text". TAG is F for
 * the end of a line of the program and P for a piece of one that goes on, on the same stream. Pure.
 */
#ifndef INGEST_PARSE_CRI_LINE_H
#define INGEST_PARSE_CRI_LINE_H

#include "base/sv.h"

struct cri_piece {
    struct sv time, stream, text;
    bool ends; /* the line of the program, with this piece */
};

static inline bool
cri_read(struct sv line, struct cri_piece *ret_piece)
{
    struct sv rest = line, tag;
    struct cri_piece piece;
    if (line.len < 30 || line.ptr[10] != 'T' || line.ptr[13] != ':' ||
        !sv_split(&rest, ' ', &piece.time) || piece.time.len < 20 || piece.time.len > 35 ||
        !sv_split(&rest, ' ', &piece.stream) || rest.ptr == NULL ||
        !(sv_eq(piece.stream, SV("stdout")) || sv_eq(piece.stream, SV("stderr"))))
        return false;
    struct sv text = rest;
    sv_split(&rest, ' ', &tag);
    if (sv_empty(tag) || (tag.ptr[0] != 'F' && tag.ptr[0] != 'P') ||
        (tag.len > 1 && tag.ptr[1] != ':'))
        return false;
    piece.ends = tag.ptr[0] == 'F';
    piece.text = sv_slice(text, tag.len + 1, text.len);
    *ret_piece = piece;
    return true;
}

#endif
