/*
 * What the text of a configuration and the options share: private to correlate/. Pure.
 */
#ifndef CORRELATE_SETTINGS_H
#define CORRELATE_SETTINGS_H

#include "base/clock.h"
#include "base/config/option.h"

/* A number of an option in what its setting is kept in: times in milliseconds. */
static inline int64_t
setting_kept(enum option option, int64_t number)
{
    return config_option_type(option) == OPTION_DURATION ? number / NS_PER_MS : number;
}

#endif
