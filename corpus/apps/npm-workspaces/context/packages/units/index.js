import Fraction from "fraction.js";

const MILLILITRES = { cup: 240, tablespoon: 15, teaspoon: 5 };

/** So much of one measure in another, as cooks write it: "1 1/2". */
export function convert(amount, from, to) {
  if (!(from in MILLILITRES) || !(to in MILLILITRES)) throw new RangeError(`no such measure: ${from}, ${to}`);
  return new Fraction(amount).mul(MILLILITRES[from], MILLILITRES[to]).toFraction(true);
}
