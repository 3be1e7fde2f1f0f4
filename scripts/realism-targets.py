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
import re
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


def variation(times):
    """Standard deviation over mean of the times between events: 1 of a Poisson process."""
    gaps = [b - a for a, b in zip(times, times[1:])]
    return sd(gaps) / mean(gaps)


def norm_cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def black(forward, strike, years, vol, call):
    """Undiscounted Black price, its vega and its forward delta."""
    total = vol * math.sqrt(years)
    d1 = math.log(forward / strike) / total + total / 2
    price = forward * norm_cdf(d1) - strike * norm_cdf(d1 - total)
    vega = forward * math.sqrt(years) * math.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi)
    return price if call else price - forward + strike, vega, norm_cdf(d1) if call else norm_cdf(d1) - 1


def implied_vol(forward, strike, years, price, call):
    """By bisection; None below the intrinsic value."""
    low, high = 1e-3, 5.0
    if not black(forward, strike, years, low, call)[0] < price < black(forward, strike, years, high, call)[0]:
        return None
    for _ in range(60):
        vol = (low + high) / 2
        low, high = (vol, high) if black(forward, strike, years, vol, call)[0] < price else (low, vol)
    return vol


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
    cancels, sizes, ordered, signed = 0, [], [], [0.0] * 78
    halves = [[0, 0, [], []] for _ in range(13)]
    for message, book in zip(rows(base + 'message_1.csv'), rows(base + 'orderbook_1.csv')):
        time, kind = float(message['Time']), int(message['Type'])
        while time >= minute:
            if last is not None:
                prices.append(last)
            minute += 60
        last = (float(book['BestAsk']) + float(book['BestBid'])) / 2
        order = message['OrderId']
        half = halves[min(12, int((time - 34200) / 1800))]
        if kind == 1:
            born[order] = time
        elif kind == 3:
            cancels += 1
            half[0] += 1
            if order in born:
                lives.append(time - born.pop(order))
                half[2].append(lives[-1])
        elif kind == 4:
            trades += 1
            half[1] += 1
            size = float(message['Size'])
            sizes.append(size / 100)
            signed[min(77, int((time - 34200) / 300))] -= int(message['Direction']) * size
            key = (time, message['Direction'])
            if key != when:
                signs.append(-int(message['Direction']))
                half[3].append(signs[-1])
                ordered.append(time)
            when = key
    return_facts('AMZN 2012-06-21', prices)
    print('  life of cancelled orders, s:', spread(lives), ' cancels per trade: %.3g' % (cancels / trades))
    print('  by half-hours: medians of lives', spread([quantile(h[2], 0.5) for h in halves]), '; cancels per trade',
          spread([h[0] / h[1] for h in halves]))
    print('  of cancelled orders live less than 1 s: %.3f; by half-hours' % mean([v < 1 for v in lives]),
          spread([mean([v < 1 for v in h[2]]) for h in halves]))
    print('  trade signs, lags 1 5 10:', ' '.join('%.3g' % autocorrelation(signs, lag) for lag in (1, 5, 10)), '; by half-hours:',
          '; '.join(spread([autocorrelation(h[3], lag) for h in halves]) for lag in (1, 5, 10)))
    print('  sizes in lots of 100: p50 %.3g p90 %.3g p99 %.3g;' % tuple(quantile(sizes, p) for p in (0.5, 0.9, 0.99)),
          'sd over mean of the times between orders that trade: %.2f' % variation(ordered))
    print('  signed shares per 5 min, lags 1 2 3:', ' '.join('%.3g' % autocorrelation(signed, lag) for lag in (1, 2, 3)))


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
    print('  life of cancelled orders, s:', spread(lives), ' cancels per trade: %.3g' % (cancels / (fills / 2)),
          ' less than 1 s: %.3f' % mean([v < 1 for v in lives]))


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
    print('  autocorrelation of hourly changes, lag 1: %.3f; of absolute ones: %.3f'
          % (autocorrelation(hours, 1), autocorrelation([abs(v) for v in hours], 1)))
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
    print('  sd of ln atm 30d: %.4f (without the largest 1 %%: %.4f)'
          % (sd(change[30]), sd(sorted(change[30], key=abs)[:int(0.99 * len(pairs))])))
    months = [range(i, min(i + 120, len(pairs))) for i in range(0, len(pairs) - 60, 120)]
    print('  by month: sd', ' '.join('%.3f' % sd([change[30][i] for i in m]) for m in months),
          '; with spot', ' '.join('%.2f' % correlation([change[30][i] for i in m], [spot[i] for i in m]) for m in months))
    print('  correlation of ln atm 30d with spot: %.3f; of the skew: %.3f' % (correlation(change[30], spot), correlation(skew, spot)))
    print('  sd of the 25-delta skew 30d per day: %.4f vol, %.4f of at-the-money;' % (sd(skew), sd(ratio)),
          'by month', ' '.join('%.4f' % sd([skew[i] for i in m]) for m in months))
    levels = [-float(r['rr25_30d']) for r in data]
    print('  skew level:', spread(levels), '; over atm:', spread([-float(r['rr25_30d']) / float(r['atm_30d']) for r in data]))
    atm = [[(float(b[f'atm_{t}d']) - float(a[f'atm_{t}d'])) / math.sqrt(d) for a, b, d in pairs] for t in tenors]
    print('  first component of changes at 7, 30, 90 d: %.3f in vol; %.3f in ln;'
          % (first_component(atm), first_component([change[t] for t in tenors])),
          'by month', ' '.join('%.3f' % first_component([[c[i] for i in m] for c in atm]) for m in months))
    print('  sd of ln at 7 d over that at 90 d, by month:',
          ' '.join('%.2f' % (sd([change[7][i] for i in m]) / sd([change[90][i] for i in m])) for m in months))
    print('  ln of the vol at 90 d over that at 30 d:', spread([math.log(float(r['atm_90d']) / float(r['atm_30d'])) for r in data]))
    realised = [math.sqrt(mean([spot[i] ** 2 for i in m]) * 365) for m in months]
    print('  vol at 30 d over realised, by month:', ' '.join('%.2f'
          % (mean([float(pairs[i][0]['atm_30d']) for i in m]) / v) for m, v in zip(months, realised)))


