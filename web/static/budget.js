/* The budget adds up while it is typed. Without scripts it adds up when it is saved. */
import { hundredths, words } from "/static/amounts.js";

const form = document.querySelector("form[data-budget]");
const { currency, least, most } = form.dataset;
function typed(line, name) {
  return line.querySelector(`[name$=".${name}"]`).value.trim();
}

function add() {
  let whole = 0, own = 0, rows = 0;
  for (const line of form.querySelectorAll("[data-line]")) {
    const quantity = hundredths(typed(line, "quantity")), cost = hundredths(typed(line, "unit_cost"), currency);
    const amount = quantity && cost ? Math.round((quantity * cost) / 100) : null;
    line.querySelector("[data-amount]").textContent = amount === null ? "—" : words(amount, currency);
    if (amount === null) continue;
    rows += 1;
    whole += amount;
    own += Math.min(hundredths(typed(line, "own_share"), currency) ?? 0, amount);
  }
  form.querySelector("[data-whole]").textContent = words(whole, currency);
  form.querySelector("[data-own]").textContent = words(own, currency);
  for (const place of form.querySelectorAll("[data-asked]")) place.textContent = words(whole - own, currency);
  form.querySelector("[data-over]").hidden = whole - own <= hundredths(most);
  form.querySelector("[data-under]").hidden = !rows || whole - own >= hundredths(least);
}

form.addEventListener("input", add);
