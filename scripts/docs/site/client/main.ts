// What runs in the page. Everything can be read without it: it adds what needs a script.
import { followContents } from "./contents.ts";
import { addCopyButtons } from "./copy.ts";
import { rememberLooks } from "./diffs.ts";
import { stepThroughFile } from "./evolution.ts";
import { markFound } from "./marks.ts";
import { chooseSteps } from "./pair.ts";
import { offerSearch } from "./search-open.ts";
import { switchTheme } from "./theme.ts";
import { offerWrap } from "./wrap.ts";
import { drawYours } from "./yours.ts";

switchTheme();
offerSearch();
addCopyButtons();
offerWrap();
rememberLooks();
followContents();
chooseSteps();
stepThroughFile();
markFound();
drawYours();
