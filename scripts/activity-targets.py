#!/usr/bin/env python3
"""Figures of one real day that the presets' intraday activity rests on, from the data beside the repository.

Trades, volume and squared returns per minute of AMZN on 2012-06-21: the standard deviation of their logs, and how fast it is forgotten, before
and after the shape of the day (a parabola) is taken out. Prints figures only. Standard library alone.
Run: python3 scripts/activity-targets.py
"""
import csv
import math
import pathlib

DATA = pathlib.Path(__file__).resolve().parent.parent / '..' / 'shared' / 'data' / 'lobster-amzn-2012-06-21'
OPEN, MINUTES = 34200, 390
LAGS = (1, 2, 3, 5, 10, 20, 30)


def rows(name):
    with open(DATA / f'AMZN_2012-06-21_34200000_57600000_{name}_1.csv', newline='') as file:
        yield from csv.DictReader(file)


def autocorrelation(x, lag):
    m = sum(x) / len(x)
    return sum((x[i] - m) * (x[i + lag] - m) for i in range(len(x) - lag)) / sum((v - m) ** 2 for v in x)


def parabola(x, y):
    """Values of the least-squares parabola through the points."""
    a = [[sum(u ** (i + j) for u in x) for j in range(3)] for i in range(3)]
    b = [sum(u ** i * v for u, v in zip(x, y)) for i in range(3)]
    for i in range(3):
        for j in range(i + 1, 3):
            q = a[j][i] / a[i][i]
            a[j] = [u - q * v for u, v in zip(a[j], a[i])]
            b[j] -= q * b[i]
    c = [0, 0, 0]
    for i in (2, 1, 0):
        c[i] = (b[i] - sum(a[i][j] * c[j] for j in range(i + 1, 3))) / a[i][i]
    return [c[0] + c[1] * u + c[2] * u * u for u in x]


def show(what, x):
    m = sum(x) / len(x)
    sd = math.sqrt(sum((v - m) ** 2 for v in x) / (len(x) - 1))
    print(f'  {what}: sd {sd:.2f}, autocorrelation', '  '.join(f'{lag} min {autocorrelation(x, lag):.2f}' for lag in LAGS))


def report(name, values):
    minutes = [i for i, v in enumerate(values) if v > 0]
    logs = [math.log(values[i]) for i in minutes]
    shape = parabola([i / MINUTES - 0.5 for i in minutes], logs)
    open_, middle, close = (math.exp(shape[i]) for i in (0, len(shape) // 2, -1))
    print(f'{name}: {len(logs)} minutes; open {open_ / middle:.1f}, close {close / middle:.1f} times midday')
    show('ln as it is   ', logs)
    show('ln less shape ', [v - s for v, s in zip(logs, shape)])


def main():
    trades, volume, squares = ([0] * MINUTES for _ in range(3))
    last, before, look = None, None, OPEN
    for message, book in zip(rows('message'), rows('orderbook')):
        time = float(message['Time'])
        minute = min(MINUTES - 1, int((time - OPEN) // 60))
        if message['Type'] in ('4', '5'):
            trades[minute] += 1
            volume[minute] += int(message['Size'])
        while time >= look:
            if last is not None and before is not None:
                squares[min(MINUTES - 1, int((look - OPEN) // 60))] += math.log(last / before) ** 2
            before, look = last, look + 10
        last = (float(book['BestAsk']) + float(book['BestBid'])) / 2
    report('trades per minute', trades)
    report('volume per minute', volume)
    report('squared 10 s returns per minute', squares)


main()
