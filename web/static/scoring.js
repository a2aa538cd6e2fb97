/* The weighted total while points are typed; nothing is said before every criterion has points. */
const said = document.querySelector("[data-total]");
const form = said.closest("form");

function add() {
  let made = 0, weight = 0;
  for (const criterion of form.querySelectorAll("[data-weight]")) {
    const typed = criterion.querySelector("[name$='.points']").value.trim().replace(",", ".");
    const most = Number(criterion.dataset.most);
    if (!/^[0-9]{1,3}(\.[0-9])?$/.test(typed) || Number(typed) > most) return (said.hidden = true);
    made += (Number(typed) / most) * Number(criterion.dataset.weight);
    weight += Number(criterion.dataset.weight);
  }
  const total = ((made / weight) * 100).toFixed(1);
  said.textContent = said.dataset.total.replace("{total}", document.documentElement.lang === "ka" ? total.replace(".", ",") : total);
  said.hidden = false;
}

form.addEventListener("input", add);
add();
