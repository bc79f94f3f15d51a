/*
 * Drafts in files: see converted.h.
 */
#include "app/converted.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/document.h"
#include "app/draft_files.h"
#include "app/infile.h"
#include "app/outfile.h"
#include "app/output.h"
#include "base/text/utf8.h"
#include "report/render/convert.h"

bool
converted_find(const char *operand, enum report_kind kind, char ret_path[PATH_MAX])
{
    const char *name = kind == REPORT_summary       ? DRAFT_SUMMARY
                       : kind == REPORT_facilitator ? DRAFT_SHEET
                                                    : DRAFT_DOCUMENT;
    struct stat status;
    size_t length = strlen(operand);
    bool is_folder = stat(operand, &status) == 0 && S_ISDIR(status.st_mode);
    if (is_folder)
        return snprintf(ret_path, PATH_MAX, "%s/%s", operand, name) < PATH_MAX &&
               stat(ret_path, &status) == 0;
    return length > 3 && strcmp(operand + length - 3, ".md") == 0 &&
           snprintf(ret_path, PATH_MAX, "%s", operand) < PATH_MAX;
}

static int
convert(const char *path, const struct strbuf *text, const struct document_writer *writer,
        struct strbuf *out, struct err *err)
{
    if (!utf8_storable(strbuf_view(text)))
        return err_set(err, ERR_BAD_DATA, "%s is not UTF-8 text", path);
    if (convert_markdown(strbuf_view(text), writer, out))
        return 0;
    err_set(err, ERR_USAGE, "the form %s is made from records, not from a draft in a file",
            writer->name);
    return err_hint(err, "'hindcast report INCIDENT --format FORM' asks the database; 'hindcast "
                         "draft --format FORM' writes it beside the draft");
}

int
converted_write(const char *path, const struct document_writer *writer, const char *out,
                struct err *err)
{
    struct strbuf text, form;
    bool there;
    strbuf_init(&text, DOCUMENT_BYTES_MAX);
    strbuf_init(&form, 4 * DOCUMENT_BYTES_MAX);
    int status = infile_read(path, &text, &there, err);
    if (status == 0 && !there)
        status = err_set(err, ERR_NOT_FOUND, "there is no draft %s", path);
    if (status == 0)
        status = convert(path, &text, writer, &form, err);
    if (status == 0)
        status = out == NULL ? output_buffer(&form, "the draft", err)
                             : outfile_write_draft(out, &form, err);
    strbuf_release(&text);
    strbuf_release(&form);
    return status;
}