BUCKETS = (('<2 d', 0), ('2-10 d', 2), ('10-45 d', 10), ('>45 d', 45))


def bucket(days):
    return [name for name, start in BUCKETS if days >= start][-1]


def by_year(dates, values):
    years = {}
    for date, value in zip(dates, values):
        years.setdefault(date[:4], []).append(value)
    return [v for v in years.values() if len(v) > 100]


def vol_indices():
    data = list(rows('cboe-vol-indices/joined_closes.csv'))
    vix = [(r['date'], float(r['close'])) for r in rows('cboe-vol-indices/vix.csv')]
    level, log = [v for _, v in vix], [math.log(v) for _, v in vix]
    moves = [b - a for a, b in zip(log, log[1:])]
    cuts = (quantile(level, 1 / 3), quantile(level, 2 / 3))
    print('VIX daily 1990-2024: %d days; thirds of levels, cuts %.1f %.1f' % (len(vix), *cuts))
    thirds = lambda first, size: sum(mean(level[first:first + size]) >= cut for cut in cuts)
    months = [(thirds(i, 21), sd(moves[i:i + 21])) for i in range(0, len(moves) - 20, 21)]
    for index, name in enumerate(('calm', 'normal', 'stressed')):
        own = [d for v, d in zip(level, moves) if sum(v >= cut for cut in cuts) == index]
        print('  %s: sd of ln per trading day %.4f; of 21 days' % (name, sd(own)), spread([v for third, v in months if third == index]))
    print('  from open to close over close to close, variance since 2005: %.2f' % open_to_close())
    phi = autocorrelation(log, 1)
    decades = [autocorrelation(log[i:i + 2520], 1) for i in range(0, len(log) - 2000, 2520)]
    print('  daily AR(1) %.4f, half-life %.1f d; by ten years' % (phi, math.log(0.5) / math.log(phi)),
          ' '.join('%.0f' % (math.log(0.5) / math.log(v)) for v in decades))
    dates = [date for date, _ in vix]
    for lag in (2, 6):
        ratios = [mean([(y[i + lag] - y[i]) ** 2 for i in range(len(y) - lag)]) / (lag * mean([(b - a) ** 2 for a, b in zip(y, y[1:])]))
                  for y in by_year(dates, log)]
        print(f'  variance ratio {lag} d over 1 d, by year:', spread(ratios))
    pairs = [(r['date'], float(r['vix']), float(r['spy'])) for r in data if r['vix'] and r['spy']]
    steps = [(b[0], math.log(b[1] / a[1]), math.log(b[2] / a[2])) for a, b in zip(pairs, pairs[1:])]
    years = by_year([s[0] for s in steps], steps)
    print('  correlation of ln VIX with SPY, by year:', spread([correlation([s[1] for s in y], [s[2] for s in y]) for y in years]))
    premium = [pairs[i][1] / 100 / math.sqrt(252 * mean([s[2] ** 2 for s in steps[i:i + 21]])) for i in range(0, len(steps) - 21, 21)]
    print('  VIX over the realised vol of the next 21 days:', spread(premium))
    names = ('vix9d', 'vix', 'vix3m', 'vix6m')
    full = [r for r in data if all(r[n] for n in names)]
    change = {n: [float(b[n]) - float(a[n]) for a, b in zip(full, full[1:])] for n in names}
    logs = {n: [math.log(float(b[n]) / float(a[n])) for a, b in zip(full, full[1:])] for n in names}
    index = by_year([r['date'] for r in full[1:]], range(len(full) - 1))
    share = lambda chosen, y: first_component([[change[n][i] for i in y] for n in chosen])
    print('  first component of changes at 9 d, 30 d, 3 m, by year:', spread([share(names[:3], y) for y in index]),
          ' with 6 m:', spread([share(names, y) for y in index]), ' all years: %.3f' % share(names[:3], range(len(full) - 1)))
    print('  sd of ln at 9 d over that at 3 m, by year:',
          spread([sd([logs['vix9d'][i] for i in y]) / sd([logs['vix3m'][i] for i in y]) for y in index]))
    print('  ln of VIX3M over VIX:', spread([math.log(float(r['vix3m']) / float(r['vix'])) for r in full]))


