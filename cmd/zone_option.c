/*
 * --zone of the commands that read files: see command_option.h. Main thread.
 */
#include "cmd/command_option.h"

int
command_zones(const struct command_values *values, struct file_zones *ret_zones, struct err *err)
{
    for (size_t i = 0; i < values->count; i++)
        if (file_zones_add(ret_zones, values->list[i], err) != 0)
            return -1;
    return 0;
}
