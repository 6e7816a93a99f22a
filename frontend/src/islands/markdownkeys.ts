import type { StateCommand } from "@codemirror/state";
import { EditorSelection } from "@codemirror/state";
import type { KeyBinding } from "@codemirror/view";

const marker = /^(\s*)([-*+]|(\d+)([.)]))(\s+)(\[[ xX]\]\s+)?/;

/** Enter goes on with the list; Enter on an empty item ends it. */
export const continueList: StateCommand = ({ state, dispatch }) => {
  const range = state.selection.main;
  const line = state.doc.lineAt(range.from);
  const found = marker.exec(line.text);
  if (!found || !range.empty || range.from < line.from + found[0].length) return false;
  const empty = line.text.trim() === found[0].trim();
  const next = found[3] ? `${Number(found[3]) + 1}${found[4]}` : found[2];
  const insert = empty ? "" : `\n${found[1]}${next}${found[5]}${found[6] ? "[ ] " : ""}`;
  const from = empty ? line.from : range.from;
  dispatch(state.update({ changes: { from, to: range.to, insert }, selection: EditorSelection.cursor(from + insert.length), scrollIntoView: true, userEvent: "input" }));
  return true;
};

export function around(mark: string): StateCommand {
  return ({ state, dispatch }) => {
    const change = state.changeByRange((range) => ({
      changes: [{ from: range.from, insert: mark }, { from: range.to, insert: mark }],
      range: EditorSelection.range(range.from + mark.length, range.to + mark.length),
    }));
    dispatch(state.update(change, { scrollIntoView: true, userEvent: "input" }));
    return true;
  };
}

/** Tab is left alone: it goes to the next field, as on every page. */
export const markdownKeys: KeyBinding[] = [
  { key: "Enter", run: continueList },
  { key: "Mod-b", run: around("**") },
  { key: "Mod-i", run: around("*") },
];
