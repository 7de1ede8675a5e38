#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a run directory with made-up trials, for tests of figures and report.

tests/synthetic_run.py DIR [KEY=VALUE...]
  subjects=N     environments beside the baseline, 1 to 8 (2)
  long=1         labels of 40 characters        hostile=1    labels and host facts with markup
  blocks=N       blocks of each workload (12)   extra=N      more workloads in each panel (0)
  slowest=X      the last environment is X times slower (5; 1000 and 0.001 too)
  missing=ARM    that arm is unavailable        broken=PANEL no valid trial in that panel
  nan=1          some values are NaN or negative
  figure=NAME    what the study is drawn as     depths=N     disk.randread at N queue depths (0)
  metric=NAME    what memory.stream's headline is called
  study=NAME     of that study (overhead)       comparable=1 every environment is comparable
  null=X         the null arm differs from the baseline by that factor (1)
  fast=1         trials share a few histograms: for journals of 100,000 trials
"""
import json, math, os, random, sys

options = dict(a.split('=', 1) for a in sys.argv[2:])
def option(key, fallback): return type(fallback)(options.get(key, fallback))

LABELS = {'container': 'container (runc)', 'vm': 'VM (emulated, TCG)', 'microvm': 'microVM (kvm_pvm, shadow paging)',
          'nested': 'container in VM (emulated, TCG)', 'container:net=host': 'container (runc, net=host)',
          'vm:disk=ide': 'VM (emulated, TCG, disk=ide)', 'container:runtime=runsc': 'container (runsc)',
          'sim:overhead=5%': 'simulated, 5 % overhead'}
WORKLOADS = [('cpu', 'compress', 'MB/s', 'higher', 12.4), ('memory', 'stream', 'GB/s', 'higher', 38.2),
             ('disk', 'randomrw', 'IO/s', 'higher', 18400.0), ('network', 'rr', 'us', 'lower', 21.5)]
EXTRA = [('cpu', 'prime', 'events/s', 'higher', 1210.0), ('memory', 'latency', 'ns', 'lower', 92.0),
         ('disk', 'fsync', 'us', 'lower', 104.0), ('network', 'stream', 'Gbit/s', 'higher', 15.8)]

def latency(draw, median_ns, count=400):
    counts = {}
    for _ in range(count):
        value = int(median_ns * math.exp(draw.gauss(0, 0.35) + (2.0 if draw.random() < 0.01 else 0)))
        shift = max(0, value.bit_length() - 8)
        index = value if value < 128 else (shift << 7) + (value >> shift)
        counts[index] = counts.get(index, 0) + 1
    flat = [n for index in sorted(counts) for n in (index, counts[index])]
    return {'unit': 'ns', 'buckets': 128, 'count': count, 'sum': median_ns * count, 'min': 1,
            'max': int(median_ns * 9), 'counts': flat}

def latency_text(draw, median_ns, pool, key):
    if key is None: return json.dumps({'latency': latency(draw, median_ns)})
    if key not in pool: pool[key] = json.dumps({'latency': latency(draw, median_ns)})
    return pool[key]

def headline(panel, name, better):
    if name == 'stream' and panel == 'memory' and 'metric' in options: return options['metric']
    return 'throughput' if better == 'higher' else 'mean'

def workload(panel, name, unit, better):
    metrics = [{'name': headline(panel, name, better), 'unit': unit, 'better': better}]
    if panel in ('disk', 'network'):
        metrics += [{'name': n, 'unit': 'us', 'better': 'lower', 'histogram': 'latency', 'percentile': p}
                    for n, p in (('p50', 0.5), ('p99', 0.99))]
    return {'name': f'{panel}.{name}', 'version': 1, 'panel': panel, 'summary': f'{name} of {panel}',
            'stands_for': 'a workload of the study', 'metrics': metrics, 'parameters': [],
            'needs': {}, 'values': {'size': 1 << 30}, 'target': 0.05, 'note': ''}

def main():
    directory = sys.argv[1]
    draw = random.Random(option('seed', 7))
    names = list(LABELS)[:option('subjects', 2)]
    labels = {'bare': 'bare metal', **{n: LABELS[n] for n in names}}
    if option('long', 0):
        labels = {n: (f'{l}, with every option there is and more')[:40] if n != 'bare' else l for n, l in labels.items()}
        if names: labels[names[-1]] = 'an_environment_name_without_any_space_40'
    if option('hostile', 0):
        labels[names[-1]] = '<script>alert(1)</script>\'`id`"%s\n@x'
    rows = WORKLOADS + [(p, n + (str(i) if i else ''), u, b, v) for i in range(option('extra', 0)) for p, n, u, b, v in EXTRA]
    rows += [('disk', f'randread:depth={1 << i}', 'IO/s', 'higher', 18000.0 * 1.7 ** i) for i in range(option('depths', 0))]
    arms = [{'id': 'bare', 'environment': 'bare', 'role': 'baseline'}, {'id': 'bare#null', 'environment': 'bare', 'role': 'null'}]
    arms += [{'id': n, 'environment': n, 'role': 'subject'} for n in names]
    missing = options.get('missing', '')
    environments = {n: {'label': l, 'available': n != missing, 'comparable': 'TCG' not in l or bool(option('comparable', 0)), 'reason':
                    ('software emulation: not what KVM would pay' if 'TCG' in l else '') if n != missing else 'qemu-system-x86_64 is not installed: no virtual machine runs: apt-get install qemu-system-x86',
                    'describe': {'kind': n.split(':')[0], 'command': '<b>qemu</b>'}, 'hello': {'kernel': '6.1.0', 'clocksource': 'tsc', 'cpus': 1, 'memory': 1 << 31},
                    'start_seconds': [0.04], 'idle_cpu': 0.001, 'memory_bytes': 5e7} for n, l in labels.items()}
    run = {'schema': 1, 'id': '20261123T013400Z-overhead-3f2a', 'status': 'complete',
           'study': {'name': option('study', 'overhead'), 'title': 'Overhead of virtualization', 'figure': option('figure', 'overhead')},
           'tare': {'version': '0.1.0', 'commit': 'abc1234'}, 'command': ['tare', 'run', 'overhead', '--seed', '42'],
           'started': '2026-11-23T01:34:00Z', 'ended': '2026-11-23T01:35:50Z', 'agent': {'hash': 'ab' * 32, 'version': '0.1.0'},
           'plan': {'preset': 'quick', 'seed': 42, 'baseline': 'bare', 'confidence': 0.95, 'trial_seconds': 0.3, 'min_blocks': 12,
                    'max_blocks': 40, 'starts': 1, 'budget_seconds': 120, 'slow': {},
                    'workloads': [workload(*r[:4]) for r in rows], 'arms': arms},
           'placement': {'trial_cpus': [0], 'other_cpus': [1], 'memory_bytes': 1 << 31, 'scratch_bytes': 1 << 30},
           'host': {'name': 'a<b>&host' if option('hostile', 0) else 'host', 'cpu_model': 'AMD EPYC', 'cpus': 2, 'memory_bytes': 25e9,
                    'kernel': '6.18.0', 'hypervisor': 'kvm', 'virtualized': True},
           'environments': environments,
           'parity': [{'fact': 'kernel', 'values': {n: '6.1.0' if 'vm' in n else '6.18.0' for n in labels}, 'differs': True},
                      {'fact': 'agent', 'values': {n: 'abab' for n in labels}, 'differs': False}],
           'time': {'total': 110, 'trials': 62, 'starting': 6, 'preparing': 20, 'reporting': 2, 'other': 20},
           'predictions': [], 'warnings': []}
    os.makedirs(directory, exist_ok=True)
    with open(f'{directory}/run.json', 'w') as out: json.dump(run, out, indent=1)
    sequence, now, pool = 0, 2.0, {}
    with open(f'{directory}/trials.jsonl', 'w') as out:
        for row in rows:
            panel, name, unit, better, typical = row
            panel_cost = {'cpu': 0.05, 'memory': 0.1, 'disk': 1.0, 'network': 0.8}[panel]
            for block in range(-1, option('blocks', 12)):
                order = arms[:]
                draw.shuffle(order)
                for position, arm in enumerate(order):
                    if arm['environment'] == missing: continue
                    index = names.index(arm['id']) if arm['id'] in names else -1
                    slow = 1.0 if index < 0 else 1 + index * 0.3 * panel_cost
                    if index >= 0 and index == len(names) - 1: slow = 1 + (option('slowest', 5.0) - 1) * panel_cost if option('slowest', 5.0) > 1 else option('slowest', 5.0)
                    if arm['role'] == 'null': slow = option('null', 1.0)
                    slow *= math.exp(draw.gauss(0, 0.008)) * (1 + 0.001 * block)
                    value = typical / slow if better == 'higher' else typical * slow
                    if option('nan', 0) and draw.random() < 0.2: value = draw.choice([None, -1.0, 0.0])
                    sequence += 1
                    now += 0.32
                    trial = {'record': 'trial', 'sequence': sequence, 'workload': f'{panel}.{name}', 'arm': arm['id'], 'start': 0,
                             'block': max(block, 0), 'position': position, 'warmup': block < 0, 'time': round(now, 3), 'operations': 1000.0 / slow,
                             'values': {headline(panel, name, better): value}, 'histograms': {}, 'usage': {'user': 0.2, 'system': 0.05},
                             'notes': {}, 'inside_seconds': 0.3, 'outside_seconds': 0.3005, 'round_trip_seconds': 0.0004,
                             'host_cpu_seconds': 0.3 * (1.6 if 'vm' in arm['id'] else 1.05), 'load_cpu_seconds': 0, 'instance_cpu_seconds': 0.3,
                             'evidence': {'steal_seconds': 0}, 'counters': {}, 'flags': ['steal'] if draw.random() < 0.04 else []}
                    histograms = '{}'
                    if panel in ('disk', 'network'): histograms = latency_text(draw, 40000 * slow, pool, (arm['id'], block % 5) if option('fast', 0) else None)
                    if panel == options.get('broken'):
                        for key in ('values', 'histograms', 'operations'): trial.pop(key)
                        trial['error'] = {'code': 'EIO', 'message': 'read of 8192 bytes: Input/output error'}
                    out.write(json.dumps(trial).replace('"histograms": {}', f'"histograms": {histograms}') + '\n')
            out.write(json.dumps({'record': 'event', 'time': now, 'event': 'decided', 'arm': None, 'workload': f'{panel}.{name}', 'message': 'precision'}) + '\n')

main()
