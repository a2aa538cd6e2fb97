/* Amounts as people type them, by the rules of foundation/typed.py, and as the server writes them; browsers have no
   Georgian numbers. In hundredths, so that nothing is lost to binary fractions. */
const georgian = document.documentElement.lang === "ka";
const signs = { EUR: "€", GEL: "₾", USD: "$" };
const spaced = /^[0-9]{1,3}([ \u00a0\u2009\u202f'’][0-9]{3})+(?![0-9])/;

/* null when it is no amount, or when it can be read in two ways: the server asks then. */
export function hundredths(typed, currency = "") {
  let bare = typed.replace(/\p{Cf}/gu, "").trim();
  for (const sign of [signs[currency], currency]) if (sign) bare = bare.replace(sign, "").trim();
  if (/^[1-9][0-9]{0,2}[.,][0-9]{3}$/.test(bare)) return null;
  bare = bare.replace(spaced, (grouped) => grouped.replace(/[^0-9]/g, ""));
  const read = /^([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?$/.exec(bare)
    ?? /^([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]+))?$/.exec(bare);
  const part = read?.[2]?.replace(/0+$/, "") ?? "";
  const whole = read?.[1].replace(/[.,]/g, "");
  return !read || part.length > 2 || whole.length > 12 ? null : Number(whole + part.padEnd(2, "0"));
}

export function words(cents, currency) {
  const whole = Math.floor(cents / 100).toString().replace(/\B(?=(\d{3})+$)/g, georgian ? "\u00a0" : ",");
  const rest = cents % 100 ? (georgian ? "," : ".") + String(cents % 100).padStart(2, "0") : "";
  if (georgian) return `${whole}${rest}\u00a0${signs[currency]}`;
  return currency === "GEL" ? `GEL\u00a0${whole}${rest}` : `${signs[currency]}${whole}${rest}`;
}
