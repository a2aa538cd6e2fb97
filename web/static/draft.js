/* Saves a part of a draft by itself: when a field is left, and every ten seconds. Without scripts the buttons save. */
const form = document.querySelector("form[data-draft]");
const line = form.querySelector("[data-saved-line]");
let changed = false, saving = null, stopped = false;

function answers() {
  const given = {};
  for (const field of form.elements) {
    if (!field.name || ["csrf_token", "seen", "then"].includes(field.name) || field.name.startsWith("choice.")) continue;
    if (field.type === "radio") given[field.name] = field.checked ? field.value : (given[field.name] ?? "");
    else given[field.name] = field.value;
  }
  return given;
}

function save() {
  if (!changed || saving || stopped) return;
  changed = false;
  saving = send().finally(() => { saving = null; });
}

async function send() {
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
  }
}

/* A button that is pressed while a save is on its way waits for it; else it would meet our own change as somebody's. */
function submitted(event) {
  stopped = true;
  if (!saving) return;
  event.preventDefault();
  saving.then(() => form.requestSubmit(event.submitter));
}

if (!form.querySelector("[name^='choice.']")) {
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("change", save);
  form.addEventListener("submit", submitted);
  setInterval(save, 10000);
}
