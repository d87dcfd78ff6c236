// Loaded on first use: see on-demand.ts. It includes its own styles.
import styles from "../theme/apart/dialogs.css?inline";
import { fadeEdges } from "./fades.ts";
import { showKeys } from "./keys-dialog.ts";
import { markFound } from "./marks.ts";
import type { Extras } from "./on-demand.ts";
import { SearchBox } from "./search-box.ts";

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets.push(sheet);

let box: SearchBox | undefined;
const openSearch = () => {
  box ??= new SearchBox();
  box.open();
};
const siteExtras: Extras = { openSearch, showKeys, markFound, fadeEdges };
Object.assign(globalThis, { siteExtras });
