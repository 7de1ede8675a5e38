# SPDX-License-Identifier: GPL-3.0-or-later
# make bench: our workloads against the well-known tools. Minutes, on a machine with nothing else
# to do. BENCH='cpu.*' names some of the comparisons; see docs/bench.md.
BENCH_OBJECTS  := $(patsubst %.c,build/%.o,$(wildcard tests/bench/*.c))
BENCH_PROGRAMS := $(patsubst tests/bench/programs/%.c,build/bench/%,$(wildcard tests/bench/programs/*.c))

bench:
	./install-packages.sh bench
	$(MAKE) --no-print-directory bench-programs
	build/bench/bench $(BENCH_OPTIONS) $(BENCH:%='%')

# Puts the table of the last bench into the document.
bench-doc:
	sed -i -e '/^<!-- table -->$$/,/^<!-- end of table -->$$/{//!d}' \
	    -e '/^<!-- table -->$$/r build/bench/table.md' docs/bench.md

bench-programs: all build/bench/bench build/tests/driver_probe $(BENCH_PROGRAMS)

build/tests/bench/%.o: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(TARE_INC) $(CFLAGS) -MMD -MP -c -o $@ $<

build/bench/bench: $(BENCH_OBJECTS) build/libtare.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TARE_LIBS)

build/bench/dgesv: private BENCH_LIBS := -lopenblas
build/bench/%: tests/bench/programs/%.c build/libagent.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< build/libagent.a $(BENCH_LIBS) $(AGENT_LIBS)

-include $(BENCH_OBJECTS:.o=.d) $(BENCH_PROGRAMS:=.d)

.PHONY: bench bench-doc bench-programs
