// What the pages can do beyond links and forms. Everything also works without this file.

const query = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Fetches a page of ours as a document, so that no text is ever made into markup here. */
function fetchPage(address, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : reject(request.status));
    request.onerror = () => reject(0);
    signal.addEventListener("abort", () => request.abort());
    request.send();
  });
}

/** Calls `act` when typing pauses; what was begun before is given up. */
function afterPause(act, milliseconds = 180) {
  let timer;
  let controller = new AbortController();
  return () => {
    clearTimeout(timer);
    controller.abort();
    controller = new AbortController();
    timer = setTimeout(act, milliseconds, controller.signal);
  };
}

/** Shows the results of a search while it is typed. */
function liveSearch(form) {
  const selector = form.dataset.live;
  const search = async (signal) => {
    const place = query(selector);
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    const address = `${form.getAttribute("action")}?${new URLSearchParams(fields)}`;
    const busy = setTimeout(() => place.setAttribute("aria-busy", "true"), 400);
    try {
      const found = query(selector, await fetchPage(address, signal));
      if (signal.aborted) return;
      // Not the page that was asked for: the session is over.
      if (!found) return location.assign(address);
      query(selector).replaceWith(document.adoptNode(found));
      history.replaceState(null, "", address);
    } catch {
      // The old results stay; the button still works.
    } finally {
      clearTimeout(busy);
      query(selector)?.removeAttribute("aria-busy");
    }
  };
  const soon = afterPause(search);
  form.addEventListener("input", soon);
}

/** Ctrl+K or Cmd+K: finds a client from everywhere. */
function palette(dialog) {
  const input = query("input", dialog);
  const list = query("ul", dialog);
  const said = query("[data-said]", dialog);
  let chosen = -1;
  const choose = (place) => {
    const options = all("li", list);
    chosen = options.length ? (place + options.length) % options.length : -1;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
    if (chosen >= 0) {
      input.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };
  const show = (page) => {
    const found = all("[data-client]", page).map((link, index) => {
      const option = document.createElement("li");
      option.id = `paleta-${index}`;
      option.role = "option";
      option.dataset.address = link.getAttribute("href");
      const phone = link.closest("tr").cells[1].textContent.trim();
      option.textContent = phone ? `${link.textContent} · ${phone}` : link.textContent;
      return option;
    });
    list.replaceChildren(...found);
    input.setAttribute("aria-expanded", String(found.length > 0));
    said.textContent = query("#resultados [role=status]", page)?.textContent ?? "";
    choose(0);
  };
  let asked = Promise.resolve();
  const search = (signal) => {
    const address = `/ui/buscar?${new URLSearchParams({ q: input.value })}`;
    asked = fetchPage(address, signal).then((page) => signal.aborted || show(page), () => {});
  };
  let pending = false;
  const soon = afterPause((signal) => {
    pending = false;
    search(signal);
  });
  const open = async () => {
    if (pending) {
      // Enter came before the pause: the answer to what was typed is awaited, not the one before.
      pending = false;
      search(new AbortController().signal);
    }
    await asked;
    const option = all("li", list)[chosen];
    if (option) location.assign(option.dataset.address);
    else query("form", dialog).submit();
  };
  input.addEventListener("input", () => {
    pending = true;
    soon();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      choose(chosen + step);
    } else if (event.key === "Enter") {
      event.preventDefault();
      open();
    } else if (event.key === "Escape") {
      // The field would only empty itself.
      event.preventDefault();
      dialog.close();
    }
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) location.assign(option.dataset.address);
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!dialog.open) dialog.showModal();
      input.select();
    }
  });
}

/** Asks before typed text is left behind. */
function guard(form) {
  const said = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  const before = said();
  let sent = Boolean(query(".mistakes"));
  const leaving = (event) => {
    if (!sent && said() !== before) event.preventDefault();
  };
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("beforeunload", leaving);
}

