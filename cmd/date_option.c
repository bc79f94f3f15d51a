/*
 * --date of the commands that read files: see command_option.h.
 */
#include "cmd/command_option.h"

int
command_dates(const struct command_values *values, struct file_dates *ret_dates, struct err *err)
{
    int status = 0;
    for (size_t i = 0; i < values->count && status == 0; i++)
        status = file_dates_add(ret_dates, values->list[i], err);
    return status;
}
