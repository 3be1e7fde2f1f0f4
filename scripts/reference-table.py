#!/usr/bin/env python3
"""Writes test/reference/black-scholes.json: prices and Greeks of European options, evaluated with 50 digits and rounded once.

Run from anywhere: python3 scripts/reference-table.py   (needs mpmath: pip install mpmath)

Inputs are the doubles that stand in the file. Units and signs are those of `greeks` in src/pricing/black-scholes.ts.
`condition` is the sum over the six inputs of |x dV/dx / V|: by how much their rounding is magnified in the price.
"""
import json
from pathlib import Path

from mpmath import erfc, exp, log, mp, mpf, pi, sqrt

mp.dps = 50
OUT = Path(__file__).resolve().parent.parent / 'test' / 'reference' / 'black-scholes.json'
GREEKS = ('price', 'delta', 'gamma', 'vega', 'theta', 'rho')
INPUTS = ('right', 'spot', 'strike', 'years', 'rate', 'yield', 'vol')

# What books print, to the digits they print: (source, inputs, {quantity: printed text}).
HAUG = 'Haug (2007), The Complete Guide to Option Pricing Formulas, 2nd ed., '
HULL = 'Hull (2012), Options, Futures, and Other Derivatives, 8th ed., '
TEXTBOOK = [
    (HAUG + 'section 1.1', ('call', 60, 65, 0.25, 0.08, 0, 0.3), {'price': '2.1334'}),
    (HAUG + 'section 1.1', ('put', 100, 95, 0.5, 0.1, 0.05, 0.2), {'price': '2.4648'}),
    (HAUG + 'section 1.1', ('call', 19, 19, 0.75, 0.1, 0.1, 0.28), {'price': '1.7011'}),
    (HAUG + 'section 1.1', ('put', 19, 19, 0.75, 0.1, 0.1, 0.28), {'price': '1.7011'}),
    (HAUG + 'section 1.1', ('call', 1.56, 1.6, 0.5, 0.06, 0.08, 0.12), {'price': '0.0291'}),
    (HAUG + 'chapter 2', ('call', 105, 100, 0.5, 0.1, 0.1, 0.36), {'delta': '0.5946'}),
    (HAUG + 'chapter 2', ('put', 105, 100, 0.5, 0.1, 0.1, 0.36), {'delta': '-0.3566'}),
    (HAUG + 'chapter 2', ('call', 55, 60, 0.75, 0.1, 0, 0.3), {'gamma': '0.0278'}),
    (HAUG + 'chapter 2', ('call', 55, 60, 0.75, 0.105, 0.0355, 0.3), {'vega': '18.5027'}),
    (HAUG + 'chapter 2', ('put', 430, 405, 1 / 12, 0.07, 0.05, 0.2), {'theta': '-31.1924'}),
    (HAUG + 'chapter 2', ('call', 72, 75, 1, 0.09, 0, 0.19), {'rho': '38.7325'}),
    (HULL + 'chapter 14', ('call', 42, 40, 0.5, 0.1, 0, 0.2), {'price': '4.76'}),
    (HULL + 'chapter 14', ('put', 42, 40, 0.5, 0.1, 0, 0.2), {'price': '0.81'}),
    (HULL + 'chapter 16', ('call', 930, 900, 2 / 12, 0.08, 0.03, 0.2), {'price': '51.83'}),
    (
        HULL + 'chapter 18',
        ('call', 49, 50, 0.3846, 0.05, 0, 0.2),
        {'price': '2.40', 'delta': '0.522', 'gamma': '0.066', 'vega': '12.1', 'theta': '-4.31', 'rho': '8.91'},
    ),
]

# (spot, strike, years, rate, yield, vol): at, in and out of the money, minutes to years, quiet to wild, and the far wings.
GRID = [
    (100, 100, 1, 0, 0, 0.2),
    (100, 100, 1, 0.05, 0.02, 0.2),
    (100, 100.00001, 0.25, 0.01, 0, 0.15),
    (100, 90, 0.5, 0.03, 0, 0.25),
    (100, 110, 0.5, 0.03, 0, 0.25),
    (100, 140, 0.08, 0.03, 0.01, 0.3),
    (100, 60, 0.08, 0.03, 0.01, 0.3),
    (100, 130, 7 / 365, 0, 0, 0.35),
    (100, 75, 7 / 365, 0, 0, 0.35),
    (60000, 80000, 30 / 365, 0.04, 0, 0.6),
    (60000, 40000, 30 / 365, 0.04, 0, 0.6),
    (60000, 60000, 1 / 365, 0, 0, 0.5),
    (60000, 61000, 1 / 8760, 0, 0, 0.5),
    (60000, 59800, 1 / 525600, 0, 0, 0.8),
    (60000, 60000.001, 1 / 525600, 0, 0, 0.01),
    (60000, 250000, 1, 0.04, 0, 0.9),
    (5000, 2500, 0.25, 0.045, 0.013, 0.16),
    (5000, 6500, 0.25, 0.045, 0.013, 0.12),
    (5000, 5001, 5, 0.045, 0.013, 0.18),
    (5000, 5000, 5, -0.005, 0.03, 0.01),
    (0.001, 0.0012, 0.5, 0.1, 0.3, 4),
    (1, 1000, 2, 0, 0, 1.5),
    (1000, 1, 2, 0, 0, 1.5),
    (1, 1, 3, 0.02, 0.01, 3.5),
]


def cdf(x):
    return erfc(-x / sqrt(2)) / 2


def value(right, spot, strike, years, rate, carry, vol):
    """Price, five Greeks and condition number, all as mpf."""
    S, K, T, r, q, v = (mpf(x) for x in (spot, strike, years, rate, carry, vol))
    f = 1 if right == 'call' else -1
    stdev = v * sqrt(T)
    d1 = (log(S / K) + (r - q + v * v / 2) * T) / stdev
    d2 = d1 - stdev
    density = S * exp(-q * T) * exp(-d1 * d1 / 2) / sqrt(2 * pi)
    spot_leg = S * exp(-q * T) * cdf(f * d1)
    strike_leg = K * exp(-r * T) * cdf(f * d2)
    price = f * (spot_leg - strike_leg)
    vega = density * sqrt(T)
    theta = -density * v / (2 * sqrt(T)) + f * (q * spot_leg - r * strike_leg)
    rho = f * T * strike_leg
    moves = (spot_leg, strike_leg, T * theta, r * rho, q * T * spot_leg, v * vega)
    return {
        'price': price,
        'delta': f * spot_leg / S,
        'gamma': density / (S * S * stdev),
        'vega': vega,
        'theta': theta,
        'rho': rho,
        'condition': sum(abs(m) for m in moves) / price,
    }


def row(inputs):
    out = dict(zip(INPUTS, inputs))
    out.update((name, float(x)) for name, x in value(*inputs).items())
    return out


def main():
    rows = [row((right, *inputs)) for inputs in GRID for right in ('call', 'put')]
    for source, inputs, printed in TEXTBOOK:
        entry = row(inputs)
        for quantity, text in printed.items():
            digits = len(text.partition('.')[2])
            assert f'{entry[quantity]:.{digits}f}' == text, (source, quantity, entry[quantity], text)
        rows.append({**entry, 'source': source, 'printed': printed})
    OUT.parent.mkdir(parents=True, exist_ok=True)
    lines = ',\n'.join('  ' + json.dumps(r) for r in rows)
    OUT.write_text(f'[\n{lines}\n]\n')


main()
