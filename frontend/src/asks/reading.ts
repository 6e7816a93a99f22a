import { jsonHeaders, setting } from "../shared/page";
import { paragraphs } from "./paragraphs";

export interface Change {
  title: string;
  from: number;
  to: number;
  insert: string;
}

/**
 * What is asked about some words; places count as the browser does, `begins` and `after` are those of their sentence.
 * `instead`: a beginning takes the place of the sentence. `stands` is the reason the words were let stand for.
 */
export interface Finding {
  key: string;
  rule: string;
  from: number;
  to: number;
  begins: number;
  after: number;
  instead: boolean;
  message: string;
  questions: string[];
  skeletons: string[];
  edits: Change[];
  cap: number;
  stands: string | null;
}

/** Where somebody writes: a text by its id, or a form on a page about something. */
export interface Place {
  text: string;
  about: string;
  field: string;
  under: string;
}

const longest = 20_000;
const most = 100;

/** Asks the server about the paragraphs it has not read yet, and remembers what it said while the page is open. */
export class Reader {
  private known = new Map<string, Finding[]>();

  constructor(private readonly place: Place) {}

  /** All findings of a text in its order; null when the server did not answer. */
  async read(text: string): Promise<Finding[] | null> {
    const all = paragraphs(text, this.place.under).map((each) => ({ ...each, name: `${each.before}\0${each.words}` }));
    const wanted = new Map<string, { words: string; before: string }>();
    for (const { name, words, before } of all) if (!this.known.has(name) && words.length <= longest) wanted.set(name, { words, before });
    for (const batch of batches([...wanted])) {
      const told = await this.asked(batch.map(([, paragraph]) => paragraph));
      if (!told) return null;
      batch.forEach(([name], number) => this.known.set(name, told[number] ?? []));
    }
    this.known = new Map(all.map(({ name }) => [name, this.known.get(name) ?? []]));
    return capped(all.flatMap(({ name, from }) => (this.known.get(name) ?? []).map((each) => shifted(each, from))));
  }

  /** Lets something stand for a reason, or has it asked about again; answers with what went wrong, if anything did. */
  async stand(key: string, reason: string | null): Promise<string> {
    const body = { text: this.place.text, about: this.place.about, key, reason: reason ?? "" };
    const answer = await sent(setting("standing"), reason === null ? "DELETE" : "PUT", body);
    if (!answer?.ok || answer.redirected) return ((await answer?.json().catch(() => ({}))) as { detail?: string } | undefined)?.detail ?? "failed";
    for (const findings of this.known.values()) for (const each of findings) if (each.key === key) each.stands = reason;
    return "";
  }

  private async asked(wanted: { words: string; before: string }[]): Promise<Finding[][] | null> {
    const { text, about, field } = this.place;
    const answer = await sent(setting("questions"), "POST", { text, about, field, paragraphs: wanted });
    if (!answer?.ok || answer.redirected) return null;
    return ((await answer.json()) as { paragraphs: Finding[][] }).paragraphs;
  }
}

function sent(url: string, method: string, body: object): Promise<Response | null> {
  const headers = { "Content-Type": "application/json", ...jsonHeaders() };
  return fetch(url, { method, headers, body: JSON.stringify(body) }).catch(() => null);
}

function batches<T extends [string, { words: string; before: string }]>(wanted: T[]): T[][] {
  const found: T[][] = [];
  let letters = Infinity;
  for (const each of wanted) {
    const size = each[1].words.length + each[1].before.length;
    if (letters + size > longest || found.at(-1)!.length >= most) {
      found.push([]);
      letters = 0;
    }
    found.at(-1)!.push(each);
    letters += size;
  }
  return found;
}

/** A rule that speaks often speaks a few times in one text and is then silent. */
function capped(findings: Finding[]): Finding[] {
  const said = new Map<string, number>();
  return findings.filter(({ rule, cap }) => {
    said.set(rule, (said.get(rule) ?? 0) + 1);
    return !cap || said.get(rule)! <= cap;
  });
}

export function shifted(finding: Finding, by: number): Finding {
  const { from, to, begins, after, edits } = finding;
  return { ...finding, from: from + by, to: to + by, begins: begins + by, after: after + by, edits: edits.map((each) => ({ ...each, from: each.from + by, to: each.to + by })) };
}

/** Findings of a text carried over to what it has become meanwhile: those whose sentence was touched are dropped. */
export function carried(findings: Finding[], before: string, now: string): Finding[] {
  if (before === now) return findings;
  let same = 0;
  while (same < before.length && same < now.length && before[same] === now[same]) same += 1;
  let end = 0;
  while (end < before.length - same && end < now.length - same && before[before.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return findings.flatMap((each) => {
    if (each.after <= same) return [each];
    return each.from >= before.length - end ? [shifted(each, now.length - before.length)] : [];
  });
}
