# SPDX-License-Identifier: GPL-3.0-or-later
# `make fuzz`: every target for FUZZ_SECONDS; `make fuzz FUZZ_SECONDS=5 FUZZ_TARGETS=record` for one.
# Seeds are in tests/fuzz/seeds/TARGET, found cases in tests/fuzz/found/TARGET: both are replayed by
# `make test`, without clang (build/fuzz/replay_TARGET).
FUZZ_CC      ?= clang
FUZZ_SECONDS ?= 600
FUZZ_TARGETS ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_FLAGS   := -O1 -g -std=gnu11 -fno-strict-aliasing -fno-omit-frame-pointer \
                -fsanitize=address,undefined -fno-sanitize-recover=undefined
# The agent, but for main() and for its workloads.
FUZZ_AGENT_SOURCES := $(addprefix workloads/,describe.c facts.c finish_watch.c session.c trial_calls.c vector.c) \
                      $(BASE)

FUZZ_OBJECTS       := $(patsubst build/tare/%.o,build/fuzz/tare/%.o,$(LIBRARY_OBJECTS))
FUZZ_AGENT_OBJECTS := $(FUZZ_AGENT_SOURCES:%.c=build/fuzz/agent/%.o)

build/fuzz/tare/%.o: %.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(CPPFLAGS) $(TARE_INC) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

build/fuzz/agent/%.o: %.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(CPPFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

build/fuzz/tare/drivers/guest/init_image.o: build/guest-init

build/fuzz/libtare.a: $(FUZZ_OBJECTS)
	rm -f $@ && $(AR) rcs $@ $^

build/fuzz/libagent.a: $(FUZZ_AGENT_OBJECTS)
	rm -f $@ && $(AR) rcs $@ $^

build/fuzz/fuzz_agent: tests/fuzz/fuzz_agent.c build/fuzz/libagent.a
	$(FUZZ_CC) $(CPPFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer -MMD -MP -o $@ $^ $(AGENT_LIBS)

build/fuzz/fuzz_microvm_%: tests/fuzz/fuzz_microvm_%.c $(VMM_LIBRARY)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(CPPFLAGS) $(FUZZ_FLAGS) -fPIE -pie -fsanitize=fuzzer -o $@ $^ $(VMM_LIBS)

build/fuzz/fuzz_%: tests/fuzz/fuzz_%.c build/fuzz/libtare.a
	$(FUZZ_CC) $(CPPFLAGS) $(TARE_INC) $(FUZZ_FLAGS) -fsanitize=fuzzer -MMD -MP -o $@ $^ $(TARE_LIBS)

# The same targets as tests: built as everything else, run on the files that are there.
FUZZ_REPLAYS := $(patsubst tests/fuzz/fuzz_%.c,build/fuzz/replay_%,$(wildcard tests/fuzz/fuzz_*.c))

build/fuzz/replay_agent: tests/fuzz/fuzz_agent.c tests/fuzz/replay.c \
		$(FUZZ_AGENT_SOURCES:%.c=build/agent/%.o)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $^ $(AGENT_LIBS)

build/fuzz/replay_microvm_%: tests/fuzz/fuzz_microvm_%.c tests/fuzz/replay.c \
		$(VMM_LIBRARY:%.c=build/vmm/%.o)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -fPIE -MMD -MP -o $@ $^ $(VMM_LIBS)

build/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c build/libtare.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(TARE_INC) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $^ $(TARE_LIBS)

fuzz: $(FUZZ_TARGETS:%=build/fuzz/fuzz_%)
	FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run.sh $(FUZZ_TARGETS)

.PHONY: fuzz
