/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every phrase of figures and report: name, English, Brazilian Portuguese. */
#ifndef TARE_WORDS_H
#define TARE_WORDS_H

/* clang-format off */
#define WORDS(X) \
X(PANEL_CPU, "CPU", "CPU") \
X(PANEL_MEMORY, "Memory", "Memória") \
X(PANEL_DISK, "Disk", "Disco") \
X(PANEL_NETWORK, "Network", "Rede") \
X(AGAIN, "%s again", "%s de novo") \
X(NULL_BAND, "%s against itself (95 %% interval)", "%s contra si mesmo (intervalo de 95 %%)") \
X(BETTER_HIGHER, "higher is better", "maior é melhor") \
X(BETTER_LOWER, "lower is better", "menor é melhor") \
X(RELATIVE_AXIS, "performance relative to %s (higher is better)", "desempenho relativo a %s (maior é melhor)") \
X(LOG_AXIS, "log scale", "escala logarítmica") \
X(COLUMN_RELATIVE, "relative", "relativo") \
X(COLUMN_OVERHEAD, "overhead", "sobrecarga") \
X(UNAVAILABLE_HERE, "unavailable", "indisponível") \
X(NO_VALUE, "no valid value", "sem valor válido") \
X(NO_BASELINE, "%s: no valid value", "%s: sem valor válido") \
X(NO_INTERVAL, "no interval", "sem intervalo") \
X(OVERHEAD_FOOT, "grey band: %s against itself; bands and whiskers: 95 %% intervals", "faixa cinza: %s contra si mesmo; faixas e hastes: intervalos de 95 %%") \
X(OVERHEAD_TITLE, "Performance relative to %s", "Desempenho relativo a %s") \
/* clang-format on */

#endif
