/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of /proc and /sys, of kernels that nobody has seen yet. */
#include "tests/fuzz/fuzz.h"

#include "harness/observe/evidence_cpu.h"
#include "harness/observe/evidence_device.h"
#include "harness/observe/procfs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), value[64];
	struct evidence_device device;
	double number;

	for (int field = 0; field < 4; field++) {
		proc_number(text, "", field + 1, &number);
		proc_number(text, "cpu0", field, &number);
	}
	proc_value(text, "model name", value, sizeof(value));
	for (int source = 0; source < CPU_SOURCES; source++) {
		cpu_source_seconds(source, text, -1);
		cpu_source_seconds(source, text, 1);
	}
	evidence_device_of("/nowhere", 0, 31, text, &device);
	proc_chosen(text);
	free(text);
	return 0;
}
