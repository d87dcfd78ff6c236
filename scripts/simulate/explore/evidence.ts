// Evidence in the accounts of the actors: each function here looks for one kind of fault.
import type { Account } from "./actor.ts";
import { windowsOf } from "./windows.ts";

/** A line that came back to its sender changed, twice, or too early. */
export function misheard(
  { label, seen, said }: Account,
  step: number,
): string | undefined {
  if (step === 7) return undefined;
  const own = new Set(said.map(({ line }) => line));
  const parts = step < 9 ? ` ${label} ` : undefined;
  const back = seen.filter((line) => own.has(line));
  for (const [index, line] of back.entries()) {
    if (line !== said[index]?.line) return `${label} sees "${line}" twice, or too early`;
  }
  if (step > 6 || parts === undefined) return undefined;
  const other = seen.find((line) => line.startsWith(`${label} `) && !own.has(line));
  return other && `${label} sees "${other}"`;
}

/** A line in main that came back to its sender but never reached the witness. */
export function unheard(accounts: readonly Account[]): string | undefined {
  const [witness, ...others] = accounts;
  if (witness === undefined || witness.cut || witness.missed) return undefined;
  const all = new Set(witness.seen);
  return first(others, ({ label, seen }) => {
    const line = seen.find(
      (one) => isSaidBy(label, one) && one.includes(" in main") && !all.has(one),
    );
    return line && `${witness.label} does not see "${line}"`;
  });
}

function isSaidBy(label: string, line: string): boolean {
  return new RegExp(`^(?:\\S+: )?${label} \\d+ in `).test(line);
}

/** Two clients that had the same name at the same time. */
export function twins(accounts: readonly Account[]): string | undefined {
  for (const [index, one] of accounts.entries()) {
    for (const other of accounts.slice(index + 1)) {
      for (const a of one.names) {
        const b = other.names.find(
          ({ name, from, to }) => name === a.name && from < a.to && a.from < to,
        );
        if (b) return `${one.label} and ${other.label} are both ${a.name}`;
      }
    }
  }
  return undefined;
}

/** A user who was seen to join main but not to leave, and is not there at the end. */
export function ghosts(accounts: readonly Account[], step: number): string | undefined {
  const [witness] = accounts;
  if (witness === undefined || witness.cut || witness.missed) return undefined;
  const there = new Set<string>();
  for (const line of windowsOf([witness], step)[0]?.lines ?? []) {
    const [, name = "", what, to = ""] =
      /^([\w-]+) (joined|left|is now)(?: ([\w-]+))?$/.exec(line) ?? [];
    if (what === "joined") there.add(name);
    if (what === "left" || what === "is now") there.delete(name);
    if (what === "is now") there.add(to);
  }
  for (const { names, moves, parting, cut } of accounts) {
    const room = moves.at(-1)?.room;
    if (parting === "stays" && !cut && room === "main")
      there.delete(names.at(-1)?.name ?? "");
  }
  const [ghost] = there;
  return ghost && `${witness.label} sees ${ghost} come to main, and never go`;
}

export function first(
  accounts: readonly Account[],
  find: (account: Account) => string | undefined,
): string | undefined {
  for (const account of accounts) {
    const how = find(account);
    if (how !== undefined) return how;
  }
  return undefined;
}

export function errorIn(output: string): string {
  return /^(?:\w*Error|.*Error): .*$/m.exec(output)?.[0] ?? "without a word";
}
