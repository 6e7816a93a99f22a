// @vitest-environment node
import { expect, test } from "vitest";
import tokens from "../src/styles/tokens.css?raw";

const text = 4.5;
const shape = 3;
const surfaces = ["paper", "surface", "sunken", "raised"];
const pairs: [string, string, number][] = [
  ...surfaces.flatMap((on): [string, string, number][] => [["ink", on, 7], ["ink-soft", on, text], ["accent", on, text], ["attention", on, text], ["system", on, text], ["line-strong", on, shape]]),
  ["on-accent", "accent", text],
  ["on-accent", "accent-strong", text],
  ["accent-strong", "accent-wash", text],
  ["ink-soft", "accent-wash", text],
  ["attention", "attention-wash", text],
  ["ink", "attention-wash", 7],
  ["ink-soft", "attention-wash", text],
  ["system", "system-wash", text],
  ["added-ink", "added", text],
  ["removed-ink", "removed", text],
  ["ink", "mark", 7],
  ["paper", "ink", 7],
];

function colour(name: string, theme: 0 | 1): number[] {
  const both = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(tokens);
  const hex = both?.[theme + 1] ?? "";
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function luminance(rgb: number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number[], other: number[]): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

for (const [theme, at] of [["light", 0], ["dark", 1]] as const) {
  test.each(pairs)(`${theme}: %s on %s is at least %d : 1`, (front, back, least) => {
    expect(contrast(colour(front, at), colour(back, at))).toBeGreaterThanOrEqual(least);
  });
}
