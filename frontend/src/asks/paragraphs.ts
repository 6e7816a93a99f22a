/** A paragraph of a Markdown text: where it begins, its words, and the headings it stands under. */
export interface Paragraph {
  from: number;
  words: string;
  before: string;
}

const heading = /^ {0,3}(#{1,6})(?:\s|$)/;
const fence = /^\s*(?:[-*+>]\s+)*(`{3,}|~{3,})/;

/** Splits at blank lines and headings, but never inside fenced code or a comment: what is code there must stay code. */
export function paragraphs(text: string, under = ""): Paragraph[] {
  const found: Paragraph[] = [];
  const above: { level: number; line: string }[] = under ? [{ level: 0, line: `# ${under}` }] : [];
  let from = -1;
  let open = "";
  let at = 0;
  const close = (end: number): void => {
    if (from >= 0) found.push({ from, words: text.slice(from, end), before: above.map(({ line }) => line).join("\n\n") });
    from = -1;
  };
  for (const line of text.split("\n")) {
    const end = at + line.length;
    if (open) {
      if (ends(open, line)) open = "";
    } else if (!line.trim()) {
      close(Math.max(0, at - 1));
    } else {
      const level = heading.exec(line)?.[1]!.length ?? 0;
      if (level) close(Math.max(0, at - 1));
      if (from < 0) from = at;
      open = begins(line);
      if (level) {
        close(end);
        while ((above.at(-1)?.level ?? 0) >= level) above.pop();
        above.push({ level, line });
      }
    }
    at = end + 1;
  }
  close(text.length);
  return found;
}

function begins(line: string): string {
  const code = fence.exec(line)?.[1];
  if (code) return code;
  return line.lastIndexOf("<!--") > line.lastIndexOf("-->") ? "<!--" : "";
}

function ends(open: string, line: string): boolean {
  if (open === "<!--") return line.includes("-->");
  const marks = line.replace(/^[\s>]*/, "").trimEnd();
  return marks.length >= open.length && [...marks].every((letter) => letter === open[0]);
}