/** A form is sent once; its button says that it is on its way. */
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    const button = query("button:not([type=button])", form);
    if (button?.getAttribute("aria-disabled") === "true") event.preventDefault();
    else button?.setAttribute("aria-disabled", "true");
  });
  // Back from the page after: the browser shows this one as it was left.
  addEventListener("pageshow", () => query("[aria-disabled]", form)?.removeAttribute("aria-disabled"));
}

/** Says how many characters are left when few are. */
function countCharacters(area) {
  const most = Number(area.dataset.max);
  const counter = document.createElement("p");
  counter.className = "counter";
  counter.role = "status";
  area.after(counter);
  const count = () => {
    const length = [...area.value].length;
    const text = length > most * 0.9 ? `${length.toLocaleString("es-MX")} / ${most.toLocaleString("es-MX")}` : "";
    if (counter.textContent !== text) counter.textContent = text;
  };
  area.addEventListener("input", count);
  count();
}

/** Ctrl+Enter sends what is written. */
function sendByKey(area) {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
  });
}

/** Shows a photo before it is sent, and how far it is on its way. */
function upload(form) {
  const file = query("input[type=file]", form);
  const preview = query(".preview", form);
  const picture = query("img", preview);
  const progress = query(".progress", form);
  const said = query("[data-said]", progress);
  const mistake = query("[data-mistake]", form);
  const button = query("button.primary", form);
  const most = 5 * 1024 * 1024;
  const complain = (text) => {
    mistake.hidden = !text;
    mistake.textContent = text;
    mistake.role = "alert";
  };
  file.addEventListener("change", () => {
    URL.revokeObjectURL(picture.src);
    const chosen = file.files[0];
    const fits = chosen && chosen.size <= most;
    preview.hidden = !fits;
    if (fits) picture.src = URL.createObjectURL(chosen);
    complain(chosen && !fits ? form.dataset.tooLarge : "");
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!progress.hidden) return;
    if (!file.files[0]) {
      complain(form.dataset.required);
      file.focus();
      return;
    }
    if (file.files[0].size > most) {
      complain(form.dataset.tooLarge);
      file.focus();
      return;
    }
    const request = new XMLHttpRequest();
    const end = (text) => {
      progress.hidden = true;
      button.removeAttribute("aria-disabled");
      complain(text);
    };
    request.open("POST", form.action);
    request.responseType = "document";
    request.upload.onprogress = ({ loaded, total }) => {
      const percent = Math.round((loaded / total) * 100);
      query("progress", progress).value = percent;
      const text = `${form.dataset.uploading}: ${percent - (percent % 10)} %`;
      if (said.textContent !== text) said.textContent = text;
    };
    request.onload = () => {
      if (!showAnswer(request.response, request.responseURL)) end(form.dataset.failed);
    };
    request.onerror = () => end(form.dataset.failed);
    request.onabort = () => end("");
    query("[data-cancel]", form).onclick = () => request.abort();
    progress.hidden = false;
    complain("");
    button.setAttribute("aria-disabled", "true");
    request.send(new FormData(form));
  });
}

/** Puts what an answer says in the place of this page; what the browser would do itself, had it sent the form. */
function showAnswer(page, address) {
  const main = query("main", page ?? document.createDocumentFragment());
  if (!main) return false;
  document.title = page.title;
  query("main").replaceWith(document.adoptNode(main));
  history.replaceState(null, "", address);
  enhance(main);
  query("[autofocus]", main)?.focus();
  return true;
}

function enhance(root) {
  all("form[data-live]", root).forEach(liveSearch);
  all("form[data-guard]", root).forEach(guard);
  all("form[method=post]:not([data-upload])", root).forEach(sendOnce);
  all("textarea[data-max]", root).forEach(countCharacters);
  all("textarea[data-send]", root).forEach(sendByKey);
  all("form[data-upload]", root).forEach(upload);
  all("[data-print]", root).forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
}

all("dialog#paleta").forEach(palette);
enhance(document);
