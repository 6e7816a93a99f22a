export interface Part {
  text: string;
  alone: boolean;
}

// beyond this the table of the comparison would cost more than it tells
const mostPieces = 1_500;

/** Two texts in pieces; a piece only one of them has is `alone`. */
export function compared(mine: string, theirs: string): [Part[], Part[]] {
  let [left, right] = [wordsOf(mine), wordsOf(theirs)];
  if (left.length > mostPieces || right.length > mostPieces) [left, right] = [linesOf(mine), linesOf(theirs)];
  if (left.length > mostPieces || right.length > mostPieces) return [[{ text: mine, alone: false }], [{ text: theirs, alone: false }]];
  const shared = longestShared(left, right);
  return [parts(left, shared.left), parts(right, shared.right)];
}

function wordsOf(text: string): string[] {
  return text.split(/(\s+)/).filter(Boolean);
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/).filter(Boolean);
}

function longestShared(left: string[], right: string[]): { left: Set<number>; right: Set<number> } {
  const width = right.length + 1;
  const table = new Uint16Array((left.length + 1) * width);
  const cell = (row: number, column: number): number => table[row * width + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      const same = left[row] === right[column];
      table[row * width + column] = same ? cell(row + 1, column + 1) + 1 : Math.max(cell(row + 1, column), cell(row, column + 1));
    }
  }
  const found = { left: new Set<number>(), right: new Set<number>() };
  let [row, column] = [0, 0];
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) {
      found.left.add(row++);
      found.right.add(column++);
    } else if (cell(row + 1, column) >= cell(row, column + 1)) row++;
    else column++;
  }
  return found;
}

function parts(all: string[], shared: Set<number>): Part[] {
  const joined: Part[] = [];
  for (const [index, text] of all.entries()) {
    const alone = !shared.has(index);
    const last = joined.at(-1);
    if (last && last.alone === alone) last.text += text;
    else joined.push({ text, alone });
  }
  return joined;
}