def open_to_close():
    data = [r for r in rows('cboe-vol-indices/vix.csv') if r['date'] >= '2005']
    log = [(math.log(float(r['open'])), math.log(float(r['close']))) for r in data]
    return mean([(c - o) ** 2 for o, c in log]) / mean([(b[1] - a[1]) ** 2 for a, b in zip(log, log[1:])])


def sp500():
    """In windows of 120 returns, as many as two hours have minutes: what of them does not depend on the horizon."""
    close = [float(r['Adj Close']) for r in rows('sp500-ohlcv-1999-2018/sp500_ohlcv.csv')]
    returns = [math.log(b / a) for a, b in zip(close, close[1:])]
    windows = [returns[i:i + 120] for i in range(0, len(returns) - 119, 120)]
    print(f'S&P 500 daily 1999-2018: {len(returns)} returns, {len(windows)} windows of 120')
    print('  excess kurtosis:', spread([excess_kurtosis(w) for w in windows]), ' all: %.3g' % excess_kurtosis(returns))
    print('  autocorrelation lag 1:', spread([autocorrelation(w, 1) for w in windows]))
    for lag in (1, 5):
        print(f'  of absolute returns lag {lag}:', spread([autocorrelation([abs(v) for v in w], lag) for w in windows]),
              ' all: %.3g' % autocorrelation([abs(v) for v in returns], lag))
    lead = lambda w: correlation(w[:-5], [mean([v * v for v in w[i + 1:i + 6]]) for i in range(len(w) - 5)])
    print('  leverage, r(t) with mean r2 of the next 5 days:', spread([lead(w) for w in windows]), ' all: %.3g' % lead(returns))


