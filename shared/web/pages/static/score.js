// Keeps what is typed into forms until the service has taken it, makes photos small enough to send, folds the filters of a
// narrow screen, and prints.
//
// What was typed stays in this tab (sessionStorage), never in an address, under a mark of who typed it: it is put back when
// the same person comes to the form again, and goes when the form was taken, at sign-out, and when somebody else signs in.
"use strict";
(() => {
  const PREFIX = "score-typed:";
  const LONGEST = 12 * 60 * 60 * 1000; // as long as a session lasts
  const SIDE = 2000, QUALITY = 0.85, LARGE = 400_000; // a photo of a page of paper stays legible
  const body = document.body.dataset;
  const me = body.visitor;
  const answered = body.answer !== "none"; // a sign-in page or a failure: the form was not taken

  const all = () => Object.keys(sessionStorage).filter(key => key.startsWith(PREFIX));
  const read = key => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };
  const drop = key => sessionStorage.removeItem(key);
  const keep = (key, draft) => { try { sessionStorage.setItem(key, JSON.stringify(draft)); } catch { drop(key); } };

  const boxes = form => [...form.elements].filter(box => box.name && !["hidden", "file", "password", "submit", "button"].includes(box.type));
  const ticked = box => box.type === "checkbox" || box.type === "radio";
  const typed = form => boxes(form).map(box => ticked(box) ? (box.checked ? [box.name, box.value] : null) : [box.name, box.value]).filter(pair => pair);
  const marks = form => [...form.elements].filter(box => box.type === "hidden" && ["_version", "_once"].includes(box.name)).map(box => [box.name, box.value]);

  const fill = (form, draft) => {
    const left = draft.typed.slice();
    for (const box of boxes(form)) {
      const at = left.findIndex(([name, value]) => name === box.name && (!ticked(box) || value === box.value));
      if (ticked(box)) box.checked = at >= 0;
      else if (at >= 0) box.value = left[at][1];
      if (at >= 0) left.splice(at, 1);
    }
    for (const [name, value] of draft.marks) if (form.elements[name]) form.elements[name].value = value;
  };

  const tell = (form, key) => {
    const notice = document.createElement("div"), text = document.createElement("p"), empty = document.createElement("button");
    notice.className = "notice";
    notice.setAttribute("role", "status");
    text.textContent = form.querySelector("[type=file]") ? body.againFile : body.again;
    Object.assign(empty, { type: "button", className: "plain", textContent: body.empty });
    empty.addEventListener("click", () => { form.reset(); drop(key); notice.remove(); });
    notice.append(text, empty);
    form.prepend(notice);
  };

  for (const key of all()) {
    const draft = read(key);
    if (!draft || Date.now() - draft.at > LONGEST || (me && draft.by && draft.by !== me)) drop(key);
    else if (!answered) keep(key, { ...draft, sent: false });
    else if (draft.sent && performance.getEntriesByType("navigation")[0]?.type === "navigate" && document.referrer.split("#")[0] === draft.page) drop(key);
  }

  if (all().length) for (const box of document.querySelectorAll("[data-unsent]")) box.remove(); // this tab has it already

  const seen = {};
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const action = new URL(form.action).pathname;
    seen[action] = (seen[action] ?? -1) + 1;
    const key = `${PREFIX}${action} ${seen[action]}`;
    const initial = JSON.stringify(typed(form));
    const draft = read(key);
    if (form.querySelector(".summary")) drop(key); // the service drew it again with what was typed
    else if (draft && draft.by === me && JSON.stringify(draft.typed) !== initial) {
      fill(form, draft);
      const around = form.closest("details");
      if (around) around.open = true;
      tell(form, key);
    }
    const note = sent => {
      const now = typed(form);
      if (!sent && JSON.stringify(now) === initial) drop(key);
      else keep(key, { by: me, at: Date.now(), page: location.href.split("#")[0], typed: now, marks: marks(form), sent });
    };
    form.addEventListener("input", () => note(false));
    form.addEventListener("submit", () => note(true));
    form.querySelector("[data-cancel]")?.addEventListener("click", () => drop(key));
  }
  for (const form of document.querySelectorAll("form[data-signs-out]")) form.addEventListener("submit", () => all().forEach(drop));

  // ---- files ----

  const smaller = async file => {
    const picture = await createImageBitmap(file); // turned as the camera says; nothing else of what it notes is kept
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff"; // what is see-through would become black
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise(done => canvas.toBlob(done, "image/jpeg", QUALITY));
    return made && made.size < file.size ? new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  };

  const say = (box, text) => {
    const id = `${box.id}-size`;
    document.getElementById(id)?.remove();
    document.getElementById(`${id}-told`)?.remove();
    box.removeAttribute("aria-invalid");
    if (!text) return;
    box.after(Object.assign(document.createElement("input"), { id: `${id}-told`, type: "hidden", name: "_too_large", value: box.name }));
    const complaint = Object.assign(document.createElement("p"), { id, className: "complaint", textContent: text });
    complaint.setAttribute("role", "alert");
    box.before(complaint);
    box.setAttribute("aria-invalid", "true");
  };

  const take = async box => {
    say(box, "");
    const file = box.files[0];
    if (!file) return;
    const made = file.type.startsWith("image/") && file.size > LARGE && "picture" in box.dataset ? await smaller(file).catch(() => file) : file;
    if (made !== file) {
      const chosen = new DataTransfer();
      chosen.items.add(made);
      box.files = chosen.files;
    }
    if (made.size > Number(box.dataset.most)) {
      box.value = "";
      say(box, box.dataset.tooLarge);
    }
  };

  for (const box of document.querySelectorAll("input[type=file][data-most]")) {
    let pending = null;
    box.addEventListener("change", () => {
      const work = pending = take(box).finally(() => { if (pending === work) pending = null; });
    });
    box.form?.addEventListener("submit", event => {
      if (!pending) return;
      event.preventDefault(); // sent as soon as the photo is small
      pending.then(() => { if (box.files.length) box.form.requestSubmit(event.submitter); });
    });
  }

  const wide = matchMedia("(min-width: 40rem)"); // as in score.css
  for (const box of document.querySelectorAll("[data-folds]")) {
    const fit = () => { box.open = wide.matches; };
    fit();
    wide.addEventListener("change", fit);
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
