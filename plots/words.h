/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every phrase of figures and report: name, English, Brazilian Portuguese. Phrases with a % are
 * formats; both languages take the arguments in the same order. */
#pragma once

/* clang-format off */
#define WORDS(X) WORDS_OF_FIGURES(X) WORDS_OF_VERDICTS(X) WORDS_OF_REPORT(X) WORDS_OF_TRUST(X) WORDS_OF_SETUP(X)

#define WORDS_OF_FIGURES(X) \
X(PANEL_CPU, "CPU", "CPU") \
X(PANEL_MEMORY, "Memory", "Memória") \
X(PANEL_DISK, "Disk", "Disco") \
X(PANEL_NETWORK, "Network", "Rede") \
X(EACH_ALONE, "each alone", "cada um sozinho") \
X(RELATIVE_AXIS, "performance relative to %s (higher is better)", "desempenho relativo a %s (maior é melhor)") \
X(LOG_AXIS, "log scale", "escala log.") \
X(COLUMN_RELATIVE, "relative", "relativo") \
X(COLUMN_OVERHEAD, "overhead", "sobrecarga") \
X(UNAVAILABLE_HERE, "unavailable", "indisponível") \
X(NO_VALUE, "no valid value", "sem valor válido") \
X(NO_BASELINE, "%s: no valid value", "%s: sem valor válido") \
X(OVERHEAD_FOOT, "grey band: %s against itself; bands and whiskers: 95 %% intervals", "faixa cinza: %s contra si mesmo; faixas e hastes: intervalos de 95 %%") \
X(HOLLOW, "hollow: published", "vazado: publicado") \
X(EVENTS_MEAN, "mean", "média") \
X(FOREST_AXIS, "overhead of an operation against %s (lower is better), log scale of cost", "sobrecarga de uma operação contra %s (menor é melhor), escala log. do custo") \
X(FOREST_FOOT, "margin: a difference within ±%s %% is negligible; whiskers: 95 %% intervals", "margem: uma diferença dentro de ±%s %% é desprezível; hastes: intervalos de 95 %%") \
X(LATENCY_X, "percentile of operations", "percentil das operações") \
X(LATENCY_Y, "latency, µs (lower is better), log scale", "latência, µs (menor é melhor), escala log.") \
X(WATERFALL_EMULATED, "Emulated CPU or KVM without hardware virtualization: not representative of KVM", "CPU emulada ou KVM sem virtualização por hardware: não representa o KVM") \
X(STEP, "this step", "este passo") \
X(STEP_MERGED, " (with the rung above)", " (com o degrau acima)") \
X(STEP_EMULATED, "emulated: not judged", "emulado: não julgado") \
X(STEP_DIFFERS, "measurable", "mensurável") \
X(IN_ALL, "in total", "no total") \
X(CURVES_LOAD, "requests/s offered; ring: the knee", "requisições/s oferecidas; anel: o joelho") \
X(CURVES_Y, "%s, %s (%s)", "%s, %s (%s)") \
X(COST_X, "host CPU per operation, relative (lower is better)", "CPU do hospedeiro por operação, relativa (menor é melhor)") \
X(COST_Y, "relative performance (higher is better)", "desempenho relativo (maior é melhor)") \
X(BLOCKS_X, "seconds since the workload's first trial", "segundos desde o primeiro ensaio da carga") \
X(BLOCKS_Y, "performance relative to the environment's own mean", "desempenho relativo à média do próprio ambiente")

