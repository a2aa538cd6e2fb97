/* The tranches add up while they are typed. Without scripts they add up when they are saved. */
import { hundredths, words } from "/static/amounts.js";

const dock = document.querySelector("[data-adding]");
const form = dock.closest("form");
const said = dock.querySelector("[role=status]");
const { currency } = dock.dataset;

function add() {
  const amount = hundredths(dock.dataset.adding);
  let sum = 0;
  for (const field of form.querySelectorAll("[name$='.amount']")) sum += hundredths(field.value) ?? 0;
  const { planned, left, more } = dock.dataset;
  said.textContent = planned.replace("{sum}", words(sum, currency)).replace("{amount}", words(amount, currency));
  if (sum === amount) return;
  const difference = document.createElement("b");
  difference.textContent = ` · ${(sum > amount ? more : left).replace("{amount}", words(Math.abs(sum - amount), currency))}`;
  said.append(difference);
}

form.addEventListener("input", add);
