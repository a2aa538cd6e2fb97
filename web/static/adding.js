/* The tranches add up while they are typed. Without scripts they add up when they are saved. */
const dock = document.querySelector("[data-adding]");
const form = dock.closest("form");
const said = dock.querySelector("[role=status]");
const georgian = document.documentElement.lang === "ka";
const sign = { EUR: "€", GEL: "₾", USD: "$" }[dock.dataset.currency];

/* In hundredths, so that nothing is lost to binary fractions; nothing when it is no number. */
function hundredths(typed) {
  const bare = typed.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  return /^[0-9]{1,12}(\.[0-9]{1,2})?$/.test(bare) ? Math.round(Number(bare) * 100) : 0;
}

/* As the server writes money; browsers have no Georgian numbers. */
function words(cents) {
  const whole = Math.floor(cents / 100).toString().replace(/\B(?=(\d{3})+$)/g, georgian ? "\u00a0" : ",");
  const rest = cents % 100 ? (georgian ? "," : ".") + String(cents % 100).padStart(2, "0") : "";
  if (georgian) return `${whole}${rest}\u00a0${sign}`;
  return sign === "₾" ? `GEL\u00a0${whole}${rest}` : `${sign}${whole}${rest}`;
}

function add() {
  const amount = hundredths(dock.dataset.adding);
  let sum = 0;
  for (const field of form.querySelectorAll("[name$='.amount']")) sum += hundredths(field.value);
  const { planned, left, more } = dock.dataset;
  said.textContent = planned.replace("{sum}", words(sum)).replace("{amount}", words(amount));
  if (sum === amount) return;
  const difference = document.createElement("b");
  difference.textContent = ` · ${(sum > amount ? more : left).replace("{amount}", words(Math.abs(sum - amount)))}`;
  said.append(difference);
}

form.addEventListener("input", add);
