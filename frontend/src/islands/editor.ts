import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Language, defineLanguageFacet, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { parser } from "@lezer/markdown";
import { jsonHeaders, setting, words } from "../shared/page";
import { Autosave, type Keep, type State, keepInBrowser, keepInMemory } from "./autosave";
import { showConflict } from "./conflict";
import { takeImages } from "./images";
import { markdownKeys } from "./markdownkeys";
import { previewButton } from "./preview";
import { saveOnLeaving, stateText } from "./saving";
import { asks } from "./underlines";

/**
 * `<textarea data-text-url="/texts/ID" data-version="3">` becomes a quiet Markdown editor that saves by itself.
 * The textarea stays in its form, filled with the same words, for whoever sends that form.
 */
export function mountEditor(area: HTMLTextAreaElement): EditorView {
  const frame = frameFor(area);
  const keep = area.hasAttribute("data-private") ? keepInMemory() : keepInBrowser(area.dataset["textUrl"] ?? "", localStorage);
  const saver = saverFor(area, frame, keep, () => view);
  const view = viewFor(area, frame, (body) => {
    area.value = body;
    saver.changed(body);
  });
  if (area.dataset["previewUrl"]) frame.bar.append(previewButton(area.dataset["previewUrl"], frame.box, frame.words, nameOf(area), () => area.value));
  if (area.dataset["imageUrl"]) takeImages(view, frame.box, frame.bar, nameOf(area), area.dataset["imageUrl"]);
  area.addEventListener("typewords", (event) => typeWords(view, String((event as CustomEvent<string>).detail)));
  area.addEventListener("putback", (event) => {
    event.preventDefault();
    replaceAll(view, String((event as CustomEvent<string>).detail));
  });
  saveWhenLeft(view, saver);
  offerKept(area, keep, view, saver);
  return view;
}

/** Words that come from elsewhere on the page, such as a time, at the cursor. */
function typeWords(view: EditorView, said: string): void {
  const { from, to } = view.state.selection.main;
  const before = view.state.sliceDoc(Math.max(0, from - 1), from);
  const text = `${before && !/\s/.test(before) ? " " : ""}${said} `;
  view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length }, scrollIntoView: true, userEvent: "input" });
  view.focus();
}

export interface Frame {
  box: HTMLElement;
  words: HTMLElement;
  bar: HTMLElement;
  say: (state: State, text: string) => void;
}

function frameFor(area: HTMLTextAreaElement): Frame {
  const box = document.createElement("div");
  box.className = `editor${area.rows <= 3 && area.hasAttribute("rows") ? " editor--short" : ""}`;
  const place = document.createElement("div");
  const bar = document.createElement("div");
  bar.className = "editor__bar";
  const state = document.createElement("span");
  state.className = "editor__state";
  state.setAttribute("role", "status");
  bar.append(state);
  box.append(place, bar);
  area.before(box);
  area.hidden = true;
  const say = (kind: State, text: string): void => {
    state.dataset["state"] = kind;
    if (state.textContent !== text) state.textContent = text;
  };
  say("saved", area.dataset["version"] === "0" ? "" : words("saved", "Saved"));
  return { box, words: place, bar, say };
}

function saverFor(area: HTMLTextAreaElement, frame: Frame, keep: Keep, view: () => EditorView): Autosave {
  const saver: Autosave = new Autosave({
    url: area.dataset["textUrl"] ?? "",
    body: area.value,
    version: Number(area.dataset["version"] ?? 0),
    keep,
    headers: jsonHeaders,
    show: (state, detail) => frame.say(state, stateText(state, detail)),
    conflict: (mine, theirs) => showConflict(frame, view(), saver, mine, theirs),
    saved: (version) => {
      area.dataset["version"] = String(version);
      const field = area.form?.elements.namedItem("version");
      if (field instanceof HTMLInputElement) field.value = String(version);
      area.dispatchEvent(new CustomEvent("saved", { bubbles: true, detail: { version } }));
    },
  });
  return saver;
}

function viewFor(area: HTMLTextAreaElement, frame: Frame, changed: (body: string) => void): EditorView {
  const described = area.getAttribute("aria-describedby");
  const view = new EditorView({
    parent: frame.words,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        EditorView.cspNonce.of(setting("csp-nonce")),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": nameOf(area), "aria-multiline": "true", tabindex: "0", spellcheck: "true", autocapitalize: "sentences", ...(described ? { "aria-describedby": described } : {}) }),
        placeholder(area.placeholder),
        history(),
        new Language(defineLanguageFacet(), parser).extension,
        syntaxHighlighting(classHighlighter),
        keymap.of([...markdownKeys, ...historyKeymap, ...defaultKeymap]),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
        setting("questions") ? asks(area, frame, nameOf(area)) : [],
      ],
    }),
  });
  for (const each of area.labels ?? []) {
    each.addEventListener("click", () => view.focus());
    // the editor has the name itself: a label that only stood there to be heard would be heard twice
    each.hidden = each.classList.contains("sr");
  }
  return view;
}

function nameOf(area: HTMLTextAreaElement): string {
  return area.getAttribute("aria-label") ?? area.labels?.[0]?.textContent?.trim() ?? "";
}

function saveWhenLeft(view: EditorView, saver: Autosave): void {
  view.contentDOM.addEventListener("blur", () => void saver.flush());
  view.dom.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    void saver.flush();
  });
  saveOnLeaving(saver);
}

/** Words that never reached the server, from an earlier visit: put back, and saved or laid beside what came since. */
function offerKept(area: HTMLTextAreaElement, keep: Keep, view: EditorView, saver: Autosave): void {
  const kept = keep.read();
  if (!kept) return;
  if (kept.body === area.value) return keep.clear();
  const now = Number(area.dataset["version"] ?? 0);
  if (kept.version < now) saver.rewind(kept.version);
  replaceAll(view, kept.body);
}

export function replaceAll(view: EditorView, body: string): void {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: body }, selection: { anchor: 0 } });
}
