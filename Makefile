# hindcast. `make help` lists the targets; CONTRIBUTING.md explains them.
# Everything is built below build/; BUILD=dir and MODE=release|debug|asan choose where and how.

MODE    ?= release
BUILD   ?= build/$(MODE)
CC      ?= gcc
PREFIX  ?= /usr/local
DESTDIR ?=

PACKAGES := rdkafka libpq jansson libpcre2-8 liblz4 libcrypto libarchive zlib liblzma libzstd libmicrohttpd libutf8proc
WARNINGS := -Wall -Wextra -Werror -Wconversion -Wsign-conversion -Wshadow -Wswitch-enum -Wvla \
            -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith -Wundef -Wformat=2 \
            -Wwrite-strings -Wno-format-nonliteral -Wno-overlength-strings
HARDEN   := -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
LINKHARD := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack

# Small functions of base/ are called from the hot loops of other rooms: gcc joins them at the link.
LTO      := $(if $(findstring gcc,$(notdir $(CC))),-flto=auto)
AR       := $(if $(LTO),gcc-ar,ar)

ifeq ($(MODE),release)
  OPTIMISE := -O2 -g -D_FORTIFY_SOURCE=2 $(LTO)
else ifeq ($(MODE),debug)
  OPTIMISE := -Og -g3 -DHINDCAST_FAILPOINTS
else ifeq ($(MODE),asan)
  OPTIMISE := -O1 -g3 -DHINDCAST_FAILPOINTS -fsanitize=address,undefined -fno-sanitize-recover=undefined \
              -fno-omit-frame-pointer
else
  $(error MODE must be release, debug or asan)
endif

# Asked for only when something is compiled: `make help` and `make demo` run on a bare machine.
PKG_CFLAGS = $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS   = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -linih -lbz2 -lpthread -lm
CFLAGS_ALL = -std=gnu17 -D_GNU_SOURCE -I. -Iinclude -I$(BUILD) $(OPTIMISE) $(HARDEN) $(WARNINGS) \
             $(PKG_CFLAGS) -MMD -MP $(CFLAGS)

ROOMS   := base ingest store correlate report app observe cmd
SOURCES := $(sort $(shell find $(ROOMS) -name '*.c'))
EMBEDS  := migrations queries rules pages redaction templates scripts demo help completion maps lines foreign lint reasons
EMBEDC  := $(EMBEDS:%=$(BUILD)/embedded/%.c)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(EMBEDC:.c=.o)
LIBRARY := $(BUILD)/libhindcast.a
PROGRAM := $(BUILD)/hindcast
LIBOBJS := $(filter-out $(BUILD)/cmd/main.o,$(OBJECTS))

