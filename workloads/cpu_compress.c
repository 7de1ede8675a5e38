/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "workloads/made_text.h"
#include "workloads/workload.h"

#define SLICE_BYTES 16384
#define OUTPUT_BYTES (4 << 20) /* initial */
#define TEXT_SEED 1

/* One stream continues across all trials, wrapping around the text, so that each trial measures the
 * steady state with a full dictionary, not the fast start of a stream. A trial ends with a flush,
 * so that its output can be decompressed separately. */
struct state {
	char *text;
	size_t size, at; /* at: where in the text the encoder stands */
	lzma_stream encoder, decoder;
	uint8_t *output;
	size_t output_size, output_used;
	uint64_t consumed; /* by the encoder since the last check */
	size_t checked_at; /* where in the text the decoder stands */
};

static int lzma_error(lzma_ret rc, const char *what, struct error *err)
{
	return error_set(err, rc == LZMA_MEM_ERROR ? -ENOMEM : -EIO, "%s failed: liblzma error %d",
			 what, (int)rc);
}

/* Runs the encoder until it has consumed its input (LZMA_RUN) or written all (LZMA_SYNC_FLUSH). */
static int encode(struct state *s, lzma_action action, struct error *err)
{
	lzma_ret rc = LZMA_OK;

	do {
		if (s->output_size - s->output_used < SLICE_BYTES) {
			uint8_t *more = realloc(s->output, s->output_size * 2);

			if (!more)
				return error_set(err, -ENOMEM, "no memory for compressed text");
			s->output = more;
			s->output_size *= 2;
		}
		s->encoder.next_out = s->output + s->output_used;
		s->encoder.avail_out = s->output_size - s->output_used;
		rc = lzma_code(&s->encoder, action);
		s->output_used = s->output_size - s->encoder.avail_out;
		if (rc != LZMA_OK && rc != LZMA_STREAM_END)
			return lzma_error(rc, "compressing", err);
	} while (action == LZMA_RUN ? s->encoder.avail_in > 0 : rc != LZMA_STREAM_END);
	return 0;
}

static int encode_slice(struct state *s, struct error *err)
{
	size_t length = s->size - s->at < SLICE_BYTES ? s->size - s->at : SLICE_BYTES;
	int rc;

	s->encoder.next_in = (const uint8_t *)s->text + s->at;
	s->encoder.avail_in = length;
	rc = encode(s, LZMA_RUN, err);
	s->at = (s->at + length) % s->size;
	s->consumed += length;
	return rc;
}

/* A dictionary as large as the text would match all of it on the second pass. It starts full, as a
 * preset of the raw format, so that it need not be compressed first. */
static int open_encoder(struct state *s, uint32_t preset, struct error *err)
{
	lzma_options_lzma options;
	const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};
	lzma_ret rc;

	if (lzma_lzma_preset(&options, preset))
		return error_set(err, -EINVAL, "liblzma has no preset %u", preset);
	if (options.dict_size > s->size / 2)
		options.dict_size = (uint32_t)(s->size / 2 < LZMA_DICT_SIZE_MIN ? LZMA_DICT_SIZE_MIN
										: s->size / 2);
	options.preset_dict = (const uint8_t *)s->text;
	options.preset_dict_size = options.dict_size;
	s->at = s->checked_at = options.dict_size;
	rc = lzma_raw_encoder(&s->encoder, filters);
	if (rc == LZMA_OK)
		rc = lzma_raw_decoder(&s->decoder, filters);
	return rc == LZMA_OK ? 0 : lzma_error(rc, "opening the compressor", err);
}

static int prepare(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;

	s->encoder = s->decoder = (lzma_stream)LZMA_STREAM_INIT;
	s->size = (size_t)trial_integer(trial, "size");
	s->text = malloc(s->size);
	s->output_size = OUTPUT_BYTES;
	s->output = malloc(s->output_size);
	if (!s->text || !s->output)
		return error_set(err, -ENOMEM, "no memory for %zu bytes of text", s->size);
	memset(s->output, 1, s->output_size);
	text_generate(s->text, s->size, TEXT_SEED);
	return open_encoder(s, (uint32_t)trial_integer(trial, "preset"), err);
}

static int run(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t before = s->consumed;

	while (trial_continue(trial)) {
		int rc = encode_slice(s, err);

		if (rc)
			return rc;
	}
	trial->operations = (double)(s->consumed - before) / 1e6;
	trial_value(trial, "throughput", trial->operations / trial_elapsed(trial));
	return 0;
}

/* Decompresses what was written since the last check and compares it with the text. */
static int decode_all(struct state *s, struct error *err)
{
	uint8_t piece[SLICE_BYTES];
	lzma_ret rc = LZMA_OK;

	s->decoder.next_in = s->output;
	s->decoder.avail_in = s->output_used;
	while (s->consumed) {
		size_t want = s->size - s->checked_at;

		if (want > sizeof(piece))
			want = sizeof(piece);
		if (want > s->consumed)
			want = (size_t)s->consumed;
		s->decoder.next_out = piece;
		s->decoder.avail_out = want;
		while (s->decoder.avail_out && rc == LZMA_OK)
			rc = lzma_code(&s->decoder, LZMA_RUN);
		if (rc != LZMA_OK)
			return lzma_error(rc, "decompressing the result", err);
		/* cppcheck-suppress uninitvar ; the decoder has written it */
		if (memcmp(piece, s->text + s->checked_at, want))
			return error_set(err, -EIO, "decompressed text differs at byte %zu",
					 s->checked_at);
		s->checked_at = (s->checked_at + want) % s->size;
		s->consumed -= want;
	}
	if (s->decoder.avail_in)
		return error_set(err, -EIO, "%zu compressed bytes were left over",
				 s->decoder.avail_in);
	return 0;
}

static int verify(struct trial *trial, struct error *err)
{
	struct state *s = trial->state;
	uint64_t consumed = s->consumed;
	char ratio[32];
	int rc = encode(s, LZMA_SYNC_FLUSH, err);

	rc = rc ?: decode_all(s, err);
	snprintf(ratio, sizeof(ratio), "%.3f", (double)s->output_used / (double)consumed);
	trial_note(trial, "ratio", ratio);
	s->output_used = 0;
	return rc;
}

static void cleanup(struct trial *trial)
{
	struct state *s = trial->state;

	lzma_end(&s->encoder);
	lzma_end(&s->decoder);
	free(s->text);
	free(s->output);
}

const struct workload cpu_compress = {
	.name = "cpu.compress",
	.version = 2,
	.panel = PANEL_CPU,
	.summary = "LZMA2 compression of text, one thread, with a full dictionary",
	.operation = "1 MB of text compressed",
	.stands_for = "PXZ compression of enwik9, level 2 (felter2015, Table I)",
	.metrics =
		(const struct metric[]){
			RATE("throughput", "MB/s"),
			RATE(PER_CPU_SECOND, "MB/CPU s"),
			{0},
		},
	.parameters =
		(const struct parameter[]){
			{"preset", "preset (level) of xz", PARAMETER_INTEGER, .fallback = 2,
			 .low = 0, .high = 9},
			{"size", "size of the text, which is compressed repeatedly", PARAMETER_SIZE,
			 .fallback = 8 << 20, .low = 1 << 16, .high = 1 << 30},
			{0},
		},
	.needs = {.cpus = 1, .memory = 64 << 20, .memory_parameter = "size"},
	.state_bytes = sizeof(struct state),
	.prepare = prepare,
	.run = run,
	.verify = verify,
	.cleanup = cleanup,
};
