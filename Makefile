# SPDX-License-Identifier: GPL-3.0-or-later
# make study | make check do all the set-up; make builds only. See README.md.
VERSION := 0.1.0
PREFIX  ?= /usr/local
CC      ?= gcc
# Of this tree alone: a tarball inside of another repository is no commit of that one.
COMMIT  := $(shell [ -e .git ] && git -c safe.directory='*' describe --always --dirty --exclude '*' 2>/dev/null || echo unknown)

WARNINGS := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
            -Wwrite-strings -Wvla -Wundef -Wformat=2 -Wno-format-nonliteral
CPPFLAGS += -I. -D_GNU_SOURCE -DTARE_VERSION='"$(VERSION)"'
CFLAGS   ?= -O2 -g
CFLAGS   += -std=gnu11 -fno-strict-aliasing $(WARNINGS)

# AddressSanitizer has no static form.
STATIC_CFLAGS = $(filter-out -fsanitize=address,$(CFLAGS))

LIBRARIES := jansson yajl gsl hwloc libvirt libvirt-qemu smartcols libseccomp libnl-3.0 libnl-route-3.0 libnftables nettle \
             liblzma libzstd
# Asked for only when something is compiled: `make install-packages` must work without them.
TARE_LIBS  = $(shell pkg-config --libs $(LIBRARIES)) -lpfm -lpthread -lm
TARE_INC  := $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
AGENT_LIBS = -ljansson -llzma -luring -lnettle -lpthread -lm