UNIT_SOURCES := $(sort $(wildcard tests/unit/*/*.c tests/golden/*.c))
# What scripts among the unit tests run.
UNIT_HELPERS := tests/calibration/group.c tests/calibration/tell.c
SQL_SOURCES  := $(sort $(wildcard tests/sql/*.c))
IT_SOURCES   := $(sort $(wildcard tests/it/*.c))
CRASH        := $(BUILD)/tests/crash/main
CRASH_PARTS  := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/crash/main.c,$(wildcard tests/crash/*.c)))
TESTLIB      := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/lib/*.c)))
tests_of      = $(patsubst %.c,$(BUILD)/%,$(1))
SCRIPTED     := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/lib/scripted/*.c))
FUZZERS      := $(sort $(wildcard tests/fuzz/*.c))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: help all demo test test-unit test-sql test-it test-crash test-merge lint format asan race look fuzz bench bench-correlate bench-decode bench-documents bench-groups bench-queries bench-readers bench-rebuild replay \
        install uninstall clean accept docs setup-demo setup-test setup-bench setup-lint setup-dev setup-page

help: ## list the targets
	@echo 'make demo    builds hindcast and drafts the postmortem of a bundled incident'
	@echo 'make test    runs all tests against a real PostgreSQL and a real Apache Kafka'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

all: $(PROGRAM) ## build the program into build/release/hindcast

setup-demo setup-test setup-bench setup-lint setup-dev setup-page:
	@scripts/setup $(@:setup-%=%)

demo: setup-demo ## build, then draft the postmortem of a bundled incident (needs no servers)
	@$(MAKE) --no-print-directory -j2 all
	@$(PROGRAM) draft --demo

test: setup-test ## all tests; installs and starts what they need
	@rm -rf build/test-results build/test-logs
	@$(MAKE) --no-print-directory -j2 MODE=debug tests
	@-$(MAKE) --no-print-directory -k MODE=debug run-unit run-lint run-sql run-it
	@scripts/test-summary

# How many test programs run at once. Those with servers wait most of the time, each on a database and topics of
# its own. Each stage begins with what takes longest; what measures how soon something ends, or sees what all
# databases share, follows alone.
UNIT_JOBS  ?= $(shell nproc 2>/dev/null || echo 1)
SQL_JOBS   ?= 2
IT_JOBS    ?= 3
UNIT_LONG  := report/writers_test kafka.sh bids_test report/merge_property_test decode_test
SQL_LONG   := extremes_test locks_test
SQL_ALONE  := catalogue_test logins_test analyst_logins_test.sh
IT_LONG    := ingest_test order_test.sh crash_test.sh vanished_test draft_refresh_test.sh draft_test.sh
IT_ALONE   := stop_test hang_test.sh pressure_test
long_first  = $(foreach name,$(1),$(filter %/$(name),$(2))) $(filter-out $(addprefix %/,$(1)),$(2))

.PHONY: tests run-unit run-lint run-sql run-it
tests: $(PROGRAM) $(CRASH) $(call tests_of,$(UNIT_SOURCES) $(UNIT_HELPERS) $(SQL_SOURCES) $(IT_SOURCES))
run-unit:
	@HINDCAST=$(PROGRAM) scripts/run-tests --jobs $(UNIT_JOBS) unit $(call long_first,$(UNIT_LONG),\
	    $(call tests_of,$(UNIT_SOURCES)) $(sort $(wildcard tests/unit/*/*.sh tests/scripts/*.sh)))
# Rules of the code, counted like tests. What takes clang's programs is for `make lint` and CI.
RULES     ?= layers circles reasons
RULES_ALL := layers circles reasons format tidy release
run-lint:
	@HINDCAST=$(PROGRAM) scripts/run-tests --timeout 1500 lint $(RULES:%=tests/lint/%.sh)
run-sql:
	@HINDCAST=$(PROGRAM) scripts/with-servers postgres scripts/run-tests --jobs $(SQL_JOBS) \
	    --alone '$(SQL_ALONE)' sql $(call long_first,$(SQL_LONG),\
	    $(call tests_of,$(SQL_SOURCES)) $(sort $(wildcard tests/sql/*.sh)))
run-it:
	@HINDCAST=$(PROGRAM) scripts/with-servers postgres,kafka scripts/run-tests --jobs $(IT_JOBS) \
	    --alone '$(IT_ALONE)' it $(call long_first,$(IT_LONG),\
	    $(call tests_of,$(IT_SOURCES)) $(sort $(wildcard tests/it/*.sh)))

test-unit: setup-test ## unit and golden tests only, without servers
	@rm -rf build/test-results
	@$(MAKE) --no-print-directory -j2 MODE=debug build/debug/hindcast \
	    $(patsubst %.c,build/debug/%,$(UNIT_SOURCES) $(UNIT_HELPERS))
	@$(MAKE) --no-print-directory MODE=debug run-unit; scripts/test-summary

test-sql: setup-test ## tests against a private PostgreSQL
	@rm -rf build/test-results
	@$(MAKE) --no-print-directory -j2 MODE=debug tests
	@$(MAKE) --no-print-directory MODE=debug run-sql; scripts/test-summary

test-it: setup-test ## tests against PostgreSQL and Kafka
	@rm -rf build/test-results
	@$(MAKE) --no-print-directory -j2 MODE=debug tests
	@$(MAKE) --no-print-directory MODE=debug run-it; scripts/test-summary

test-crash: setup-test ## seeded crashes against servers of its own: RUNS=N (100) SEED=S (1)
	@$(MAKE) --no-print-directory -j2 MODE=debug build/debug/hindcast build/debug/tests/crash/main
	@HINDCAST=build/debug/hindcast tests/crash/run build/debug/tests/crash/main \
	    --runs $(or $(RUNS),100) --seed $(or $(SEED),1) $(CRASH_ARGS)

test-merge: setup-test ## edits of drafts by chance, merged with newer ones: RUNS=N (20000)
	@$(MAKE) --no-print-directory -j2 MODE=release build/release/tests/unit/report/merge_property_test
	@HINDCAST_MERGE_RUNS=$(or $(RUNS),20000) build/release/tests/unit/report/merge_property_test

.PHONY: test-groups
test-groups: setup-test ## groups by what changed against those of the whole: RUNS=N (2000) seeded worlds from SEED=S (1) on
	@$(MAKE) --no-print-directory -j2 MODE=debug build/debug/tests/unit/correlate/incremental_test
	@RUNS=$(or $(RUNS),2000) SEED=$(or $(SEED),1) build/debug/tests/unit/correlate/incremental_test

.PHONY: test-parts
test-parts: setup-test ## what is new, correlated alone, against the whole: RUNS=N (100) worlds from SEED=S (1) on, or REPLAY=FILE
	@$(MAKE) --no-print-directory -j2 MODE=debug build/debug/hindcast build/debug/tests/sql/advance_test build/debug/tests/sql/part_feed_test
	@HINDCAST=build/debug/hindcast RUNS=$(or $(RUNS),100) SEED=$(or $(SEED),1) $(if $(REPLAY),REPLAY=$(REPLAY)) \
	    $(if $(KEEP),KEEP=$(KEEP)) scripts/with-servers postgres build/debug/tests/sql/advance_test
	@$(if $(REPLAY),:,HINDCAST=$(CURDIR)/build/debug/hindcast RUNS=$(or $(FEEDS),10) SEED=$(or $(SEED),1) \
	    scripts/with-servers postgres build/debug/tests/sql/part_feed_test)

.PHONY: test-order
test-order: setup-test ## one timeline whatever the order: RUNS=N (200) seeded runs from SEED=S (1) on
	@$(MAKE) --no-print-directory -j2 MODE=debug build/debug/hindcast
	@HINDCAST=build/debug/hindcast RUNS=$(or $(RUNS),200) SEED=$(or $(SEED),1) \
	    scripts/with-servers postgres,kafka sh tests/it/order_test.sh

lint: setup-lint ## layers, circles, format, clang-tidy, the release build: the rules of the code
	@rm -rf build/test-results
	@$(MAKE) --no-print-directory -j2 MODE=debug all
	@TIDY_NODES=225000 $(MAKE) --no-print-directory MODE=debug RULES='$(RULES_ALL)' run-lint; scripts/test-summary

format: setup-lint ## let clang-format rewrite the sources
	@clang-format -i $$(git ls-files '*.c' '*.h')

asan: setup-test ## unit tests under AddressSanitizer and UBSan
	@rm -rf build/test-results
	@$(MAKE) --no-print-directory -j2 MODE=asan build/asan/hindcast $(patsubst %.c,build/asan/%,$(UNIT_SOURCES) $(UNIT_HELPERS))
	@$(MAKE) --no-print-directory MODE=asan run-unit; scripts/test-summary

race: setup-dev ## data races: ingest and correlate under helgrind
	@$(MAKE) --no-print-directory -j2 MODE=debug build/debug/hindcast build/debug/tests/bench/send_records
	@HINDCAST=build/debug/hindcast scripts/with-servers postgres,kafka tests/race/run

look: setup-page ## the demo's page in Chromium: beside kept pictures (ACCEPT=1 renews), contrast, keyboard, axe
	@$(MAKE) --no-print-directory -j2 all
	@HINDCAST=$(PROGRAM) ACCEPT=$(ACCEPT) tests/page/run

fuzz: setup-dev ## libFuzzer, one target per decoder, FUZZ_SECONDS each (default 20)
	@tests/fuzz/run $(or $(FUZZ_SECONDS),20)

bench: setup-bench ## measure ratios side by side; writes build/bench/*.json
	@$(MAKE) --no-print-directory -j2 all
	@HINDCAST=$(PROGRAM) tests/bench/run
	@HINDCAST=$(PROGRAM) tests/bench/run readers
	@HINDCAST=$(PROGRAM) tests/bench/run documents
	@HINDCAST=$(PROGRAM) tests/bench/run groups
	@HINDCAST=$(PROGRAM) tests/bench/run correlate
	@HINDCAST=$(PROGRAM) tests/bench/run correlators
	@HINDCAST=$(PROGRAM) tests/bench/run rebuild

bench-readers: setup-test ## the rate of ingest beside 8 analysts against its rate alone
	@$(MAKE) --no-print-directory -j2 all
	@HINDCAST=$(PROGRAM) tests/bench/run readers

bench-documents: setup-test ## CPU and memory of each document of an incident of BENCH_ROWS (100000) rows
	@$(MAKE) --no-print-directory -j2 all
	@HINDCAST=$(PROGRAM) tests/bench/run documents

bench-groups: setup-test ## what one more alert costs among kept groups of BENCH_NODES (10000 100000 1000000) nodes
	@$(MAKE) --no-print-directory -j2 all
	@HINDCAST=$(PROGRAM) tests/bench/run groups

bench-correlate: setup-test ## what one new alert costs in histories of BENCH_EVENTS (10000 100000), what lines and storms cost
	@$(MAKE) --no-print-directory -j2 all
	@HINDCAST=$(PROGRAM) tests/bench/run correlate
	@HINDCAST=$(PROGRAM) tests/bench/run correlators

bench-rebuild: setup-test ## what a rebuild in pieces costs beside one of the whole, of BENCH_EVENTS (20000 100000) events
	@$(MAKE) --no-print-directory -j2 all
	@HINDCAST=$(PROGRAM) tests/bench/run rebuild

bench-decode: setup-test ## records a second of each format, by the time of one core; build/bench/decode.txt
	@$(MAKE) --no-print-directory -j2 build/release/tests/bench/decode_rate
	@mkdir -p build/bench
	@build/release/tests/bench/decode_rate --formats 200 | tee build/bench/decode.txt

bench-queries: setup-test ## rows that questions to analyst.* read among 25,000 incidents; fails where one reads more than it may
	@$(MAKE) --no-print-directory -j2 all
	@HINDCAST=$(abspath $(PROGRAM)) scripts/with-servers postgres tests/bench/queries/run

replay: setup-test ## LOGS=DIR: lines of DIR/*/raw.log, raw and wrapped; writes build/bench/replay.json
	@$(MAKE) --no-print-directory -j2 all
	@HINDCAST=$(PROGRAM) REPLAY_LOGS=$(LOGS) tests/bench/run replay

accept: ## rewrite the golden files from what the program does now; read the diff
	@$(MAKE) --no-print-directory -j2 MODE=debug $(patsubst %.c,build/debug/%,$(wildcard tests/golden/*.c))
	@HINDCAST_ACCEPT=1 sh -c 'for t in $(patsubst %.c,build/debug/%,$(wildcard tests/golden/*.c)); do $$t || exit 1; done'

docs: all ## regenerate the reference pages in docs/
	@$(PROGRAM) help --format md > docs/commands.md
	@$(PROGRAM) config --format md > docs/configuration.md
	@$(PROGRAM) formats --format md > docs/formats.md
	@mkdir -p $(BUILD) && HINDCAST=$(abspath $(PROGRAM)) scripts/with-demo scripts/docs-sql > $(BUILD)/sql.md && mv $(BUILD)/sql.md docs/sql.md
	@HINDCAST=$(abspath $(PROGRAM)) scripts/with-demo scripts/docs-recipes > $(BUILD)/recipes.md && mv $(BUILD)/recipes.md docs/recipes.md

# What the program says of itself: man pages, and completions of the shells.
MANUAL := $(BUILD)/manual
$(MANUAL)/done: $(PROGRAM)
	@rm -rf $(MANUAL)
	@mkdir -p $(MANUAL)/man
	@$(PROGRAM) help --format man > $(MANUAL)/man/hindcast.1
	@set -e; for command in $$($(PROGRAM) help --list); do \
	    $(PROGRAM) help $$command --format man > $(MANUAL)/man/hindcast-$$command.1; done
	@set -e; for shell in bash zsh fish; do \
	    $(PROGRAM) completion $$shell > $(MANUAL)/completion.$$shell; done
	@touch $@

SHARE     = $(DESTDIR)$(PREFIX)/share
INSTALLED = $(DESTDIR)$(PREFIX)/bin/hindcast $(SHARE)/bash-completion/completions/hindcast \
            $(SHARE)/zsh/site-functions/_hindcast $(SHARE)/fish/vendor_completions.d/hindcast.fish \
            $(patsubst $(MANUAL)/man/%,$(SHARE)/man/man1/%,$(wildcard $(MANUAL)/man/*.1))

install: all $(MANUAL)/done ## install program, man pages and completions below PREFIX (/usr/local)
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/hindcast
	install -d $(SHARE)/man/man1
	install -m 644 $(MANUAL)/man/*.1 $(SHARE)/man/man1
	install -D -m 644 $(MANUAL)/completion.bash $(SHARE)/bash-completion/completions/hindcast
	install -D -m 644 $(MANUAL)/completion.zsh $(SHARE)/zsh/site-functions/_hindcast
	install -D -m 644 $(MANUAL)/completion.fish $(SHARE)/fish/vendor_completions.d/hindcast.fish

uninstall: $(MANUAL)/done ## remove what install put below PREFIX
	rm -f $(INSTALLED)

clean: ## remove build/
	rm -rf build

$(PROGRAM): $(BUILD)/cmd/main.o $(LIBRARY)
	@echo "  link  $@"
	@$(CC) $(OPTIMISE) $(LINKHARD) -o $@ $< $(LIBRARY) $(PKG_LIBS) $(LDFLAGS)

# What a target is made of belongs to it: when a file goes, nothing is newer, but the list differs.
LIST_library = $(LIBOBJS)
LIST_tests   = $(TESTLIB)
LIST_crash   = $(CRASH_PARTS)
$(foreach e,$(EMBEDS),$(eval LIST_$(e) = $$(EMBED_$(e))))
$(BUILD)/lists/%: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(LIST_$*) | cmp -s - $@ || printf '%s\n' $(LIST_$*) > $@
.PHONY: FORCE
FORCE:

$(LIBRARY): $(LIBOBJS) $(BUILD)/lists/library
	@rm -f $@
	@$(AR) rcs $@ $(LIBOBJS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  cc    $<"
	@$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/embedded/%.o: $(BUILD)/embedded/%.c
	@echo "  cc    $<"
	@$(CC) $(CFLAGS_ALL) -c -o $@ $<

EMBED_migrations = $(sort $(wildcard sql/migrations/*.sql))
EMBED_queries    = $(sort $(wildcard sql/queries/*.sql))
EMBED_rules      = $(sort $(wildcard correlate/rules/*))
EMBED_pages      = $(sort $(wildcard report/page/*.css))
EMBED_templates  = $(sort $(wildcard report/templates/*))
EMBED_lint       = $(sort $(wildcard report/lint/*.ini))
EMBED_reasons    = $(sort $(wildcard report/why/*.tsv))
EMBED_redaction  = $(sort $(wildcard report/redact/*.ini report/redact/*.tsv))
EMBED_scripts    = scripts/postgres
EMBED_demo       = $(sort $(wildcard app/demo/*))
EMBED_help       = $(sort $(wildcard cmd/help/*.txt))
EMBED_foreign    = $(sort $(wildcard app/foreign.tsv))
EMBED_maps       = $(sort $(wildcard ingest/decode/maps/*.map))
EMBED_lines      = $(sort $(wildcard ingest/decode/lines/*.lines))
EMBED_completion = $(sort $(wildcard cmd/manual/*.bash))

.SECONDEXPANSION:
$(EMBEDC): $(BUILD)/embedded/%.c: $$(EMBED_$$*) $(BUILD)/lists/$$* scripts/embed
	@mkdir -p $(@D)
	@scripts/embed $@ embedded_$* $(EMBED_$*)

# Names of the statements, which store/pg/query.h makes an enum of: a new text changes nothing here.
QUERIES := $(BUILD)/embedded/queries.def
$(QUERIES): $(BUILD)/lists/queries scripts/embed
	@mkdir -p $(@D)
	@scripts/embed --names $@ QUERY $(EMBED_queries)
$(OBJECTS) $(TESTLIB) $(SCRIPTED) $(CRASH_PARTS): | $(QUERIES)

$(BUILD)/tests/lib/%.o: tests/lib/%.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/tests/crash/%.o: tests/crash/%.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(CRASH): tests/crash/main.c $(CRASH_PARTS) $(TESTLIB) $(LIBRARY) $(BUILD)/lists/crash $(BUILD)/lists/tests
	@echo "  test  tests/crash"
	@$(CC) $(CFLAGS_ALL) $(LINKHARD) -o $@ $< $(CRASH_PARTS) $(TESTLIB) $(LIBRARY) $(PKG_LIBS) -lcmocka $(LDFLAGS)

# A worker without servers: the scripted ones stand in for those parts of the library.
$(BUILD)/tests/unit/ingest/worker_%: tests/unit/ingest/worker_%.c $(SCRIPTED) $(LIBRARY)
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CFLAGS_ALL) $(LINKHARD) -o $@ $< $(SCRIPTED) $(LIBRARY) $(PKG_LIBS) -lcmocka $(LDFLAGS)

$(BUILD)/tests/%: tests/%.c $(TESTLIB) $(LIBRARY) $(BUILD)/lists/tests
	@mkdir -p $(@D)
	@echo "  test  $<"
	@$(CC) $(CFLAGS_ALL) $(LINKHARD) -o $@ $< $(TESTLIB) $(LIBRARY) $(PKG_LIBS) -lcmocka $(LDFLAGS)

-include $(wildcard $(OBJECTS:.o=.d) $(TESTLIB:.o=.d) $(SCRIPTED:.o=.d) $(CRASH_PARTS:.o=.d) $(CRASH).d)
