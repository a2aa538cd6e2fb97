/* Small comforts where scripts run; every page works without them. */
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/* The menu closes as people expect: Escape, a click beside it, or leaving it with the keyboard. */
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.firstElementChild.focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

/* On paper nothing can be opened any more. */
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open])")];
  for (const each of opened) each.open = true;
});
addEventListener("afterprint", () => { for (const each of opened) each.open = false; });

for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    field.type = field.type === "password" ? "text" : "password";
    [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
  });
  /* Sent as a password, so that the browser offers to keep it and not the letters. */
  field.form.addEventListener("submit", () => { field.type = "password"; });
}

/* A table wider than its place is scrolled with the keyboard too; a table that fits is no stop on the way. */
const reach = new ResizeObserver((boxes) => {
  for (const { target: box } of boxes) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", box.querySelector("caption")?.textContent ?? "");
    } else for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
  }
});
for (const box of document.querySelectorAll(".scroll")) reach.observe(box);

/* What belongs to one answer shows once that answer is chosen: data-when="name=value". */
for (const part of document.querySelectorAll("[data-when]")) {
  const [name, value] = part.dataset.when.split("=");
  const form = part.closest("form");
  const show = () => { part.hidden = new FormData(form).get(name) !== value && !part.querySelector("[aria-invalid]"); };
  form.addEventListener("change", show);
  show();
}

/* How many words there are, beside how many are enough. */
for (const field of document.querySelectorAll("[data-words]")) {
  const said = field.insertAdjacentElement("afterend", document.createElement("p"));
  said.className = "hint num";
  const count = () => { said.textContent = field.dataset.words.replace("{n}", field.value.split(/\s+/u).filter(Boolean).length); };
  field.form?.addEventListener("input", count);
  count();
}