#define WORDS_OF_VERDICTS(X) \
X(VERDICT_UNAVAILABLE, "unavailable", "indisponível") \
X(VERDICT_UNRESOLVED, "unresolved", "não resolvido") \
X(VERDICT_NEGLIGIBLE, "negligible", "desprezível") \
X(VERDICT_OVERHEAD, "overhead", "sobrecarga") \
X(VERDICT_SPEEDUP, "speedup", "mais rápido") \
X(VERDICT_NONE, "", "") \
X(SAYS_IN, "in %s", "em %s") \
X(SAYS_AMOUNT, "%s in %s", "%s em %s") \
X(SAYS_TYPICAL, "typically %s", "tipicamente %s") \
X(SAYS_LARGEST, "at most %s in %s", "no máximo %s em %s") \
X(SAYS_OVERHEAD, "%s keeps %s of %s's performance (overhead %s, %s to %s)", "%s mantém %s do desempenho de %s (sobrecarga %s, de %s a %s)") \
X(SAYS_SPEEDUP, "%s reaches %s of %s's performance (overhead %s, %s to %s)", "%s alcança %s do desempenho de %s (sobrecarga %s, de %s a %s)") \
X(SAYS_NEGLIGIBLE, "%s has a negligible overhead (%s, %s to %s)", "%s tem sobrecarga desprezível (%s, de %s a %s)") \
X(SAYS_UNRESOLVED, "%s is unresolved (overhead %s, %s to %s)", "%s não foi resolvido (sobrecarga %s, de %s a %s)") \
X(SAYS_UNAVAILABLE, "%s is unavailable", "%s está indisponível") \
X(LADDER_STEP, "%s: the largest step that stands out from the noise is \"%s\" (%s, 95 %% interval %s to %s; expect %s in a repetition, as the largest of several is partly luck); all rungs together %s.", "%s: o maior passo que se destaca do ruído é \"%s\" (%s, intervalo de 95 %% de %s a %s; ao repetir, espere %s, pois o maior de vários é em parte sorte); todos os degraus juntos %s.") \
X(LADDER_NO_STEP, "%s: no step stands out from the noise; all rungs together %s.", "%s: nenhum passo se destaca do ruído; todos os degraus juntos %s.") \
X(LADDER_EMULATED, "%s: measured on an emulated CPU or on KVM without hardware virtualization, which is not representative of KVM, so no rung is judged.", "%s: medido em CPU emulada ou em KVM sem virtualização por hardware, o que não representa o KVM; por isso nenhum degrau é julgado.") \
X(LADDER_OWN, " In the environment's own CPU time the largest step is \"%s\" (%s, 95 %% interval %s to %s).", " Em tempo de CPU do próprio ambiente o maior passo é \"%s\" (%s, intervalo de 95 %% de %s a %s).") \
X(LADDER, "Rung by rung", "Degrau por degrau") \
X(LADDER_CAPTION, "What each rung adds to the one before it, paired in the same blocks, and what all rungs up to it add to the baseline; 95 % intervals. The environment is below the rung's name.", "O que cada degrau acrescenta ao anterior, pareado nos mesmos blocos, e o que todos os degraus até ele acrescentam à referência; intervalos de 95 %. Sob o nome do degrau está o seu ambiente.") \
X(LADDER_CHANCE, "%d steps were judged, with Holm's correction: among workloads without any difference, a step stands out by chance in at most 1 of 20.", "%d passos foram julgados, com a correção de Holm: por acaso, um dos passos de uma carga se destaca em no máximo 1 de 20 cargas sem diferença alguma.") \
X(HEAD_RUNG, "Rung", "Degrau") \
X(HEAD_OWN, "This step, the environment's own CPU time", "Este passo, tempo de CPU do próprio ambiente") \
X(HEAD_SWITCHES, "Context switches per operation", "Trocas de contexto por operação") \
X(HEAD_EXITS, "KVM exits per operation", "Saídas do KVM por operação") \
X(HEAD_FINDING, "Finding", "Conclusão")

