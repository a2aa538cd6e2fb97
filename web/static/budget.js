/* The budget adds up while it is typed. Without scripts it adds up when it is saved. */
const form = document.querySelector("form[data-budget]");
const { currency, least, most } = form.dataset;
const georgian = document.documentElement.lang === "ka";
const sign = { EUR: "€", GEL: "₾", USD: "$" }[currency];

/* In hundredths, so that nothing is lost to binary fractions; null when it is no number. */
function hundredths(typed) {
  const bare = typed.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  return /^[0-9]{1,12}(\.[0-9]{1,2})?$/.test(bare) ? Math.round(Number(bare) * 100) : null;
}

/* As the server writes money; browsers have no Georgian numbers. */
function words(cents) {
  const whole = Math.floor(cents / 100).toString().replace(/\B(?=(\d{3})+$)/g, georgian ? "\u00a0" : ",");
  const rest = cents % 100 ? (georgian ? "," : ".") + String(cents % 100).padStart(2, "0") : "";
  if (georgian) return `${whole}${rest}\u00a0${sign}`;
  return currency === "GEL" ? `GEL\u00a0${whole}${rest}` : `${sign}${whole}${rest}`;
}

function typed(line, name) {
  return line.querySelector(`[name$=".${name}"]`).value.trim();
}

function add() {
  let whole = 0, own = 0, rows = 0;
  for (const line of form.querySelectorAll("[data-line]")) {
    const quantity = hundredths(typed(line, "quantity")), cost = hundredths(typed(line, "unit_cost"));
    const amount = quantity && cost ? Math.round((quantity * cost) / 100) : null;
    line.querySelector("[data-amount]").textContent = amount === null ? "—" : words(amount);
    if (amount === null) continue;
    rows += 1;
    whole += amount;
    own += Math.min(hundredths(typed(line, "own_share")) ?? 0, amount);
  }
  form.querySelector("[data-whole]").textContent = words(whole);
  form.querySelector("[data-own]").textContent = words(own);
  for (const place of form.querySelectorAll("[data-asked]")) place.textContent = words(whole - own);
  form.querySelector("[data-over]").hidden = whole - own <= hundredths(most);
  form.querySelector("[data-under]").hidden = !rows || whole - own >= hundredths(least);
}

form.addEventListener("input", add);