def page():
    """Cboe's quote page of 2011-01-24, 14:03: (years, strike, call, bid, ask, volume)."""
    months = 'ABCDEFGHIJKLMNOPQRSTUVWX'
    with open(DATA / 'spx-chain-2011-01-24' / 'spx_quotes_raw_cboe_layout.csv', newline='') as file:
        lines = list(csv.reader(file))[3:]
    now = datetime.datetime(2011, 1, 24, 14, 3)
    for line in lines:
        for cells in (line[:7], line[7:14]):
            found = re.search(r'\(([A-Z]+?)(\d\d)(\d\d)([A-X])([\d.]+)-\w\)', cells[0]) if len(cells) == 7 else None
            if found is None:
                continue
            root, year, day, letter, strike = found.groups()
            place = months.index(letter)
            date = datetime.datetime(2000 + int(year), place % 12 + 1, int(day))
            # The root SPX settles at the opening of the day before the Saturday that it names, others at the close.
            if root == 'SPX':
                end = date - datetime.timedelta(days=date.weekday() == 5) + datetime.timedelta(hours=9.5)
            else:
                end = date + datetime.timedelta(hours=16)
            yield (end - now).total_seconds() / 31536000, float(strike), place < 12, float(cells[3]), float(cells[4]), float(cells[5] or 0)


def etf(day):
    data = list(rows(f'us-etf-chains-2026-08/{day}_SPY.csv'))
    now = max(datetime.datetime.fromisoformat(r['lastTradeDate']) for r in data if r['lastTradeDate'])
    for r in data:
        end = datetime.datetime.fromisoformat(r['expiry'] + 'T20:00:00+00:00')
        number = lambda name: float(r[name]) if r[name] else 0
        # A quote on which nobody has an interest may be of any age.
        if end > now and number('volume') + number('openInterest') > 0:
            yield ((end - now).total_seconds() / 31536000, float(r['strike']), r['type'] == 'C',
                  number('bid'), number('ask'), number('volume'))


def spxw():
    """End-of-day chains of 2018 by day."""
    days = {}
    for r in rows('spx-chain-eod-2018/spxw_chain_eod_2018-01_02.csv'):
        date = lambda text: datetime.datetime.strptime(text, '%m/%d/%Y')
        years = (date(r['expiration']) - date(r['quotedate'])).days / 365
        row = years, float(r['strike']), r['type'] == 'call', float(r['bid']), float(r['ask']), float(r['volume'])
        if years > 0:
            days.setdefault(r['quotedate'], []).append(row)
    return days


def read_chain(quotes):
    """By expiry: years, forward, and of each option (call, delta, vol, spread in vol points or None, volume)."""
    expiries = {}
    for years, strike, call, bid, ask, volume in quotes:
        expiries.setdefault(years, {})[strike, call] = bid, ask, volume
    for years, options in sorted(expiries.items()):
        mid = {key: (bid + ask) / 2 for key, (bid, ask, _) in options.items() if 0 < bid <= ask}
        both = sorted((abs(mid[k, True] - mid[k, False]), k) for k, call in mid if call and (k, False) in mid)[:5]
        if len(both) < 5:
            continue
        forward = statistics.median(k + mid[k, True] - mid[k, False] for _, k in both)
        vols = {}
        for (strike, call), price in mid.items():
            if call == (strike >= forward):
                vol = implied_vol(forward, strike, years, price, call)
                if vol is not None:
                    vols[strike] = vol
        if len(vols) < 10:
            continue
        strikes = sorted(vols)
        seen = []
        for (strike, call), (bid, ask, volume) in options.items():
            vol = vols.get(strike) or vols[min(strikes, key=lambda k: abs(k - strike))]
            _, vega, delta = black(forward, strike, years, vol, call)
            width = (ask - bid) / vega * 100 if 0 < bid <= ask and vega > 0 else None
            seen.append((call, delta, vols.get(strike), width, volume))
        yield years, forward, vols, seen


def at_delta(seen, target, call):
    """Vol at a delta, linear in delta between the options out of the money."""
    points = sorted((d, v) for c, d, v, _, _ in seen if c == call and v is not None and abs(d) <= 0.5)
    for (d0, v0), (d1, v1) in zip(points, points[1:]):
        if d0 <= target <= d1 and d1 > d0:
            return v0 + (v1 - v0) * (target - d0) / (d1 - d0)
    return None


