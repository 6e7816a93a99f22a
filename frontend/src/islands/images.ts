import type { EditorView } from "@codemirror/view";
import { beside, jsonHeaders, words } from "../shared/page";

/** Pictures pasted or dropped into a text are stored as evidence; the text gets the Markdown the server answers with. */
export function takeImages(view: EditorView, box: HTMLElement, bar: HTMLElement, of: string, url: string): void {
  const problems = placeForProblems(box);
  const take = (files: File[], at: number): boolean => {
    const images = files.filter((file) => file.type.startsWith("image/"));
    if (images.length) problems.replaceChildren();
    for (const image of images) void store(view, image, url, at, (text) => problems.append(problem(text)));
    return images.length > 0;
  };
  view.dom.addEventListener("paste", (event) => {
    // cells and words from an office program come with a picture of themselves: the words are what was meant
    if (event.clipboardData?.getData("text/plain")) return;
    if (take([...(event.clipboardData?.files ?? [])], view.state.selection.main.head)) event.preventDefault();
  }, true);
  view.dom.addEventListener("drop", (event) => {
    box.classList.remove("editor--over");
    const at = view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.doc.length;
    if (take([...(event.dataTransfer?.files ?? [])], at)) event.preventDefault();
  }, true);
  view.dom.addEventListener("dragover", () => box.classList.add("editor--over"));
  view.dom.addEventListener("dragleave", () => box.classList.remove("editor--over"));
  bar.append(pictureButton(of, (files) => take(files, view.state.selection.main.head)));
}

/** What was refused stays to be read until the next picture: the words beside it may be saved in the same second. */
function placeForProblems(box: HTMLElement): HTMLElement {
  const place = document.createElement("div");
  place.className = "editor__problems";
  place.setAttribute("role", "alert");
  box.append(place);
  return place;
}

function problem(text: string): HTMLElement {
  const line = document.createElement("p");
  line.textContent = text;
  return line;
}

/** Pasting needs a keyboard; choosing a file does not. */
function pictureButton(of: string, take: (files: File[]) => void): HTMLElement {
  const label = document.createElement("label");
  label.className = "button button--quiet button--s";
  label.append(words("picture", "Picture"), beside(of));
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "image/*";
  input.className = "sr";
  input.addEventListener("change", () => {
    take([...(input.files ?? [])]);
    input.value = "";
  });
  label.append(input);
  return label;
}

async function store(view: EditorView, image: File, url: string, at: number, failed: (text: string) => void): Promise<void> {
  const mark = `![${words("uploading", "storing the picture…")} ${image.name || image.type}-${Date.now() % 1_000_000}]()`;
  view.dispatch({ changes: { from: at, insert: mark } });
  const data = new FormData();
  data.append("image", image);
  const answer = await fetch(url, { method: "POST", body: data, headers: jsonHeaders() }).catch(() => null);
  const told = (await answer?.json().catch(() => ({}))) as { markdown?: string; detail?: string } | undefined;
  const from = view.state.doc.toString().indexOf(mark);
  if (from >= 0) view.dispatch({ changes: { from, to: from + mark.length, insert: told?.markdown ?? "" } });
  if (!told?.markdown) failed(told?.detail ?? words("nopicture", "The picture was not stored. Try it again in a moment."));
}
