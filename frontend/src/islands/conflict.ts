import type { EditorView } from "@codemirror/view";
import { announce, language, words } from "../shared/page";
import type { Autosave, Theirs } from "./autosave";
import { type Frame, replaceAll } from "./editor";
import { compared } from "./compare";
import { choice } from "./saving";

/** Two people saved one text. Both are shown; whichever is chosen, the other stays one undo away. */
export function showConflict(frame: Frame, view: EditorView, saver: Autosave, mine: string, theirs: Theirs): void {
  frame.box.querySelector(".conflict")?.remove();
  const panel = document.createElement("section");
  panel.className = "conflict";
  panel.setAttribute("aria-label", words("twoversions", "Two versions of this text"));
  panel.append(explanation(theirs), sideBySide(mine, theirs), choices(panel, frame, view, saver, theirs));
  frame.box.append(panel);
  announce(panel.querySelector("p")?.textContent ?? "");
}

function explanation(theirs: Theirs): HTMLElement {
  const text = document.createElement("p");
  const who = theirs.by || words("somebody", "Somebody");
  const at = new Date(theirs.at);
  const when = Number.isNaN(at.getTime()) ? "" : at.toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  text.textContent = words("savedmeanwhile", "{who} saved this text at {when}, while you were writing. Nothing of yours is lost.", { who, when });
  return text;
}

function sideBySide(mine: string, theirs: Theirs): HTMLElement {
  const [left, right] = compared(mine, theirs.body);
  const both = document.createElement("div");
  both.className = "side-by-side";
  both.append(column(words("yours", "Yours"), left, "ins"), column(words("theirs", "Saved meanwhile"), right, "ins"));
  return both;
}

function column(title: string, parts: { text: string; alone: boolean }[], tag: string): HTMLElement {
  const box = document.createElement("div");
  const head = document.createElement("strong");
  head.textContent = title;
  const body = document.createElement("div");
  body.className = "conflict__words";
  body.tabIndex = 0;
  body.setAttribute("role", "group");
  body.setAttribute("aria-label", title);
  for (const { text, alone } of parts) {
    const piece = alone ? document.createElement(tag) : document.createElement("span");
    piece.textContent = text;
    body.append(piece);
  }
  box.append(head, body);
  return box;
}

function choices(panel: HTMLElement, frame: Frame, view: EditorView, saver: Autosave, theirs: Theirs): HTMLElement {
  const row = document.createElement("p");
  row.className = "row";
  const close = (): void => {
    panel.remove();
    view.focus();
  };
  row.append(
    choice(words("keepmine", "Keep mine"), "button--main", () => {
      close();
      void saver.settle(view.state.doc.toString(), theirs.version);
    }),
    choice(words("taketheirs", "Take theirs"), "", () => {
      replaceAll(view, theirs.body);
      saver.take(theirs);
      close();
      frame.say("saved", words("undoreturns", "Saved. Undo (Ctrl-Z) brings your words back."));
    }),
    choice(words("mergebyhand", "Put both in and merge by hand"), "", () => {
      const both = `${view.state.doc.toString()}\n\n---\n\n${theirs.body}`;
      replaceAll(view, both);
      close();
      void saver.settle(both, theirs.version);
    }),
  );
  return row;
}
