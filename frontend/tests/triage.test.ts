import { beforeEach, expect, test } from "vitest";
import { mountTriage } from "../src/islands/triage";

let sent: string[];

function page(): void {
  const line = (id: string, kind = ""): string => `<li class="line ${kind}" data-line="${id}">
    <button form="take" data-key="a" name="number" value="${id}"></button><button form="leave" data-key="x" name="number" value="${id}"></button>
    <a href="#edit-${id}" data-key="e">Edit</a></li>`;
  document.body.innerHTML = `<div id="live-region"></div><input data-triage-filter>
    <ol data-triage>${line("1")}${line("2", "line--proposed")}${line("3")}${line("4")}</ol>
    <form id="take" data-name="accept"></form><form id="leave" data-name="leave"></form><form data-key="u" data-name="undo"></form><form data-key="m" data-name="merge"></form><span data-chosen-count></span>`;
}

function press(key: string, shiftKey = false): void {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent("keydown", { key: shiftKey ? key.toUpperCase() : key, shiftKey, bubbles: true, cancelable: true }));
}

const current = (): string => document.querySelector<HTMLElement>(".is-current")?.dataset["line"] ?? "";
const chosen = (): string[] => [...document.querySelectorAll<HTMLElement>(".is-chosen")].map((line) => line.dataset["line"] ?? "");

beforeEach(() => {
  sent = [];
  page();
  document.body.onsubmit = (event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    sent.push([form.dataset["name"], ...[(event.submitter as HTMLButtonElement | null)?.value ?? []].flat(), ...[...form.querySelectorAll<HTMLInputElement>("[name=line]")].map((input) => input.value)].join(" "));
  };
  mountTriage(document.querySelector<HTMLElement>("[data-triage]")!);
});

test("j begins at the first proposal and moves on, k moves back, and neither leaves the list", () => {
  press("j");
  expect(current()).toBe("2");
  press("k");
  press("k");
  expect(current()).toBe("1");
  expect(document.activeElement).toBe(document.querySelector('[data-line="1"]'));
});

test("a accepts the line and goes to the next", () => {
  press("j");
  press("a");
  expect(sent).toEqual(["accept 2"]);
  expect(current()).toBe("3");
});

test("x leaves out, u takes the last step back", () => {
  press("j");
  press("x");
  press("u");
  expect(sent).toEqual(["leave 2", "undo"]);
});

test("the chosen lines may be added to any moment that now stands beside them", () => {
  const moment = (id: string, words: string): string => `<li data-moment="${id}"><span class="num">~14:05</span> <a href="#m-${id}">${words}</a></li>`;
  document.body.insertAdjacentHTML("beforeend", `<form data-chosen="c" hidden><select data-moments-so-far></select></form><ol id="accepted">${moment("m1", "Rolled back")}</ol>`);
  const select = document.querySelector<HTMLSelectElement>("select")!;
  const offered = (): string[] => [...select.options].map((option) => `${option.value} ${option.text}`);
  press("j");
  expect(offered()).toEqual([]);
  press("j", true);
  expect(offered()).toEqual(["m1 ~14:05 Rolled back"]);
  expect(select.form!.hidden).toBe(false);
  document.querySelector("#accepted")!.insertAdjacentHTML("beforeend", moment("m2", "x".repeat(60)));
  select.value = "m1";
  press("j", true);
  expect(offered()[1]).toBe(`m2 ~14:05 ${"x".repeat(39)}…`);
  expect(select.value).toBe("m1");
  document.querySelector("#accepted")!.replaceChildren();
  press("k", true);
  expect(select.form!.hidden).toBe(true);
});

test("Shift and j choose a range, and m makes one moment of it in the order of the page", async () => {
  press("j");
  press("j", true);
  press("j", true);
  expect(chosen()).toEqual(["2", "3", "4"]);
  press("m");
  expect(sent).toEqual(["merge 2 3 4"]);
  await new Promise((done) => setTimeout(done));
  expect(chosen()).toEqual([]);
});

test("a range is accepted as one, each line by its own form", () => {
  press("j");
  press("j", true);
  press("a");
  expect(sent).toEqual(["accept 2", "accept 3"]);
});

test("a range goes through the form for all chosen, where the page has one", () => {
  document.body.insertAdjacentHTML("beforeend", '<form data-chosen="x" data-name="leave all"></form>');
  press("j");
  press("j", true);
  press("x");
  expect(sent).toEqual(["leave all 2 3"]);
});

test("boxes choose single lines, Shift and a click everything up to there", () => {
  for (const line of document.querySelectorAll("[data-line]")) line.insertAdjacentHTML("beforeend", "<input type=checkbox data-choose>");
  document.querySelector<HTMLElement>('[data-line="1"] [data-choose]')!.click();
  document.querySelector<HTMLElement>('[data-line="3"] [data-choose]')!.click();
  expect(chosen()).toEqual(["1", "3"]);
  document.querySelector('[data-line="4"]')!.dispatchEvent(new MouseEvent("click", { shiftKey: true, bubbles: true }));
  expect(chosen()).toEqual(["3", "4"]);
});

test("m without a range sends nothing", () => {
  press("j");
  press("m");
  expect(sent).toEqual([]);
});

test("letters typed into the filter do nothing to the lines", () => {
  press("j");
  press("/");
  expect(document.activeElement).toBe(document.querySelector("[data-triage-filter]"));
  press("a");
  expect(sent).toEqual([]);
});

test("a line the server sends again stays the current one", () => {
  press("j");
  const line = document.querySelector<HTMLElement>('[data-line="2"]')!;
  line.outerHTML = '<li class="line line--taken" data-line="2"></li>';
  document.dispatchEvent(new Event("htmx:afterSettle"));
  expect(current()).toBe("2");
  expect(document.querySelector<HTMLElement>('[data-line="2"]')?.tabIndex).toBe(0);
});

test("exactly one line can be reached by Tab", () => {
  press("j");
  expect([...document.querySelectorAll<HTMLElement>("[data-line]")].filter((line) => line.tabIndex === 0)).toHaveLength(1);
});
