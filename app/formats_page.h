/*
 * The page docs/formats.md, written from the registry of decoders. Main thread; touches no server.
 */
#ifndef APP_FORMATS_PAGE_H
#define APP_FORMATS_PAGE_H

/* Prints the whole page on stdout. */
void formats_print_page(void);

#endif
