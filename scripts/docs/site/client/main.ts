// What runs in the page. Everything can be read without it: it adds what needs a script.
import { followContents } from "./contents.ts";
import { addCopyButtons } from "./copy.ts";
import { stepThroughFile } from "./evolution.ts";
import { chooseSteps } from "./pair.ts";
import { offerSearch } from "./search-box.ts";
import { switchTheme } from "./theme.ts";

switchTheme();
offerSearch();
addCopyButtons();
followContents();
chooseSteps();
stepThroughFile();