#define WORDS_OF_REPORT(X) \
X(QUESTION, "What does it cost, on this machine, to run the same work in another environment instead of on %s?", "Quanto custa, nesta máquina, executar o mesmo trabalho em outro ambiente em vez de em %s?") \
X(ANSWER, "The answer", "A resposta") \
X(ANSWER_LARGEST, "The largest overhead of %s is %s in %s", "A maior sobrecarga de %s é %s em %s") \
X(ANSWER_AT_LEAST, "at least %s", "ao menos %s") \
X(ANSWER_TYPICAL, "; typically %s (median of %d workloads)", "; a típica é %s (mediana de %d cargas)") \
X(ANSWER_UNKNOWN, "Unresolved:", "Ainda não se sabe:") \
X(ANSWER_UNKNOWN_IN, "%s in %s (%s to %s)", "%s em %s (%s a %s)") \
X(ANSWER_DECIDES, ", which %s would decide", ", o que %s decidiriam") \
X(ANSWER_UNAVAILABLE, "%s was unavailable", "%s não estava disponível") \
X(ANSWER_NO_VALUE, "%s has no valid value", "%s não deu valor válido") \
X(ANSWER_COUNTS, "Of %d comparisons: ", "De %d comparações: ") \
X(COUNT_OVERHEAD, "%d with an overhead", "%d com sobrecarga") \
X(COUNT_NEGLIGIBLE, "%d negligible", "%d desprezível(is)") \
X(COUNT_SPEEDUP, "%d with a speedup", "%d mais rápida(s)") \
X(COUNT_UNRESOLVED, "%d unresolved", "%d sem resolução") \
X(COUNT_UNAVAILABLE, "%d unavailable", "%d indisponível(is)") \
X(NOTHING_COMPARED, "Nothing could be compared.", "Nada pôde ser comparado.") \
X(NOT_COMPARABLE, "%s is not comparable with published figures%s%s", "%s não se compara com nenhum valor publicado do seu tipo%s%s") \
X(FIGURE, "Figure %d. ", "Figura %d. ") \
X(FIGURE_MISSING, "This figure is missing: %s", "Esta figura está faltando: %s") \
X(NOT_DRAWN, "it was not drawn (its data and script are in the run's figures directory; tare report draws it if gnuplot is installed)", "ela não foi desenhada (seus dados e script estão no diretório figures da execução: tare report a desenha onde o gnuplot está instalado)") \
X(VERDICTS, "Verdicts", "Vereditos") \
X(VERDICTS_CAPTION, "Each workload's headline metric in each environment, with 95 % intervals. Click a column heading to sort.", "A métrica principal de cada carga em cada ambiente, com intervalos de 95 %. O título de uma coluna ordena.") \
X(ALL_METRICS, "All metrics", "Todas as métricas") \
X(ALL_METRICS_CAPTION, "Every metric; verdicts are given for headline metrics only.", "Todas as métricas; só as métricas principais recebem veredito.") \
X(WOULD_DECIDE, "would decide it: %s", "o que decidiria: %s") \
X(HEAD_WORKLOAD, "Workload", "Carga de trabalho") \
X(HEAD_ENVIRONMENT, "Environment", "Ambiente") \
X(HEAD_VALUE, "Value", "Valor") \
X(HEAD_RELATIVE, "Relative performance", "Desempenho relativo") \
X(HEAD_OVERHEAD, "Overhead", "Sobrecarga") \
X(HEAD_CPU, "Host CPU per operation", "CPU do hospedeiro por operação") \
X(HEAD_VERDICT, "Verdict", "Veredito") \
X(HEAD_REASON, "Reason", "Motivo") \
X(TO, "%s to %s", "%s a %s") \
X(HIGHER, "higher is better", "maior é melhor") \
X(LOWER, "lower is better", "menor é melhor") \
X(BASELINE, "baseline", "referência") \
X(NULL_ARM, "null arm", "braço nulo") \
X(CHANCE, "%d verdicts were decided; up to %s of them may be wrong by chance.", "%d vereditos foram decididos; por acaso, até %s deles estariam errados.") \
X(PREDICTIONS, "Predictions", "Previsões") \
X(PREDICTIONS_CAPTION, "Recorded in run.json before the first trial. Right: the whole 95 % interval lies within a fifth of the predicted change, or within the margin of a verdict if that is larger.", "Selado em run.json antes do primeiro ensaio. Certo: todo o intervalo de 95 % está dentro de um quinto da mudança prevista, ou da margem de um veredito onde esta é maior.") \
X(HEAD_PREDICTION, "Prediction", "Previsão") \
X(HEAD_PREDICTED, "Predicted relative performance", "Desempenho relativo previsto") \
X(HEAD_OUTCOME, "Outcome", "Resultado") \
X(CLOSURE, "Do exits explain it?", "As saídas explicam?") \
X(CLOSURE_COST, "An exit costs %s: the time of a cpu.syscall without the call itself.", "Uma saída custa %s: o que cpu.syscall leva além de suas chamadas.") \
X(CLOSURE_CAPTION, "For one operation, medians over the blocks. Predicted: the cost of its exits, plus how much longer (or shorter, where the exits overlap with waiting) the system calls themselves take than in the baseline. Measured: the time added to the baseline's.", \
  "De uma operação, medianas dos blocos. Previsto: as saídas ao custo de uma, e quanto as próprias chamadas de sistema demoram a mais (ou a menos, onde as saídas coincidem com a espera) que na referência. Medido: o tempo acrescentado ao da referência.") \
X(HEAD_BY_EXITS, "Their cost", "Seu custo") \
X(HEAD_BY_CALLS, "Longer calls", "Chamadas mais longas") \
X(HEAD_ADDED_PREDICTED, "Predicted", "Previsto") \
X(HEAD_ADDED, "Measured", "Medido") \
X(HEAD_EXITS_EXPLAIN, "Exits explain", "Saídas explicam") \
X(HEAD_UNEXPLAINED, "Unexplained", "Sem explicação") \
X(HEAD_BOTH_EXPLAIN, "Both explain", "Ambos explicam") \
X(BESIDE, "Comparison with the published values", "Comparação com os valores publicados") \
X(BESIDE_CAPTION, "What the study published, what measures it here, and the verdict: reproduced if our whole 95 % interval lies within the published value or bound, widened by 20 %, on the same side of 1; differs if no part of it does; otherwise cannot tell.", \
  "O que o estudo publicou, o que o representa aqui e o veredito: reproduzido onde todo o nosso intervalo de 95 % está dentro do valor ou limite publicado, alargado em 20 %, do mesmo lado de 1; difere onde parte alguma está; senão, não dá para dizer.") \