def at_money(forward, vols):
    below, above = max(k for k in vols if k <= forward), min(k for k in vols if k > forward)
    return vols[below] + (vols[above] - vols[below]) * (forward - below) / (above - below)


def index_chains():
    days = spxw()
    sources = [('SPX page 2011-01-24', list(page()))]
    sources += [(f'SPY {day}', list(etf(day))) for day in ('2026-08-12', '2026-08-13', '2026-08-14')]
    sources += [('SPXW closes of January 2018', None), ('SPXW closes of February 2018', None)]
    for name, quotes in sources:
        chains = [quotes] if quotes is not None else [q for day, q in days.items() if day.startswith('01' if 'January' in name else '02')]
        near, wings, two, looked, skews = {}, {}, 0, 0, []
        traded = []
        for years, forward, vols, seen in (expiry for chain in chains for expiry in read_chain(chain)):
            place = bucket(years * 365)
            for call, delta, vol, width, volume in seen:
                traded.append((place, not call, abs(delta), volume))
                if 0.1 <= abs(delta) <= 0.9:
                    looked += 1
                    two += width is not None
                if width is not None and 0.4 <= abs(delta) <= 0.6:
                    near.setdefault(place, []).append(width)
                if width is not None and 0.1 <= abs(delta) <= 0.25:
                    wings.setdefault(place, []).append(width)
            put, call = at_delta(seen, -0.25, False), at_delta(seen, 0.25, True)
            if put is not None and call is not None and 10 <= years * 365 < 100:
                skews.append((put - call) / at_money(forward, vols))
        print(name)
        for place, _ in BUCKETS:
            if len(near.get(place, [])) >= 5:
                middle = quantile(near[place], 0.5)
                print(f'  {place}: spread in vol points at |delta| .4-.6: {spread(near[place])};',
                      'p90 over p50 %.2f; at .1-.25 over it %.2f'
                            % (quantile(near[place], 0.9) / middle, quantile(wings[place], 0.5) / middle))
        print('  two-sided at |delta| .1-.9: %.3f of %d' % (two / looked, looked), '; skew over atm, 10-100 d:', spread(skews))
        print('  contracts traded:', volume_shares(traded))
    for month in ('01', '02'):
        path = []
        for day, chain in sorted(days.items(), key=lambda item: datetime.datetime.strptime(item[0], '%m/%d/%Y')):
            if not day.startswith(month):
                continue
            for years, _, _, seen in read_chain(chain):
                put, call = at_delta(seen, -0.25, False), at_delta(seen, 0.25, True)
                if put is not None and call is not None and years * 365 >= 5:
                    path.append(put - call)
        print(f'SPXW 2018-{month}, daily changes of the 25-delta skew of one expiry: sd %.4f (n %d)'
              % (sd([b - a for a, b in zip(path, path[1:])]), len(path) - 1))


def chains():
    """Screens of the hourly chain of January 2026, a calm market: spreads in vol points near the money, share of two-sided books."""
    buckets = {'<2 d': [], '2-10 d': [], '10-45 d': [], '>45 d': []}
    two, near = 0, 0
    by_hour, wings, traded = {}, {}, {}
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
        if 0.1 <= delta <= 0.25 and bid > 0 and ask > 0:
            wings.setdefault((name, r['date']), []).append(ask - bid)
        # The volume is that of the last 24 h: two days that do not overlap.
        if r['date'][:13] in ('2026-01-23T01', '2026-01-24T01'):
            traded.setdefault(r['date'][:10], []).append((name, r['type'] == 'put', delta, float(r['volume'])))
    print('Hourly chain 2026-01-23/24, BTC: spread in vol points at |delta| .4-.6')
    for name, values in buckets.items():
        hours = [statistics.median(v) for (n, _), v in by_hour.items() if n == name]
        print(f'  {name}: {spread(values)}; medians by hour {quantile(hours, 0.05):.2f} to {quantile(hours, 0.95):.2f}; mean {mean(values):.2f}')
    print('  two-sided at |delta| .1-.9: %.3f of %d' % (two / near, near))
    for name in ('2-10 d', '10-45 d'):
        hours = [(k, v) for k, v in by_hour.items() if k[0] == name]
        print(f'  {name}, by hour: p90 over p50', spread([quantile(v, 0.9) / quantile(v, 0.5) for _, v in hours]),
              '; at |delta| .1-.25 over it', spread([quantile(wings[k], 0.5) / quantile(v, 0.5) for k, v in hours]))
    for day, options in traded.items():
        print(f'  contracts of the 24 h to {day} 01:00:', volume_shares(options))
    for path in sorted((DATA / 'deribit-chain-snapshots').glob('*.csv')):
        options = []
        for r in rows(f'deribit-chain-snapshots/{path.name}'):
            time = datetime.datetime.fromisoformat
            days = (time(r['expiry_datetime']) - time(r['timestamp'])).total_seconds() / 86400
            if r['currency'] == 'BTC' and days > 0:
                options.append((bucket(days), r['option_type'] == 'put', abs(float(r['delta'])), float(r['volume'] or 0)))
        print(f'  contracts of the 24 h to {path.name[25:38]}:', volume_shares(options))


