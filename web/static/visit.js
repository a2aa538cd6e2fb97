// The page on which a visit is recorded works without this. With it, photos are made smaller before they are sent,
// one after the other so that a small phone keeps up, the position is read from the phone, and nothing is left unsent
// unasked.
const form = document.querySelector("[data-visit]");
const say = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), form.dataset[name] ?? "");

const LONGEST = 1600;
const QUALITY = 0.72;
// Below this a photo is sent as it is.
const SMALL = 300 * 1024;

async function smaller(file) {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  const share = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(whole.width * share);
  canvas.height = Math.round(whole.height * share);
  canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob || blob.size >= file.size) return file;
  const taken = await takenAt(file);
  return new File(taken ? [blob.slice(0, 2), exifOf(taken), blob.slice(2)] : [blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
}

// A canvas forgets when the camera took the picture: it is read before, and written back, alone.
async function takenAt(file) {
  const head = new TextDecoder("latin1").decode(await file.slice(0, 131072).arrayBuffer());
  return head.includes("Exif") ? (head.match(/(\d{4}:\d\d:\d\d \d\d:\d\d:\d\d)\0/)?.[1] ?? "") : "";
}

function exifOf(taken) {
  const head = [0xff, 0xe1, 0, 72, 69, 120, 105, 102, 0, 0, 77, 77, 0, 42, 0, 0, 0, 8];
  const pointer = [0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0];
  const moment = [0, 1, 0x90, 0x03, 0, 2, 0, 0, 0, 20, 0, 0, 0, 44, 0, 0, 0, 0];
  return new Uint8Array([...head, ...pointer, ...moment, ...new TextEncoder().encode(taken), 0]);
}

function preview(list, file) {
  const item = list.appendChild(document.createElement("li"));
  const image = item.appendChild(document.createElement("img"));
  image.alt = "";
  image.width = 560;
  image.height = 420;
  image.src = URL.createObjectURL(file);
  image.onload = () => URL.revokeObjectURL(image.src);
  const words = item.appendChild(document.createElement("p"));
  words.className = "meta";
  words.textContent = say("saysPhoto", { size: Math.max(1, Math.round(file.size / 1024)) });
}

function watchPhotos(input, list, status) {
  const buttons = form.querySelectorAll("button");
  input.addEventListener("change", async () => {
    status.textContent = say("saysWait");
    buttons.forEach((button) => (button.disabled = true));
    const kept = new DataTransfer();
    list.replaceChildren();
    for (const file of input.files) {
      let ready = file;
      try {
        if (file.size > SMALL) ready = await smaller(file);
      } catch {
        // What this browser cannot draw is sent as it is; the server decides.
      }
      kept.items.add(ready);
      preview(list, ready);
    }
    input.files = kept.files;
    list.hidden = !kept.files.length;
    status.textContent = "";
    buttons.forEach((button) => (button.disabled = false));
  });
}

function watchPosition(box) {
  const field = (name) => form.elements.namedItem(name);
  const status = box.querySelector("[role=status]");
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field("latitude").value = coords.latitude.toFixed(5);
        field("longitude").value = coords.longitude.toFixed(5);
        field("accuracy_m").value = Math.round(coords.accuracy);
        status.textContent = say("saysPosition", { n: Math.round(coords.accuracy) });
      },
      () => (status.textContent = say("saysNone")),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
    );
  });
}

/* What is typed and not sent is asked about before the page is left; one press sends once. */
function watchLeaving() {
  let unsaved = false, sending = false;
  form.addEventListener("input", () => (unsaved = true));
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !sending) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (sending) return event.preventDefault();
    sending = true;
    event.submitter?.setAttribute("aria-busy", "true");
    form.querySelector("[data-photo-status]").textContent = say("saysSending");
  });
  window.addEventListener("pageshow", () => {
    sending = false;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  });
}

if (form) {
  watchLeaving();
  const photos = form.elements.namedItem("photos");
  if (photos && "createImageBitmap" in window)
    watchPhotos(photos, form.querySelector("[data-previews]"), form.querySelector("[data-photo-status]"));
  const box = form.querySelector("[data-position]");
  if (box && "geolocation" in navigator) watchPosition(box);
}
