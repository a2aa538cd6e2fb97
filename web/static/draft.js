/* Saves a form by itself: when a field is left, every ten seconds, and when the connection is back. What could not be
   saved stays on this device, under the name of whoever typed it, until it is. Without scripts the buttons save. */
const form = document.querySelector("form[data-draft]");
const line = form.querySelector("[data-saved-line]");
const version = form.elements.seen;
const shelf = `draft of ${form.dataset.owner} at ${form.dataset.draft}`;
const came_back_with_words = form.querySelector("[name^='choice.'], [aria-invalid]") || document.querySelector(".errors");
let changed = false, saving = null, stopped = false;

/* What is not saved must be seen. */
function tell(words, unsaved) {
  line.textContent = words;
  line.classList.toggle("unsaved", unsaved);
}

function answers() {
  const given = {};
  for (const field of form.elements) {
    if (!field.name || ["csrf_token", "then", version.name].includes(field.name) || field.name.startsWith("choice.")) continue;
    if (field.type === "radio") given[field.name] = field.checked ? field.value : (given[field.name] ?? "");
    else given[field.name] = field.value;
  }
  return given;
}

/* The three shapes in which the API takes what is typed: by name, as rows of a table, by criterion. */
const shapes = {
  answers: (given) => ({ answers: given, seen: version.value }),
  rows: (given) => ({ rows: Object.values(nested(given).lines ?? {}), seen: version.value }),
  scores: (given) => ({ ...filled(nested(given)), seen: version.value }),
};

function nested(given) {
  const made = {};
  for (const [name, typed] of Object.entries(given)) {
    const steps = name.split("."), last = steps.pop();
    let here = made;
    for (const step of steps) here = here[step] ??= {};
    here[last] = typed;
  }
  return made;
}

/* Points that are not given are left out; they are no empty number. */
function filled(made) {
  for (const scored of Object.values(made.scores ?? {})) if (!scored.points.trim()) delete scored.points;
  return made;
}

function save() {
  if (!changed || saving || stopped) return;
  changed = false;
  saving = send().finally(() => { saving = null; });
}

async function send() {
  keep(false);
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "PUT",
      headers: { "content-type": "application/json", "x-csrf-token": form.elements.csrf_token.value },
      body: JSON.stringify(shapes[form.dataset.shape ?? "answers"](answers())),
    });
    const said = await answer.json();
    if (answer.ok) {
      version.value = said.seen;
      tell(form.dataset.saved.replace("{time}", said.saved), false);
      if (!changed) forget();
    } else if (answer.status >= 500) {
      changed = true;
      tell(form.dataset.offline, true);
    } else {
      /* Somebody else was here, the session is over, or something is not right: the buttons explain and let choose. */
      tell(said.title, true);
    }
  } catch {
    changed = true;
    tell(form.dataset.offline, true);
  }
}

/* A button that is pressed while a save is on its way waits for it; else it would meet our own change as somebody's. */
function submitted(event) {
  stopped = true;
  keep(true);
  if (!saving) return;
  event.preventDefault();
  saving.then(() => form.requestSubmit(event.submitter));
}

function keep(pressed) {
  try {
    localStorage.setItem(shelf, JSON.stringify({ given: answers(), seen: version.value, pressed }));
  } catch { /* a browser that keeps nothing still has the page */ }
}

function forget() {
  try { localStorage.removeItem(shelf); } catch { /* as above */ }
}

/* A button that was pressed has done its work if the page has moved on since. Whatever never reached the server comes
   back into the fields, with the version it was written on: the server notices if somebody else was faster. */
function restore() {
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(shelf)); } catch { return; }
  if (!kept) return;
  const here = answers();
  const same = Object.keys({ ...here, ...kept.given }).every((name) => (kept.given[name] ?? "") === (here[name] ?? ""));
  if (same || (kept.pressed && kept.seen !== version.value)) return forget();
  /* a row that was only on this device needs a place */
  if (Object.keys(kept.given).some((name) => !(name in here)) && !location.search) return location.replace("?more=1");
  for (const field of form.elements) {
    if (!(field.name in kept.given) || field.type === "hidden") continue;
    if (field.type === "radio") field.checked = field.value === kept.given[field.name];
    else field.value = kept.given[field.name];
  }
  version.value = kept.seen;
  changed = true;
  tell(form.dataset.restored, false);
  form.dispatchEvent(new Event("input", { bubbles: true }));
  save();
}

if (!form.querySelector("[name^='choice.']")) {
  if (!came_back_with_words) restore();
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("change", save);
  form.addEventListener("submit", submitted);
  addEventListener("online", save);
  addEventListener("pagehide", () => { if (changed && !stopped) keep(false); });
  setInterval(save, 10000);
}
