// Loaded when a reader runs a step: see ../run.ts. It includes its own styles.
import styles from "../../theme/apart/play.css?inline";
import type { Player } from "../run.ts";
import { Panel } from "./panel.ts";
import { stepNamed } from "./step.ts";

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets.push(sheet);

const panels = new Map<string, Panel>();

const playStep: Player["playStep"] = (slug) => {
  const panel = panels.get(slug) ?? new Panel(stepNamed(slug));
  panels.set(slug, panel);
  void panel.open();
};
Object.assign(globalThis, { playStep });
