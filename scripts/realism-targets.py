#!/usr/bin/env python3
"""Figures of real markets that the bands of docs/realism.md rest on, from the data beside the repository.

Reads ../shared/data relative to the repository; prints figures only. Standard library alone.
Run: python3 scripts/realism-targets.py
"""
import csv
import datetime
import json
import math
import pathlib
import statistics
import sys

DATA = pathlib.Path(__file__).resolve().parent.parent / '..' / 'shared' / 'data'


def rows(path):
    with open(DATA / path, newline='') as file:
        yield from csv.DictReader(file)


def mean(x):
    return sum(x) / len(x)


def sd(x):
    return statistics.stdev(x)


def quantile(x, p):
    x = sorted(x)
    at = p * (len(x) - 1)
    i = int(at)
    return x[i] + (at - i) * (x[min(i + 1, len(x) - 1)] - x[i])


def correlation(x, y):
    a, b = mean(x), mean(y)
    return sum((p - a) * (q - b) for p, q in zip(x, y)) / math.sqrt(sum((p - a) ** 2 for p in x) * sum((q - b) ** 2 for q in y))


def autocorrelation(x, lag):
    m = mean(x)
    return sum((x[i] - m) * (x[i + lag] - m) for i in range(len(x) - lag)) / sum((v - m) ** 2 for v in x)


def excess_kurtosis(x):
    m = mean(x)
    v = mean([(a - m) ** 2 for a in x])
    return mean([(a - m) ** 4 for a in x]) / v ** 2 - 3


def spread(x):
    return 'p10 %.4g  p50 %.4g  p90 %.4g  (n %d)' % (quantile(x, 0.1), quantile(x, 0.5), quantile(x, 0.9), len(x))


def first_component(changes):
    """Share of the largest eigenvalue of the covariance matrix, by power iteration."""
    n = len(changes)
    centred = [[v - mean(c) for v in c] for c in changes]
    cov = [[mean([p * q for p, q in zip(a, b)]) for b in centred] for a in centred]
    vector = [1.0] * n
    for _ in range(500):
        vector = [sum(cov[i][j] * vector[j] for j in range(n)) for i in range(n)]
        size = math.sqrt(sum(v * v for v in vector))
        vector = [v / size for v in vector]
    return size / sum(cov[i][i] for i in range(n))


def return_facts(name, prices):
    """Of one-minute returns, in windows of two hours: as long as the bundled scenarios run."""
    returns = [math.log(b / a) for a, b in zip(prices, prices[1:])]
    windows = [returns[i:i + 120] for i in range(0, len(returns) - 119, 120)]
    absolute = [[abs(v) for v in w] for w in windows]
    show = lambda values: ' '.join('%.3g' % v for v in values)
    print(f'{name}: {len(returns)} one-minute returns, {len(windows)} windows of 2 h')
    print('  excess kurtosis by window:', show(excess_kurtosis(w) for w in windows), ' all:', '%.3g' % excess_kurtosis(returns))
    print('  autocorrelation lag 1:', show(autocorrelation(w, 1) for w in windows), ' all:', '%.3g' % autocorrelation(returns, 1))
    for lag in (1, 5, 15):
        whole = autocorrelation([abs(v) for v in returns], lag)
        print(f'  of absolute returns lag {lag}:', show(autocorrelation(w, lag) for w in absolute), ' all:', '%.3g' % whole)
    lead = [mean([v * v for v in returns[i + 1:i + 6]]) for i in range(len(returns) - 5)]
    print('  leverage, r(t) with mean r2 of the next 5 min: %.3g' % correlation(returns[:len(lead)], lead))


def lobster():
    base = 'lobster-amzn-2012-06-21/AMZN_2012-06-21_34200000_57600000_'
    prices, minute, last = [], 34260.0, None
    born, lives, ends = {}, [], 0
    trades, signs, when = 0, [], None
    cancels = 0
    for message, book in zip(rows(base + 'message_1.csv'), rows(base + 'orderbook_1.csv')):
        time, kind = float(message['Time']), int(message['Type'])
        while time >= minute:
            if last is not None:
                prices.append(last)
            minute += 60
        last = (float(book['BestAsk']) + float(book['BestBid'])) / 2
        order = message['OrderId']
        if kind == 1:
            born[order] = time
        elif kind == 3:
            cancels += 1
            if order in born:
                lives.append(time - born.pop(order))
        elif kind == 4:
            trades += 1
            key = (time, message['Direction'])
            if key != when:
                signs.append(-int(message['Direction']))
            when = key
    return_facts('AMZN 2012-06-21', prices)
    print('  life of cancelled orders, s:', spread(lives), ' cancels per trade: %.3g' % (cancels / trades))
    print('  trade signs, lags 1 5 10:', ' '.join('%.3g' % autocorrelation(signs, lag) for lag in (1, 5, 10)))


