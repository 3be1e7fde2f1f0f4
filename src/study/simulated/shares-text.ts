import { fixed, textTable } from '../../core/text-table.ts';
import type { Estimate } from '../predictability/jackknife.ts';
import type { CeilingShare } from './ceiling-shares.ts';

const half = ({ ci95 }: Estimate): number => (ci95[1] - ci95[0]) / 2;
const figure = (estimate: Estimate | undefined, digits: number): string =>
  estimate === undefined ? '' : `${fixed(estimate.value, digits)} ±${fixed(half(estimate), digits)}`;

/** Shares of the filter's R2, over all origins and by group. */
export function sharesText(shares: readonly CeilingShare[]): string {
  const beaten = shares.filter(({ model, overFilter, group }) => model !== 'state' && group === 'all' && overFilter.ci95[0] > 0);
  const rows = shares
    .filter(({ model }) => model !== 'filter')
    .map((share) => [
      `${share.target} ${share.horizon}`,
      share.group,
      share.model,
      String(share.n),
      figure(share.r2, 4),
      figure(share.r2VsHarderWalk, 4),
      figure(share.ofFilter, 2),
      figure(share.ofFilterOverLinear, 2),
    ]);
  return [
    textTable([['', 'origins', 'model', 'n', 'R2', 'vs harder walk', 'share', 'less linear'], ...rows]),
    '',
    'share: R2 over that of the filter, which knows the laws and sees what a maker sees; blank where the filter itself may know nothing. less linear: the',
    "same less linear's share. vs harder walk: R2 against the better of rw and local-level. ± is half of a 95 % interval, jackknife over runs.",
    'Groups are by the regime that the filter holds most likely at the origin; after-shift: it has changed its mind within 20 steps.',
    ...(beaten.length === 0
      ? []
      : [
          `The filter is beaten beyond chance by ${beaten.map(({ model, target, horizon }) => `${model} (${target} ${horizon})`).join(', ')}.`,
        ]),
  ].join('\n');
}
