/*
 * The version of this program, as --version, metrics and exports name it.
 */
#ifndef HINDCAST_VERSION_H
#define HINDCAST_VERSION_H

#define HINDCAST_VERSION "0.1.0"

#endif