def bitstamp():
    state, bids, asks = {}, {}, {}
    prices, minute, last = [], None, None
    lives, cancels, fills = [], 0, 0
    events = sorted(rows('bitstamp-btc-l3-2015-05-01/orders.csv'), key=lambda r: int(r['timestamp']))
    for row in events:
        time = int(row['timestamp']) / 1000
        minute = minute or time + 60
        while time >= minute:
            if last is not None:
                prices.append(last)
            minute += 60
        order, price, left = row['id'], float(row['price']), float(row['volume'])
        side = bids if row['direction'] == 'bid' else asks
        if row['action'] == 'created':
            state[order] = (time, left)
            side[order] = price
        elif row['action'] == 'changed':
            fills += 1
        else:
            side.pop(order, None)
            if left > 0:
                cancels += 1
                if order in state:
                    lives.append(time - state[order][0])
            else:
                fills += 1
        if bids and asks:
            bid, ask = max(bids.values()), min(asks.values())
            if ask > bid:
                last = (ask + bid) / 2
    return_facts('Bitstamp BTC/USD 2015-05-01', prices)
    # Each match changes or deletes one order on each side.
    print('  life of cancelled orders, s:', spread(lives), ' cancels per trade: %.3g' % (cancels / (fills / 2)))


def dvol():
    level = [float(r['dvol_close']) for r in rows('deribit-dvol-btc-hourly/btc_dvol_hourly.csv')]
    log = [math.log(v) for v in level]
    print(f'DVOL hourly 2021-03..2024-12: {len(level)} hours')
    daily = [(level[i], log[i + 24] - log[i]) for i in range(0, len(log) - 24, 24)]
    hourly = [(level[i], log[i + 1] - log[i]) for i in range(len(log) - 1)]
    cuts = (quantile(level, 1 / 3), quantile(level, 2 / 3))
    names = ('calm', 'normal', 'stressed')
    for index, name in enumerate(names):
        own = lambda pairs: [d for v, d in pairs if (v >= cuts[0]) + (v >= cuts[1]) == index]
        print('  %s (third of levels, cuts %.1f %.1f): sd of ln per day %.4f, hourly sd scaled by sqrt 24 %.4f'
              % (name, *cuts, sd(own(daily)), sd(own(hourly)) * math.sqrt(24)))
    phi = autocorrelation(log[::24], 1)
    print('  daily AR(1) %.4f, half-life %.1f d' % (phi, math.log(0.5) / math.log(phi)))
    hours = [d for _, d in hourly]
    print('  autocorrelation of hourly changes, lag 1: %.3f; of absolute ones: %.3f' % (autocorrelation(hours, 1), autocorrelation([abs(v) for v in hours], 1)))
    for lag in (6, 24):
        ratio = mean([(log[i + lag] - log[i]) ** 2 for i in range(len(log) - lag)]) / (lag * mean([v * v for v in hours]))
        print(f'  variance ratio {lag} h over 1 h: {ratio:.3f}')
    weeks = [sum((log[i + 1] - log[i]) ** 2 for i in range(s, s + 168)) ** 0.5 / 7 ** 0.5 for s in range(0, len(log) - 169, 168)]
    print('  realised sd per day within weeks:', spread(weeks))


def panel():
    tenors = (7, 30, 90)
    data = [r for r in rows('deribit-iv-panel/const_maturity.csv') if r['currency'] == 'BTC']
    stamp = lambda r: datetime.datetime.fromisoformat(r['timestamp_utc'].replace('Z', '+00:00')).timestamp()
    pairs = [(a, b, (stamp(b) - stamp(a)) / 86400) for a, b in zip(data, data[1:]) if 0.1 < (stamp(b) - stamp(a)) / 86400 < 0.5]
    change = {t: [math.log(float(b[f'atm_{t}d']) / float(a[f'atm_{t}d'])) / math.sqrt(d) for a, b, d in pairs] for t in tenors}
    spot = [math.log(float(b['index_price']) / float(a['index_price'])) / math.sqrt(d) for a, b, d in pairs]
    # Put less call, as desks quote it here; the file has call less put.
    skew = [-(float(b['rr25_30d']) - float(a['rr25_30d'])) / math.sqrt(d) for a, b, d in pairs]
    ratio = [-(float(b['rr25_30d']) / float(b['atm_30d']) - float(a['rr25_30d']) / float(a['atm_30d'])) / math.sqrt(d) for a, b, d in pairs]
    print(f'Panel BTC 2025-12-30..2026-05-31: {len(pairs)} changes, about 6 h each, per root day')
    print('  sd of ln atm 30d: %.4f (without the largest 1 %%: %.4f)' % (sd(change[30]), sd(sorted(change[30], key=abs)[:int(0.99 * len(pairs))])))
    months = [range(i, min(i + 120, len(pairs))) for i in range(0, len(pairs) - 60, 120)]
    print('  by month: sd', ' '.join('%.3f' % sd([change[30][i] for i in m]) for m in months),
          '; with spot', ' '.join('%.2f' % correlation([change[30][i] for i in m], [spot[i] for i in m]) for m in months))
    print('  correlation of ln atm 30d with spot: %.3f; of the skew: %.3f' % (correlation(change[30], spot), correlation(skew, spot)))
    print('  sd of the 25-delta skew 30d per day: %.4f vol, %.4f of at-the-money;' % (sd(skew), sd(ratio)),
          'by month', ' '.join('%.4f' % sd([skew[i] for i in m]) for m in months))
    levels = [-float(r['rr25_30d']) for r in data]
    print('  skew level:', spread(levels), '; over atm:', spread([-float(r['rr25_30d']) / float(r['atm_30d']) for r in data]))
    atm = [[(float(b[f'atm_{t}d']) - float(a[f'atm_{t}d'])) / math.sqrt(d) for a, b, d in pairs] for t in tenors]
    print('  first component of changes at 7, 30, 90 d: %.3f in vol; %.3f in ln;' % (first_component(atm), first_component([change[t] for t in tenors])),
          'by month', ' '.join('%.3f' % first_component([[c[i] for i in m] for c in atm]) for m in months))


