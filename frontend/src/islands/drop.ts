import { announce, everywhere, setting, words } from "../shared/page";

/**
 * `<form data-drop method="post" enctype="multipart/form-data">` around a file input. Without script it is a form.
 * With it, files can be dropped anywhere on it and each is sent on its own, with its own progress and its own answer.
 */
export function startDrops(): void {
  everywhere<HTMLFormElement>("form[data-drop]", (form) => {
    const input = form.querySelector<HTMLInputElement>("input[type=file]");
    const zone = form.querySelector<HTMLElement>(".drop") ?? form;
    if (!input) return;
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("drop--over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("drop--over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("drop--over");
      void sendAll(form, input, [...(event.dataTransfer?.files ?? [])]);
    });
    input.addEventListener("change", () => {
      if (form.dataset["drop"] !== "wait") void sendAll(form, input, [...(input.files ?? [])]);
    });
  });
}

async function sendAll(form: HTMLFormElement, input: HTMLInputElement, files: File[]): Promise<void> {
  if (!files.length) return;
  if (form.dataset["drop"] === "wait") return hold(input, files);
  const list = fileList(form);
  let last = "";
  const most = Number(form.dataset["limit"]) || Infinity;
  for (const file of files) {
    const item = row(list, file);
    if (file.size < most) last = (await send(form, input.name, file, item)) || last;
    else refuse(item, tooLarge(file, most));
  }
  input.value = "";
  if (last) location.assign(last);
  else form.dispatchEvent(new CustomEvent("sent", { bubbles: true }));
}

/** `data-drop="wait"`: dropped files are only chosen; the form's own button sends them together. */
function hold(input: HTMLInputElement, files: File[]): void {
  const chosen = new DataTransfer();
  for (const file of input.multiple ? files : files.slice(0, 1)) chosen.items.add(file);
  input.files = chosen.files;
  input.dispatchEvent(new Event("chosen", { bubbles: true }));
}

function fileList(form: HTMLFormElement): HTMLElement {
  const found = form.querySelector<HTMLElement>(".drop__files");
  if (found) return found;
  const list = document.createElement("ul");
  list.className = "drop__files";
  (form.querySelector(".drop") ?? form).append(list);
  return list;
}

function row(list: HTMLElement, file: File): HTMLLIElement {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const state = document.createElement("span");
  const bar = document.createElement("progress");
  name.textContent = file.name;
  state.textContent = words("waiting", "Waiting");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  item.append(name, state, bar);
  list.append(item);
  return item;
}

/** The server would close the door in the middle of it, and a browser then tells nothing of what it said. */
export function tooLarge(file: Pick<File, "name" | "size">, most: number): string {
  const values = { name: file.name, size: Math.ceil(file.size / 1e6), most: Math.floor(most / 1e6) };
  return words("toobigfile", "{name} has {size} MB; a file stays under {most} MB. Cut out the channels or the hours that matter.", values);
}

function refuse(item: HTMLLIElement, why: string): void {
  const [, state, bar] = item.children as unknown as [HTMLElement, HTMLElement, HTMLProgressElement];
  bar.hidden = true;
  item.classList.add("is-wrong");
  state.textContent = why;
  announce(why);
}

/** Resolves to the address to go to when the server names one. */
function send(form: HTMLFormElement, field: string, file: File, item: HTMLLIElement): Promise<string> {
  const [, state, bar] = item.children as unknown as [HTMLElement, HTMLElement, HTMLProgressElement];
  const data = new FormData(form);
  data.delete(field);
  data.append(field, file);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-CSRFToken", setting("csrf-token"));
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("Accept", "application/json, text/html");
  request.upload.addEventListener("progress", (event) => {
    bar.value = event.loaded / event.total;
    state.textContent = `${Math.round((100 * event.loaded) / event.total)} %`;
  });
  return new Promise((resolve) => {
    request.addEventListener("loadend", () => {
      const good = request.status >= 200 && request.status < 300;
      bar.hidden = true;
      item.classList.toggle("is-wrong", !good);
      state.textContent = good ? words("received", "Received") : failure(request);
      announce(`${file.name}: ${state.textContent}`);
      resolve(good ? (request.getResponseHeader("HX-Redirect") ?? "") : "");
    });
    request.send(data);
  });
}

export function failure(request: Pick<XMLHttpRequest, "status" | "responseText">): string {
  try {
    const { detail } = JSON.parse(request.responseText) as { detail?: string };
    if (detail) return detail;
  } catch {
    // the answer was a page, not a message
  }
  if (request.status === 413) return words("toobig", "That is more than the server takes at once.");
  return request.status === 0
    ? words("offline", "The server cannot be reached. Nothing you typed is lost; try again in a moment.")
    : words("failed", "That did not work ({status}). Nothing was changed.", { status: request.status });
}