X(BESIDE_UNCOVERED, "%d more published points have no workload here yet.", "Mais %d pontos publicados ainda não têm carga aqui.") \
X(HEAD_PUBLISHED, "Published in", "Publicado em") \
X(HEAD_WHAT, "What", "O quê") \
X(HEAD_OURS_IS, "Measured by", "Medido por") \
X(HEAD_THEIRS, "Theirs", "Deles") \
X(HEAD_OURS, "Ours", "Nosso") \
X(HEAD_DIFFERS, "What differs in the set-up", "O que difere na montagem") \
X(UNVERIFIED, "unverified", "não verificado") \
X(AGAINST, "%s: %s against %s", "%s: %s contra %s") \
X(REPRODUCED, "reproduced", "reproduzido") \
X(REPRODUCE_DIFFERS, "differs", "difere") \
X(REPRODUCE_CANNOT_TELL, "cannot tell", "não dá para dizer") \
X(REPRODUCE_NOT_MEASURED, "not measured", "não medido") \
X(OTHER_FIGURES, "Other figures", "Outras figuras") \
X(AGAIN_TITLE, "How to run it again", "Como executar de novo") \
X(AGAIN_TEXT, "The same plan, with the same seed and so the same order of trials:", "O mesmo plano, com a mesma semente e portanto a mesma ordem de ensaios:") \
X(REPORT_TEXT, "This report and every number in it are derived from run.json and trials.jsonl alone, without root, on any machine:", "Este relatório e todos os seus números derivam apenas de run.json e trials.jsonl, sem root, em qualquer máquina:") \
X(THEME, "Light or dark", "Claro ou escuro") \
X(STATUS_PARTIAL, "This run is not complete (status: %s): it shows what was measured until then.", "Esta execução não está completa (estado: %s): mostra o que foi medido até então.") \
X(MADE_BY, "Created by tare %s; agent %s.", "Feito por tare %s; agente %s.")