def chains():
    """Screens of the hourly chain of January 2026, a calm market: spreads in vol points near the money, share of two-sided books."""
    buckets = {'<2 d': [], '2-10 d': [], '10-45 d': [], '>45 d': []}
    two, near = 0, 0
    by_hour = {}
    for r in rows('deribit-btc-chain-hourly/btc_chain_hourly_2026-01-23_24.csv'):
        now = datetime.datetime.fromisoformat(r['date'][:19])
        days = (datetime.datetime.fromisoformat(r['expiry_date'][:10]) + datetime.timedelta(hours=8) - now).total_seconds() / 86400
        delta, bid, ask = abs(float(r['delta'])), float(r['bid_iv']), float(r['ask_iv'])
        if days <= 0:
            continue
        name = '<2 d' if days < 2 else '2-10 d' if days < 10 else '10-45 d' if days < 45 else '>45 d'
        if 0.1 <= delta <= 0.9:
            near += 1
            two += bid > 0 and ask > 0
        if 0.4 <= delta <= 0.6 and bid > 0 and ask > 0:
            buckets[name].append(ask - bid)
            by_hour.setdefault((name, r['date']), []).append(ask - bid)
    print('Hourly chain 2026-01-23/24, BTC: spread in vol points at |delta| .4-.6')
    for name, values in buckets.items():
        hours = [statistics.median(v) for (n, _), v in by_hour.items() if n == name]
        print(f'  {name}: {spread(values)}; medians by hour {quantile(hours, 0.05):.2f} to {quantile(hours, 0.95):.2f}; mean {mean(values):.2f}')
    print('  two-sided at |delta| .1-.9: %.3f of %d' % (two / near, near))


def depth():
    own, sides = [], []
    for r in rows('deribit-btc-chain-depth-2020/btc_chain_with_depth_2020-05-21.csv'):
        greeks = json.loads(r['greeks'].replace("'", '"'))
        if not 0.35 <= abs(float(greeks['delta'])) <= 0.65:
            continue
        for key in ('best_bid_amount', 'best_ask_amount'):
            if r.get(key) not in (None, '', '0.0'):
                own.append(float(r[key]))
    print('Depth 2020-05-21, contracts at the touch at |delta| .35-.65:', spread(own))


def trades():
    text = json.loads((DATA / 'deribit-option-trades-sample' / 'btc_option_trades_2026-08-16_17.json').read_text())
    found = sorted(((t['timestamp'], t['amount'], 1 if t['direction'] == 'buy' else -1, i['optionType'])
                    for i in text for t in i['trades']), key=lambda t: t[0])
    stamp = lambda v: v / 1000 if isinstance(v, (int, float)) else datetime.datetime.fromisoformat(v.replace('Z', '+00:00')).timestamp()
    sizes = [float(t[1]) for t in found]
    print('Trades 2026-08-16/17 (one expiry, last half day): sizes p50 %.3g p90 %.3g p99 %.3g' % tuple(quantile(sizes, p) for p in (0.5, 0.9, 0.99)))
    # Matches of one order are one trade, as at Nasdaq above.
    signs = [t[2] for i, t in enumerate(found) if i == 0 or (t[0], t[2]) != (found[i - 1][0], found[i - 1][2])]
    print('  orders that traded: %d of %d trades' % (len(signs), len(found)))
    print('  trade signs, lags 1 5 10:', ' '.join('%.3g' % autocorrelation(signs, lag) for lag in (1, 5, 10)))
    print('  signed size, lags 1 5 10:', ' '.join('%.3g' % autocorrelation([t[2] * float(t[1]) for t in found], lag) for lag in (1, 5, 10)))
    start, end = stamp(found[0][0]), stamp(found[-1][0])
    bins = [0.0] * (int((end - start) / 300) + 1)
    for t in found:
        bins[int((stamp(t[0]) - start) / 300)] += t[2] * float(t[1])
    print('  signed contracts per 5 min, lags 1 2 3:', ' '.join('%.3g' % autocorrelation(bins, lag) for lag in (1, 2, 3)))


if not DATA.is_dir():
    sys.exit('the shared data are not on this machine')
for part in (lobster, bitstamp, dvol, panel, chains, depth, trades):
    part()
