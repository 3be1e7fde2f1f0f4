const GOLDEN = 0.618_033_988_749_894_9;

/** Place of the least value of a function with one valley, to within a tolerance, by golden section (Kiefer 1953). */
export function goldenMinimum(loss: (x: number) => number, from: number, to: number, tolerance: number): number {
  let [low, high] = [from, to];
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [lossLeft, lossRight] = [loss(left), loss(right)];
  while (high - low > tolerance) {
    if (lossLeft <= lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - GOLDEN * (high - low);
      lossLeft = loss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + GOLDEN * (high - low);
      lossRight = loss(right);
    }
  }
  return (low + high) / 2;
}