GUEST_INIT := drivers/guest/init.c drivers/guest/container.c
BASE    := $(wildcard base/*.c)
AGENT_SOURCES := $(wildcard workloads/*.c) $(BASE)
TARE_SOURCES  := $(wildcard harness/*.c harness/plan/*.c harness/procedure/*.c harness/run/*.c harness/observe/*.c drivers/*.c results/*.c plots/*.c) $(BASE) \
                 $(filter-out $(GUEST_INIT),$(wildcard drivers/guest/*.c))
TARE_SOURCES  := $(wildcard $(TARE_SOURCES))
# The VMM of the microvm: a program of its own, so that a fault in it stays there.
VMM_SOURCES   := $(wildcard drivers/microvm/*.c) base/error.c base/border.c
VMM_LIBS       = -lseccomp -lpthread
AGENT_OBJECTS := $(AGENT_SOURCES:%.c=build/agent/%.o)
TARE_OBJECTS  := $(TARE_SOURCES:%.c=build/tare/%.o)
VMM_OBJECTS   := $(VMM_SOURCES:%.c=build/vmm/%.o)
# All but main(), for the tests.
LIBRARY_OBJECTS := $(filter-out build/tare/harness/main.o,$(TARE_OBJECTS))

# Quiet but for what is linked; `make V=1` shows the commands themselves.
ifneq ($(V),1)
MAKEFLAGS += --silent
endif

all: tare tare-agent tare-microvm

# ---- the two commands of the README: all the set-up, then the work -------------------------------
# A second make does the building: only it sees what the first has installed. STUDY="--time 60" adds to the run's options.
study:
	./install-packages.sh
	$(MAKE) --no-print-directory -j$$(nproc) all
	if [ "$$(id -u)" = 0 ]; then ./tare run $(STUDY); else ./tare run $(ROOTLESS) $(STUDY); fi; \
	    status=$$?; [ $$status -le 1 ] || exit $$status
	[ "$$(id -u)" = 0 ] || echo 'Measured as an ordinary user. `sudo make study` adds containers,' \
	    'virtual machines and the workloads that need a network.'

# What an ordinary user measures: bare metal, and the microVM where /dev/kvm may be opened.
ROOTLESS = overhead -e container -e vm $$([ ! -w /dev/kvm ] || echo -e microvm)

check:
	./install-packages.sh check
	$(MAKE) --no-print-directory -j$$(nproc) all
	$(MAKE) --no-print-directory -j$$(nproc) test

# ---- building ------------------------------------------------------------------------------------

tare: $(TARE_OBJECTS)
	echo '  link $@'
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TARE_LIBS)

tare-agent: $(AGENT_OBJECTS)
	echo '  link $@'
	$(CC) $(STATIC_CFLAGS) $(LDFLAGS) -static -s -Wl,--gc-sections -o $@ $^ $(AGENT_LIBS)

# The agent for 64-bit ARM: needs gcc-aarch64-linux-gnu, and libjansson-dev, liblzma-dev,
# liburing-dev and nettle-dev for arm64 (dpkg --add-architecture arm64), or AARCH64_LIBS=DIR.
AARCH64_OBJECTS := $(AGENT_SOURCES:%.c=build/aarch64/%.o)
aarch64-agent: tare-agent.aarch64
tare-agent.aarch64: $(AARCH64_OBJECTS)
	aarch64-linux-gnu-gcc $(CFLAGS) $(AARCH64_LIBS:%=-L%) -static -s -Wl,--gc-sections -o $@ $^ \
	    $(AGENT_LIBS)

# -idirafter: the four libraries' headers are the same for all machines
build/aarch64/%.o: %.c
	@mkdir -p $(@D)
	aarch64-linux-gnu-gcc $(CPPFLAGS) $(CFLAGS) -idirafter /usr/include -MMD -MP -c -o $@ $<

# static: it starts in a millisecond; PIE: low addresses are the guest's
tare-microvm: $(VMM_OBJECTS)
	echo '  link $@'
	$(CC) $(STATIC_CFLAGS) $(LDFLAGS) -static-pie -o $@ $^ $(VMM_LIBS)

build/vmm/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(STATIC_CFLAGS) -fPIE -MMD -MP -c -o $@ $<

build/tare/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(TARE_INC) $(CFLAGS) -MMD -MP -c -o $@ $<

# One object has the commit, and is compiled again when that changes.
build/tare/harness/run/run_record.o: CPPFLAGS += -DTARE_COMMIT='"$(COMMIT)"'
build/tare/harness/run/run_record.o: build/commit
build/commit: FORCE
	@mkdir -p $(@D)
	echo '$(COMMIT)' | cmp -s - $@ || echo '$(COMMIT)' >$@

# The published values are part of the program.
build/tare/results/published.o: $(wildcard results/published/*.csv)

build/agent/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(STATIC_CFLAGS) -MMD -MP -c -o $@ $<

# PID 1 of the Linux guest, carried inside tare.
build/guest-init: $(GUEST_INIT) drivers/guest/guest.h drivers/guest/container.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(STATIC_CFLAGS) -static -s -o $@ $(GUEST_INIT)

build/tare/drivers/guest/init_image.o: build/guest-init

# Data inside an object file, which the compiler does not tell of.
build/tare/drivers/container_seccomp.o: drivers/docker_seccomp.json

# Unit tests: one program a file, linked with all of tare but its main().
UNIT_TESTS := $(patsubst tests/unit_%.c,build/tests/unit_%,$(wildcard tests/unit_*.c))
E2E_TESTS  := $(wildcard tests/e2e_*.sh)

build/tests/unit_%: tests/unit_%.c build/libtare.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(TARE_INC) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< build/libtare.a \
	    $(TARE_LIBS) $$(pkg-config --libs check)

# The microvm's VMM but its main(): for its unit tests and fuzzers.
VMM_LIBRARY := $(filter-out drivers/microvm/main.c,$(VMM_SOURCES))

# Built as the VMM is: behind its filter the address sanitizer could not live.
build/tests/unit_microvm: tests/unit_microvm.c $(VMM_LIBRARY:%.c=build/vmm/%.o)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(STATIC_CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $^ $(VMM_LIBS) $$(pkg-config --libs check)

# A guest that means harm, for tests/e2e_microvm.sh.
build/tests/hostile_guest: tests/hostile_guest.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(STATIC_CFLAGS) $(LDFLAGS) -static -Wl,--entry=hostile_start -o $@ $< -lpthread

# Drives one environment by itself: for end-to-end tests and for trying a driver out.
build/tests/driver_probe: tests/driver_probe.c build/libtare.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(TARE_INC) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< build/libtare.a $(TARE_LIBS)

# What follows from the field tables (base/fields.h): results/schema and the tables in docs/data.md.
build/tests/fields: tests/fields.c build/libtare.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(TARE_INC) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< build/libtare.a $(TARE_LIBS)

fields: build/tests/fields
	tests/fields.py

# Preloaded into tare, it kills it at a named point: for tests/torture.py.
build/tests/die_at.so: tests/die_at.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(TARE_INC) $(CFLAGS) -shared -fPIC -o $@ $<

# An agent that lies as it is told to, for tests/e2e_faults.sh.
build/tests/lying_agent: tests/lying_agent.c $(AGENT_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(STATIC_CFLAGS) $(LDFLAGS) -static -Wl,--wrap=lines_write -o $@ $^ $(AGENT_LIBS)

.PHONY: unit-tests check-machines check-machines-short
# Compiled, not run: what tests/machines carries into its machines.
unit-tests: $(UNIT_TESTS) build/tests/hostile_guest

# Tare on emulated machines, minutes each (docs/machines.md): `make check-machines MACHINES=debian13` for one.
check-machines:
	./install-packages.sh machines
	tests/machines/run.sh $(MACHINES)

# The short form, for CI: the machine that has everything.
check-machines-short:
	./install-packages.sh machines
	tests/machines/run.sh --short debian13

torture: all build/tests/die_at.so
	tests/torture.py $(TORTURE)

# The statistics against known answers, 2,000 simulated runs a line: minutes.
build/tests/prove: tests/prove.c build/libtare.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(TARE_INC) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< build/libtare.a $(TARE_LIBS)

# Runs of the default study, one after the other, and how well they agree. A quiet machine, please.
# REPEAT="--runs 3 -- sharma2016 --time 60", or REPEAT="RUN RUN RUN" of runs that exist.
repeat: all
	tests/repeat.py $(REPEAT)

prove: all build/tests/prove
	build/tests/prove
	tests/prove_real.sh

# Tests of workloads and agent are linked with all of the agent but its main().
AGENT_TEST = $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< build/libagent.a \
	     $(AGENT_LIBS) $$(pkg-config --libs check)
build/tests/unit_workloads_%: tests/unit_workloads_%.c build/libagent.a
	@mkdir -p $(@D)
	$(AGENT_TEST)

build/tests/unit_agent_%: tests/unit_agent_%.c build/libagent.a
	@mkdir -p $(@D)
	$(AGENT_TEST)

build/libagent.a: $(filter-out build/agent/workloads/agent.o,$(AGENT_OBJECTS))
	rm -f $@ && $(AR) rcs $@ $^

build/libtare.a: $(LIBRARY_OBJECTS)
	rm -f $@ && $(AR) rcs $@ $^

include tests/fuzz/fuzz.mk
include tests/bench/bench.mk

# The tests alone, on what is installed: `make test TESTS=build/tests/unit_lines` for one.
TESTS ?= $(UNIT_TESTS) $(E2E_TESTS)
ifdef SANITIZE
# `make check SANITIZE=1`: all of it in a copy of the tree, built with ASan and UBSan (what is
# static: with UBSan). A finding ends the program. Leaks are looked for by `make valgrind`.
SANITIZERS := -O1 -g -fno-omit-frame-pointer -fsanitize=address -fsanitize=undefined \
              -fno-sanitize-recover=undefined
test:
	mkdir -p build/sanitize
	find build/sanitize -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} + # sources that are gone
	tar c --exclude=./build --exclude=./.git . | tar x -C build/sanitize
	ASAN_OPTIONS=detect_leaks=0 CFLAGS="$(SANITIZERS)" \
	    $(MAKE) --no-print-directory -C build/sanitize SANITIZE= test
else
test: all $(UNIT_TESTS) build/tests/die_at.so build/tests/lying_agent build/tests/driver_probe build/tests/fields build/tests/hostile_guest $(FUZZ_REPLAYS)
	tests/run.sh $(TESTS)
endif

# The unit tests under valgrind: invalid accesses, uninitialised values, leaks.
valgrind: $(UNIT_TESTS)
	tests/valgrind.sh $(UNIT_TESTS)

# ---- around it ------------------------------------------------------------------------------------
C_FILES := $(wildcard */*.[ch] */*/*.[ch] */*/*/*.[ch])

lint:
	./install-packages.sh lint
	tests/check_include_arrows.sh
	clang-format --dry-run --Werror $(C_FILES)
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr --suppressions-list=.cppcheck \
	    --enable=warning,performance,portability -j2 -I. -D_GNU_SOURCE -DTARE_VERSION='""' -D__x86_64__=1 \
	    --library=tests/cppcheck.cfg \
	    base workloads harness drivers results plots

# What the analyzers of gcc and clang find in what is installed; minutes. gcc 12 takes what is
# stored in an object behind a pointer for lost: leaks are looked for by `make valgrind`.
ANALYZED := $(sort $(TARE_SOURCES) $(AGENT_SOURCES) $(VMM_SOURCES) $(GUEST_INIT))
GCC_ONLY := workloads/stream_kernels.c # built-in functions that clang does not know
ANALYZE_FLAGS = $(CPPFLAGS) $(TARE_INC) -std=gnu11 -fno-strict-aliasing \
                $(if $(filter base/error.c,$<),,-include tests/analyze.h)

analyze:
	./install-packages.sh lint
	$(MAKE) --no-print-directory $(ANALYZED:%.c=build/analyze/%.done)

build/analyze/%.done: %.c $(filter %.h,$(C_FILES)) .clang-tidy | build/guest-init
	@mkdir -p $(@D)
	$(CC) $(ANALYZE_FLAGS) -fanalyzer -Wno-analyzer-malloc-leak -Werror -c -o /dev/null $<
	$(if $(filter $(GCC_ONLY),$<),,clang-tidy --quiet $< -- $(ANALYZE_FLAGS) 2>/dev/null)
	touch $@

install: all
	install -D -m 755 tare $(DESTDIR)$(PREFIX)/bin/tare
	install -D -m 755 tare-agent $(DESTDIR)$(PREFIX)/libexec/tare/tare-agent
	install -D -m 755 tare-microvm $(DESTDIR)$(PREFIX)/libexec/tare/tare-microvm
	install -D -m 644 docs/tare.1 $(DESTDIR)$(PREFIX)/share/man/man1/tare.1
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/tare/published results/published/*

clean:
	rm -rf build tare tare-agent tare-agent.aarch64 tare-microvm

-include $(AGENT_OBJECTS:.o=.d) $(TARE_OBJECTS:.o=.d) $(VMM_OBJECTS:.o=.d)

-include $(FUZZ_OBJECTS:.o=.d) $(FUZZ_AGENT_OBJECTS:.o=.d) $(FUZZ_REPLAYS:=.d)

-include $(UNIT_TESTS:=.d) build/tests/prove.d build/tests/fields.d build/tests/driver_probe.d

FORCE:

.PHONY: FORCE fields prove repeat torture valgrind all aarch64-agent study check test lint analyze install clean