def volume_shares(options):
    """Of (bucket, is a put, |delta|, contracts)."""
    total = sum(volume for *_, volume in options)
    share = lambda keep: sum(o[3] for o in options if keep(o)) / total
    week, month = (share(lambda o: o[0] == name) for name in ('2-10 d', '10-45 d'))
    return '%s; 2-10 d of 2-45 d %.3f, puts %.3f, |delta| < .35 %.3f, .35-.65 %.3f' % (
        ' '.join('%s %.3f' % (name, share(lambda o: o[0] == name)) for name, _ in BUCKETS), week / max(1e-9, week + month),
        share(lambda o: o[1]), share(lambda o: o[2] < 0.35), share(lambda o: 0.35 <= o[2] <= 0.65))


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
    print('Trades 2026-08-16/17 (one expiry, last half day): sizes p50 %.3g p90 %.3g p99 %.3g'
          % tuple(quantile(sizes, p) for p in (0.5, 0.9, 0.99)))
    # Matches of one order are one trade, as at Nasdaq above.
    signs = [t[2] for i, t in enumerate(found) if i == 0 or (t[0], t[2]) != (found[i - 1][0], found[i - 1][2])]
    print('  orders that traded: %d of %d trades' % (len(signs), len(found)))
    print('  trade signs, lags 1 5 10:', ' '.join('%.3g' % autocorrelation(signs, lag) for lag in (1, 5, 10)))
    times = [stamp(t[0]) for i, t in enumerate(found) if i == 0 or (t[0], t[2]) != (found[i - 1][0], found[i - 1][2])]
    print('  sd over mean of the times between orders that trade: %.2f' % variation(times))
    deltas = [abs(black(t['indexPrice'], i['strike'], (i['expiration'] - t['timestamp']) / 31536e6, t['impliedVolatility'] / 100,
                        i['optionType'] == 'call')[2])
              for i in text for t in i['trades'] if t['timestamp'] < i['expiration'] and t['impliedVolatility'] > 0]
    print('  prints at |delta| < .35: %.3f, .35-.65: %.3f of %d; puts %.3f'
          % (mean([d < 0.35 for d in deltas]), mean([0.35 <= d <= 0.65 for d in deltas]), len(deltas), mean([t[3] == 'put' for t in found])))
    print('  signed size, lags 1 5 10:', ' '.join('%.3g' % autocorrelation([t[2] * float(t[1]) for t in found], lag) for lag in (1, 5, 10)))
    start, end = stamp(found[0][0]), stamp(found[-1][0])
    bins = [0.0] * (int((end - start) / 300) + 1)
    for t in found:
        bins[int((stamp(t[0]) - start) / 300)] += t[2] * float(t[1])
    print('  signed contracts per 5 min, lags 1 2 3:', ' '.join('%.3g' % autocorrelation(bins, lag) for lag in (1, 2, 3)))


if not DATA.is_dir():
    sys.exit('the shared data are not on this machine')
for part in (lobster, bitstamp, dvol, panel, chains, depth, trades, vol_indices, sp500, index_chains):
    part()
