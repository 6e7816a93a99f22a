/** What the server tells of a review's lanes. Times are milliseconds; evidence is counts by stretches, never by person. */
export interface Lane {
  id: string;
  name: string;
  kind: "role" | "team" | "system";
}

export interface Moment {
  id: string;
  lane: string;
  at: number;
  until: number | null;
  when: "exact" | "about" | "between";
  what: string;
  pivot: boolean;
  differs: boolean;
}

export interface Gap {
  moment: string;
  lane: string;
  since: number;
  at: number;
  how: string;
}

export interface Crowd {
  since: number;
  until: number;
  step: number;
  bins: [number, number][];
  points: number[] | null;
  behind: boolean;
}

export interface Told {
  lanes: Lane[];
  moments: Moment[];
  gaps: Gap[];
  times: { name: string; at: number }[];
  evidence: Crowd | null;
}

export async function fetched<T>(address: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()) as T;
}