#define WORDS_OF_TRUST(X) \
X(TRUST, "Can I trust it?", "Posso confiar?") \
X(TRUST_NULL, "The null arm: %s measured against a second instance of itself", "O braço nulo: %s medido contra uma segunda instância de si mesmo") \
X(TRUST_NULL_CAPTION, "How much a second instance of the baseline differs from the first. It vetoes no verdict: its variance is in every interval. If it lies outside the margin, no overhead of that workload is called negligible.", "Em quanto uma segunda instância da referência difere da primeira. Ela não veta veredito algum: sua variância está em todos os intervalos. Onde cai fora da margem, nada dessa carga é chamado de desprezível.") \
X(HEAD_MARGIN, "Margin", "Margem") \
X(HEAD_WITHIN, "Within the margin", "Dentro da margem") \
X(HEAD_BLOCKS, "Blocks", "Blocos") \
X(HEAD_STARTS, "Starts", "Partidas") \
X(HEAD_ENDED, "Ended by", "Encerrado por") \
X(YES, "yes", "sim") \
X(NO, "no", "não") \
X(TRUST_TRIALS, "Trials", "Ensaios") \
X(TRIALS_COUNT, "%u trials were recorded, of which %u are warm-up; %u are flagged and kept, %u are left out with a reason.", "Foram registrados %u ensaios, dos quais %u são de aquecimento; %u estão marcados e mantidos, %u ficaram fora com motivo.") \
X(ONE_START, "Within one start: all blocks of an environment come from a single start. The intervals include the luck of a start (placement of memory and threads) as far as this run's null arms show it.", "Dentro de uma só partida: todos os blocos de um ambiente vêm de uma partida. A sorte de uma partida (posição da memória, das threads) está nos intervalos na medida em que os braços nulos desta execução a mostram.") \
X(FLAGS_CAPTION, "Flags: reasons for doubt. Flagged trials are kept.", "Marcas: motivos de dúvida. Os ensaios marcados são mantidos.") \
X(HEAD_FLAG, "Flag", "Marca") \
X(HEAD_TRIALS, "Trials", "Ensaios") \
X(LEFT_OUT_CAPTION, "Trials that are left out, by reason.", "Ensaios deixados de fora, por motivo.") \
X(WITHOUT_CAPTION, "Relative performance with and without the flagged trials.", "Desempenho relativo com e sem os ensaios marcados.") \
X(WITHOUT_NONE, "Without the flagged trials too few blocks remain for an estimate.", "Sem os ensaios marcados restam blocos de menos para uma estimativa.") \
X(HEAD_WITH, "With all trials", "Com todos os ensaios") \
X(HEAD_WITHOUT, "Without flagged ones", "Sem os marcados") \
X(VARIANCE_CAPTION, "Where the width of each interval comes from, and what would narrow it.", "De onde vem a largura de cada intervalo, e o que o estreitaria.") \
X(HEAD_SHARE_TRIAL, "Trial", "Ensaio") \
X(HEAD_SHARE_BLOCK, "Block", "Bloco") \
X(HEAD_SHARE_START, "Start of the environment", "Partida do ambiente") \
X(HEAD_ADVICE, "What would help", "O que ajudaria") \
X(TRUST_PARITY, "Parity: what still differs between the environments", "Paridade: o que ainda difere entre os ambientes") \
X(PARITY_CAPTION, "Facts that each environment reports about itself. The work is the same; these are not.", "Fatos que cada ambiente declara sobre si. O trabalho é o mesmo; estes fatos não.") \
X(PARITY_SAME, "%d facts are the same everywhere: %s.", "%d fatos são iguais em toda parte: %s.") \
X(PARITY_NONE, "No difference was recorded.", "Nenhuma diferença foi registrada.") \
X(HEAD_FACT, "Fact", "Fato") \
X(TRUST_UNAVAILABLE, "What was unavailable", "O que não estava disponível") \
X(ALL_AVAILABLE, "Everything requested could be measured.", "Tudo o que foi pedido pôde ser medido.") \
X(TRUST_CLOCKS, "Clocks", "Relógios") \
X(CLOCKS_CAPTION, "The agent and the harness both time each trial; a trial on which they disagree is flagged.", "Cada ensaio é cronometrado dentro pelo agente e fora pelo harness; um ensaio em que discordam é marcado.") \
X(HEAD_CLOCK, "Clock source", "Fonte do relógio") \
X(HEAD_READ, "Cost of a reading", "Custo de uma leitura") \
X(HEAD_DRIFT, "Drift against the host", "Deriva em relação ao hospedeiro") \
X(HEAD_START, "Start", "Partida") \
X(HEAD_IDLE, "Idle CPU", "CPU ociosa") \
X(HEAD_MEMORY, "Memory", "Memória") \
X(TRUST_COUNTERS, "Counters", "Contadores") \
X(COUNTERS_CAPTION, "Events per operation, counted on the host; n/a gives the reason why an event could not be counted.", "Eventos por operação, contados do hospedeiro; n/a diz por que um evento não pôde ser contado.") \
X(HEAD_COUNTER, "Counter", "Contador") \
X(HEAD_AN_OPERATION, "Per operation", "Por operação") \
X(NO_COUNTERS, "No counter was read in this run.", "Nenhum contador foi lido nesta execução.") \
X(WARNINGS, "Warnings", "Avisos") \
X(DROPPED, "Journal: %s", "Diário: %s") \
X(TIME_SPENT, "Where the time went", "Para onde foi o tempo")

#define WORDS_OF_SETUP(X) \
X(SETUP, "How it was set up", "Como foi montado") \
X(SETUP_HOST, "The host", "O hospedeiro") \
X(SETUP_HOST_CAPTION, "What Tare found on the machine. It changes no settings.", "O que o Tare encontrou na máquina. Ele não muda nenhuma configuração.") \
X(SETUP_PLAN, "The plan", "O plano") \
X(SETUP_PLAN_CAPTION, "What was decided before the first trial.", "O que foi decidido antes do primeiro ensaio.") \
X(SETUP_PLACEMENT, "Placement", "Posicionamento") \
X(SETUP_WORKLOADS, "The workloads", "As cargas de trabalho") \
X(SETUP_WORKLOADS_CAPTION, "Every parameter is resolved once, in the plan, and is the same in every environment.", "Cada parâmetro é resolvido uma vez, no plano, e é o mesmo em todos os ambientes.") \
X(HEAD_SUMMARY, "What it does", "O que faz") \
X(HEAD_STANDS_FOR, "Stands for", "Representa") \
X(HEAD_PARAMETERS, "Parameters", "Parâmetros") \
X(SETUP_ENVIRONMENTS, "The environments", "Os ambientes") \
X(HEAD_KEY, "Key", "Chave") \
X(HEAD_IS, "Value", "Valor")
/* clang-format on */
