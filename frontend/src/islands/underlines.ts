import { type Diagnostic, linter, setDiagnostics } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { placeOf } from "../asks/area";
import { Asking, type Field } from "../asks/asking";
import type { Finding } from "../asks/reading";

/** Underlines in the editor, drawn by its own lint; the card stands below the words, reachable by keyboard and tap. */
export function asks(area: HTMLTextAreaElement, frame: { words: HTMLElement; bar: HTMLElement }, name: string): Extension {
  let view: EditorView;
  let drawn = 0;
  const field: Field = {
    name,
    words: () => view.state.doc.toString(),
    cursor: () => view.state.selection.main.head,
    change: ({ from, to, insert }, [anchor, head]) => {
      view.dispatch({ changes: { from, to, insert }, selection: { anchor, head }, scrollIntoView: true, userEvent: "input" });
      view.focus();
    },
    focus: (at) => {
      view.dispatch({ selection: { anchor: Math.min(at, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
    },
    underline: (findings, moved) => {
      // the editor moves what it draws with the words by itself
      if (moved && findings.length === drawn) return;
      drawn = findings.length;
      view.dispatch(setDiagnostics(view.state, findings.map(marked)));
    },
    hold: (card) => frame.words.after(card),
  };
  const asking = new Asking(placeOf(area), field);
  frame.bar.append(asking.button);
  return [
    linter(null, { tooltipFilter: () => [] }),
    EditorView.updateListener.of((update) => {
      view = update.view;
      if (update.docChanged) asking.changed();
    }),
    EditorView.domEventHandlers({
      focus: (_, shown) => {
        view = shown;
        asking.begin();
      },
      click: (event, shown) => {
        view = shown;
        const at = shown.posAtCoords({ x: event.clientX, y: event.clientY });
        if (at !== null && shown.state.selection.main.empty) asking.touched(at);
      },
      keydown: (event) => asking.key(event),
    }),
  ];
}

function marked({ from, to, message }: Finding): Diagnostic {
  return { from, to, message, severity: "hint", markClass: "asks-mark" };
}
