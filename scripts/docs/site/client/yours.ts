// A result of `just check --json`, chosen or dropped on the page of the behaviours: drawn
// as another column of the matrix.

type Verdict = "holds" | "fails" | "defect" | "cured" | "unclear" | "not run";

/** The format written by scripts/check/json.ts. */
interface ResultFile {
  readonly check: 1;
  readonly server: string;
  readonly behaviours: readonly Entry[];
}

interface Entry {
  readonly id: string;
  readonly verdict: Verdict;
}

/** The sign of each verdict, and its class. */
const SIGNS: Readonly<Record<Verdict, readonly [sign: string, look: string]>> = {
  holds: ["✓", "new"],
  fails: ["✗", "defect"],
  defect: ["!", "defect"],
  cured: ["+", "new"],
  unclear: ["?", ""],
  "not run": ["–", ""],
};

export function drawYours(): void {
  const form = document.querySelector<HTMLFormElement>(".yours");
  const table = document.querySelector<HTMLTableElement>(".matrix");
  const input = form?.querySelector("input");
  const output = form?.querySelector("output");
  if (!form || !table || !input || !output) return;

  const take = async (file: File | undefined) => {
    if (!file) return;
    const result = read(await file.text());
    if (result === undefined) {
      output.textContent = `Cannot read ${file.name}: it is not a result of just check --json`;
      return;
    }
    draw(table, result);
    output.textContent = summary(result);
  };
  input.addEventListener("change", async () => {
    try {
      await take(input.files?.[0]);
    } finally {
      // So that choosing the same file again, rewritten, counts as a change.
      input.value = "";
    }
  });
  // Anywhere on the page, because otherwise the browser would open a dropped file.
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    void take(event.dataTransfer?.files[0]);
  });
}

function read(text: string): ResultFile | undefined {
  try {
    const file = JSON.parse(text) as ResultFile;
    const isWhole =
      file.check === 1 &&
      typeof file.server === "string" &&
      Array.isArray(file.behaviours) &&
      file.behaviours.every(isEntry);
    return isWhole ? file : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(entry: unknown): entry is Entry {
  const { id, verdict } = (entry ?? {}) as Partial<Entry>;
  return typeof id === "string" && verdict !== undefined && Object.hasOwn(SIGNS, verdict);
}

function draw(table: HTMLTableElement, { server, behaviours }: ResultFile): void {
  const verdicts = new Map(behaviours.map(({ id, verdict }) => [id, verdict]));
  for (const old of table.querySelectorAll(".mine")) old.remove();
  for (const row of table.rows) {
    const cell = row.matches("thead tr")
      ? head(server)
      : row.id
        ? mark(verdicts.get(row.id))
        : blank();
    row.cells[0]?.after(cell);
  }
}

function head(server: string): HTMLElement {
  const cell = document.createElement("th");
  cell.scope = "col";
  cell.className = "mine";
  cell.title = server;
  cell.textContent = "yours";
  return cell;
}

function mark(verdict: Verdict | undefined): HTMLElement {
  const cell = blank();
  const known = verdict && SIGNS[verdict];
  if (!known) return cell;
  const [sign, look] = known;
  cell.classList.add("mark", ...(look ? [look] : []));
  const shown = document.createElement("span");
  shown.ariaHidden = "true";
  shown.textContent = sign;
  const said = document.createElement("span");
  said.className = "unseen";
  said.textContent = verdict === "defect" ? "has this defect" : verdict;
  cell.append(shown, said);
  return cell;
}

function blank(): HTMLElement {
  const cell = document.createElement("td");
  cell.className = "mine";
  return cell;
}

function summary({ server, behaviours }: ResultFile): string {
  const count = (wanted: Verdict) =>
    behaviours.filter(({ verdict }) => verdict === wanted).length;
  const defects = count("defect");
  const more =
    defects === 0 ? "" : `, ${defects} known ${defects === 1 ? "defect" : "defects"}`;
  return `${server}: ${count("holds")} hold, ${count("fails")} fail${more}`;
}
