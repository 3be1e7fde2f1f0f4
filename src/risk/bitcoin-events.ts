import type { EventPath } from './event-path.ts';

/**
 * Days of bitcoin. Spot: closes of hourly bars of BTC/USDT at Binance, and the low at the end. Vols: closes of hourly bars of Deribit's DVOL, which
 * begins in 2021, and the high at the end. Minutes count from 00:00 UTC of the first day unless said otherwise.
 */
export const BITCOIN_EVENTS: readonly EventPath[] = [
  {
    // 7,935 to 3,782 dollars. One-month at-the-money vol 184 by Skew on 16 March; the level before, about 60, from one-month realised vol: the
    // course of vol between them is stylised.
    key: 'btc-2020-03-12',
    name: '12-13 Mar 2020 bitcoin',
    path: [
      [0, 0, 60],
      [420, -0.0555, 64],
      [600, -0.0731, 66],
      [660, -0.2419, 105],
      [840, -0.2446, 110],
      [960, -0.2272, 106],
      [1200, -0.2391, 108],
      [1260, -0.2761, 112],
      [1380, -0.2687, 112],
      [1440, -0.395, 145],
      [1500, -0.4134, 152],
      [1560, -0.4794, 170],
      [1576, -0.5233, 184],
    ],
    course: 'measured',
    approximate: true,
  },
  {
    // 42,850 to 30,000 dollars.
    key: 'btc-2021-05-19',
    name: '19 May 2021 bitcoin',
    path: [
      [0, 0, 117],
      [60, -0.0056, 126.4],
      [120, -0.0468, 133.9],
      [180, -0.0589, 137.3],
      [240, -0.0527, 135.6],
      [300, -0.0827, 141.4],
      [360, -0.0852, 129.2],
      [420, -0.081, 128.4],
      [480, -0.0578, 124.6],
      [540, -0.0557, 124],
      [600, -0.0589, 123.6],
      [660, -0.0798, 126],
      [720, -0.0968, 128.8],
      [780, -0.1777, 140.2],
      [790, -0.2999, 144.6],
    ],
    course: 'measured',
    approximate: false,
  },
  {
    // 20,591 to 15,591 dollars. Hours in which little happened are left out.
    key: 'btc-2022-11-08',
    name: '8-9 Nov 2022 bitcoin (FTX)',
    path: [
      [0, 0, 59.5],
      [180, -0.0071, 59.7],
      [300, -0.0463, 65.7],
      [600, -0.0396, 62.8],
      [840, -0.0503, 64.9],
      [960, -0.052, 72.7],
      [1020, -0.0107, 63],
      [1080, -0.0606, 71.3],
      [1140, -0.0967, 81],
      [1200, -0.1134, 86.8],
      [1260, -0.1181, 79.4],
      [1440, -0.0993, 76.7],
      [1620, -0.1196, 76.5],
      [1860, -0.1111, 77.5],
      [1980, -0.1185, 86.9],
      [2040, -0.1373, 94.7],
      [2100, -0.1409, 103.2],
      [2220, -0.1443, 87.6],
      [2340, -0.1429, 89.1],
      [2460, -0.1703, 102],
      [2580, -0.1937, 109],
      [2640, -0.1849, 107.3],
      [2760, -0.2351, 120.1],
      [2770, -0.2428, 122],
    ],
    course: 'measured',
    approximate: false,
  },
  {
    // From 07:00 UTC on 4 August; 60,820 to 49,000 dollars. The high of DVOL fell into the hour of the low.
    key: 'btc-2024-08-04',
    name: '4-5 Aug 2024 bitcoin',
    path: [
      [0, 0, 51.8],
      [60, -0.0073, 53.7],
      [360, 0.004, 53.7],
      [480, -0.0203, 54.5],
      [660, -0.0486, 56.8],
      [780, -0.0257, 53.6],
      [1020, -0.0437, 56.1],
      [1080, -0.0764, 58.8],
      [1140, -0.105, 58.1],
      [1320, -0.1199, 60.9],
      [1380, -0.1332, 63.5],
      [1400, -0.1943, 92.7],
    ],
    course: 'measured',
    approximate: false,
  },
  {
    // From 04:30 UTC. Four chains of Deribit, the last at minute 1020, fitted by `volpit calibrate` (30-day vol, slope and rho from expiries of 7 to 240
    // days; spot is the index). After that the low, about 60,000 dollars with DVOL near 100: press; slope and skew go on as they had.
    key: 'btc-2026-02-05',
    name: '5 Feb 2026 bitcoin',
    path: [
      [0, 0, 56.1],
      [307, 0.0091, 54.4],
      [682, -0.0401, 67.9],
      [1020, -0.0984, 85],
      [1170, -0.153, 100],
    ],
    course: 'measured',
    approximate: true,
    slope: -45,
    skew: -0.2,
  },
];
