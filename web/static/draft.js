/* Saves a part of a draft by itself: when a field is left, and every ten seconds. Without scripts the buttons save. */
const form = document.querySelector("form[data-draft]");
const line = form.querySelector("[data-saved-line]");
let changed = false, saving = false, stopped = false;

function answers() {
  const given = {};
  for (const field of form.elements) {
    if (!field.name || ["csrf_token", "seen", "then"].includes(field.name) || field.name.startsWith("choice.")) continue;
    if (field.type === "radio") given[field.name] = field.checked ? field.value : (given[field.name] ?? "");
    else given[field.name] = field.value;
  }
  return given;
}

async function save() {
  if (!changed || saving || stopped) return;
  saving = true;
  changed = false;
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "PUT",
      headers: { "content-type": "application/json", "x-csrf-token": form.elements.csrf_token.value },
      body: JSON.stringify({ answers: answers(), seen: form.elements.seen.value }),
    });
    const said = await answer.json();
    if (answer.ok) {
      form.elements.seen.value = said.seen;
      line.textContent = form.dataset.saved.replace("{time}", said.saved);
    } else {
      /* Somebody else was here, or it is no longer a draft: the buttons explain and let choose. */
      stopped = true;
      line.textContent = said.title;
    }
  } catch {
    changed = true;
    line.textContent = form.dataset.offline;
  } finally {
    saving = false;
  }
}

if (!form.querySelector("[name^='choice.']")) {
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("change", save);
  form.addEventListener("submit", () => { stopped = true; });
  setInterval(save, 10000);
}
