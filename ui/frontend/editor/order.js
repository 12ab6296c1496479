// Fractional order keys, as library/documents/order.py makes them: a key fits between any two, a move changes one row.
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function shared(low, high) {
  let length = 0;
  while (length < high.length && (low[length] ?? "0") === high[length]) length += 1;
  return length;
}

/** A key strictly between `low` and `high`; an empty string is the open end. */
export function between(low, high) {
  if (high) {
    const length = shared(low, high);
    if (length) return high.slice(0, length) + between(low.slice(length), high.slice(length));
  }
  const first = low ? DIGITS.indexOf(low[0]) : 0;
  const last = high ? DIGITS.indexOf(high[0]) : DIGITS.length;
  if (last - first > 1) return DIGITS[Math.floor((first + last) / 2)];
  if (high.length > 1) return high[0];
  return DIGITS[first] + between(low.slice(1), "");
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** [[key, row], …] in reading order; equal order keys, which a merge can make, fall to the id. */
export function ordered(rows) {
  return Object.entries(rows ?? {}).sort(([a, one], [b, other]) => compare(one.order ?? "", other.order ?? "") || compare(a, b));
}
