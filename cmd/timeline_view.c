/*
 * Options of `hindcast timeline`: see timeline_view.h.
 */
#include "cmd/timeline_view.h"

#include "app/output.h"
#include "cmd/command.h"

static int
read_options(const char *format, const char *width, struct render_options *ret_options,
             struct err *err)
{
    struct render_options shown = {.least = SIGNIFICANCE_FULL};
    if (format != NULL && render_format_read(format, &shown.format, err) != 0)
        return -1;
    if (shown.format == RENDER_TEXT || shown.format == RENDER_MARKDOWN)
        shown.least = SIGNIFICANCE_STANDARD;
    if (width != NULL && render_width_read(width, &shown.least, err) != 0)
        return -1;
    shown.columns = output_columns();
    *ret_options = shown;
    return 0;
}

int
timeline_view_read(const struct timeline_arguments *arguments, struct view_options *ret_options,
                   struct err *err)
{
    bool svg = command_word(arguments->format, "svg");
    bool text = arguments->format == NULL || command_word(arguments->format, "text");
    ret_options->view = arguments->chart ? VIEW_BLOCKS : svg ? VIEW_SVG : VIEW_ROWS;
    if (arguments->chart && !text)
        return err_set(err, ERR_USAGE, "--chart is for a terminal, in no other format than text");
    if (arguments->style != NULL && !arguments->chart)
        return err_set(err, ERR_USAGE, "--style is for --chart");
    if (arguments->revision != NULL && arguments->as_of != NULL)
        return err_set(err, ERR_USAGE, "--revision or --as-of, not both");
    if (ret_options->view != VIEW_ROWS && (arguments->revision != NULL || arguments->as_of != NULL))
        return err_set(err, ERR_USAGE,
                       "charts show what is now: log lines of earlier revisions are "
                       "not kept");
    if (chart_view_read(arguments->style, &ret_options->blocks, err) != 0)
        return -1;
    return read_options(svg ? NULL : arguments->format, arguments->width, &ret_options->rows, err);
}
